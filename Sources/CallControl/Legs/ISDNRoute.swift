// SPDX-License-Identifier: GPL-2.0-or-later
package import ISDN
package import LineProtocol

/// Where on the line a call goes, and how it is asked for: the verdict of routing.
package struct ISDNRoute: Hashable, Sendable {
    /// Tried in this order.
    package var spans: [SpanID]
    package var called: PartyNumber
    /// Nil: as the caller asked.
    package var bearer: BearerCapability?
    package var timers: CallTimers

    package init(
        spans: [SpanID], called: PartyNumber, bearer: BearerCapability? = nil, timers: CallTimers = CallTimers()
    ) {
        self.spans = spans
        self.called = called
        self.bearer = bearer
        self.timers = timers
    }
}
