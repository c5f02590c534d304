// SPDX-License-Identifier: GPL-2.0-or-later

/// A B channel.
package struct ChannelView: Sendable, Codable, Hashable {
    package var span: String
    package var timeslot: Int
    /// `idle`, `setting-up`, `connected`, `clearing`, `restarting`, `unavailable`.
    package var state: String
    package var call: UInt32?
    /// Wall-clock nanoseconds since 1970; 0 when it is not known.
    package var since: UInt64

    package init(span: String, timeslot: Int, state: String, call: UInt32?, since: UInt64) {
        self.span = span
        self.timeslot = timeslot
        self.state = state
        self.call = call
        self.since = since
    }
}
