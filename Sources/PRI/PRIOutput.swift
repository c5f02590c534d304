// SPDX-License-Identifier: GPL-2.0-or-later
package import ISDN
package import LineProtocol
package import Spans

/// What libpri's thread is asked to do.
package enum PRICommand: Sendable {
    /// A span with its D channel; again for one that exists, its calls stay when role and switch type do.
    case configure(SpanConfiguration, any DChannel, any SpanMonitor)
    case setup(LegID, SetupRequest)
    case send(LegID, OutgoingCallMessage)
    case clear(LegID, Cause)
    case restart(ChannelID)
    /// Clears every call that is not connected; answered by `cleared`.
    case clearUnanswered(Cause)
    /// Clears every call; answered by `cleared`.
    case clearAll(Cause)
    /// Answered by `snapshot` with the same token, in its place among the events.
    case snapshot(token: UInt64)
}

/// What libpri's thread says, in order.
package enum PRIOutput: Sendable {
    /// One of the spans' and ISDN's events. The media facts of `ended` are filled in by others.
    case event(LineEvent)
    /// A LAPD frame without FCS, as it came or went.
    case frame(SpanID, FrameDirection, [UInt8])
    case log(LogLevel, String)
    /// A leg holds a B channel from here on; always before the event that names it.
    case channelOpened(LegID, ChannelID)
    /// The leg's channel is free again; before its `ended`.
    case channelClosed(LegID, ChannelID)
    case cleared(count: Int)
    case snapshot(token: UInt64, PRISnapshot)
}

/// Everything at once, for a control program that attaches.
package struct PRISnapshot: Sendable {
    package var spans: [(configuration: SpanConfiguration, state: SpanState)] = []
    package var channels: [(channel: ChannelID, state: ChannelState, leg: LegID?)] = []
    /// Without endpoint and memo, which others know.
    package var legs: [LegSnapshot] = []
}

/// Where the outputs go. Called on libpri's thread, a batch after each turn.
package protocol PRISink: AnyObject, Sendable {
    func take(_ outputs: [PRIOutput])
}
