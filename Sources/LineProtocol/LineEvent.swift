// SPDX-License-Identifier: GPL-2.0-or-later

/// What the line program says on the call lane.
package enum LineEvent: Hashable, Sendable {
    // Session
    case welcome(version: UInt16, bootID: UInt64)
    /// The hello or a command was not taken; the sentence is for people. A refused hello is followed by the end of the lane.
    case refused(RefusedCommand, reason: String)
    case spanSnapshot(SpanConfiguration, SpanState)
    case channelSnapshot(ChannelID, ChannelState, LegID?)
    case legSnapshot(LegSnapshot)
    case snapshotEnd

    // Spans
    case spanState(SpanID, SpanState)
    case channelState(ChannelID, ChannelState, LegID?)

    // ISDN
    case incoming(LegID, IncomingCall)
    case received(LegID, ReceivedCallMessage)
    /// The SETUP went out on this channel.
    case seized(LegID, ChannelID)
    /// Both sides took the channel at once; the network side's call stays (Q.931 section 5.7).
    case glare(LegID, ChannelID)
    case timerExpired(LegID, CallTimer)
    case ended(LegID, EndReport)

    // Media
    case granted([GrantedEndpoint])
    /// The first packet on an endpoint that was opened.
    case firstPacket(EndpointID)
    case digit(MediaPort, digit: UInt8, milliseconds: UInt16, DigitSource)
    /// A `Playback.file` that does not repeat, or digits, came to their end.
    case played(MediaPort)
}

/// Which command was refused.
package enum RefusedCommand: Hashable, Sendable {
    case hello
    case memo(LegID)
    case span(SpanID)
    case channel(ChannelID)
    case leg(LegID)
    case endpoint(EndpointID)
    case rtp
    /// It could not be decoded.
    case unreadable
}

/// An event as the lane carries it.
package struct NumberedEvent: Hashable, Sendable {
    /// From 1 in each life of the line program; snapshot events and `welcome` and `refused` are numbered 0.
    package var sequence: UInt64
    package var monotonicNanoseconds: UInt64
    /// Since 1970.
    package var wallNanoseconds: UInt64
    package var event: LineEvent

    package init(sequence: UInt64, monotonicNanoseconds: UInt64, wallNanoseconds: UInt64, event: LineEvent) {
        self.sequence = sequence
        self.monotonicNanoseconds = monotonicNanoseconds
        self.wallNanoseconds = wallNanoseconds
        self.event = event
    }
}
