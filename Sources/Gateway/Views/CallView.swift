// SPDX-License-Identifier: GPL-2.0-or-later

/// A call that is up, as `show calls` and the API give it. Times are wall-clock nanoseconds since 1970.
package struct CallView: Sendable, Codable, Hashable {
    package var call: UInt32
    /// `setting-up`, `ringing`, `connected`, `held`, `clearing`.
    package var state: String
    /// Names of the trunk or span it came from and goes to.
    package var from: String
    package var to: String
    package var caller: String
    package var called: String
    /// Span and timeslot, as `carrier-a/17`; empty while it has none.
    package var channel: String
    package var codec: String
    package var started: UInt64
    package var answered: UInt64?

    package init(
        call: UInt32, state: String, from: String, to: String, caller: String, called: String, channel: String,
        codec: String, started: UInt64, answered: UInt64?
    ) {
        self.call = call
        self.state = state
        self.from = from
        self.to = to
        self.caller = caller
        self.called = called
        self.channel = channel
        self.codec = codec
        self.started = started
        self.answered = answered
    }
}
