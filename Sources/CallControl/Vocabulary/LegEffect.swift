// SPDX-License-Identifier: GPL-2.0-or-later
package import LineProtocol

/// What a leg machine wants done, in order.
package enum LegEffect: Hashable, Sendable {
    case report(LegEvent)
    case sip(SIPLegAction)
    case line(LineCommand)
    /// The leg's RTP endpoint is to send and receive like this, from now on.
    case media(EndpointParameters)
    /// A sentence for the ladder.
    case note(String)
}
