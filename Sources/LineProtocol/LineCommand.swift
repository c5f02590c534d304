// SPDX-License-Identifier: GPL-2.0-or-later
package import ISDN

/// What the control program says on the call lane. Commands name their leg and may be said twice.
package enum LineCommand: Hashable, Sendable {
    // Session
    /// The first word: the versions spoken and the epoch, which must be above every one seen.
    case hello(versions: [UInt16], epoch: UInt32)
    /// Asks for the snapshot and then every event after this number.
    case attach(lastEvent: UInt64)
    /// Events up to and with this number need not be kept.
    case acknowledge(event: UInt64)
    /// Crash-safe state of the call this ISDN leg belongs to, at most 8,192 octets; replaces what was there. Empty: forgets it.
    case memo(LegID, [UInt8])
    /// The control program leaves; calls that are up go on.
    case detach
    /// The line program ends; with `drain` only when the last call has ended.
    case shutdown(drain: Bool)

    // Spans
    case configure(SpanConfiguration)
    /// RESTART of one B channel (Q.931 section 5.5).
    case restart(ChannelID)

    // ISDN
    case setup(LegID, SetupRequest)
    case send(LegID, OutgoingCallMessage)
    /// Clears the call, whatever its state, with the message its state asks for.
    case clear(LegID, Cause)

    // Media
    /// Where RTP endpoints are bound. Comes before the first `wantEndpoints`.
    case rtp(bind: IPAddress, firstPort: UInt16, lastPort: UInt16)
    /// How many unused endpoints should be granted and waiting.
    case wantEndpoints(UInt16)
    case open(EndpointID, EndpointParameters)
    case close(EndpointID)
    case bridge(MediaPort, MediaPort, BridgeDirection)
    case unbridge(MediaPort)
    case play(MediaPort, Playback)
    /// Digits in the audio of a B channel, or as RFC 4733 events on an endpoint that has them: 0–9 * # A–D.
    case digits(MediaPort, String)
    /// Whether digits heard in a channel's audio are reported with no bridge needing them.
    case detectDigits(LegID, Bool)
    /// The channel's audio comes back to it after this long; 0 ends it.
    case echo(LegID, delayMilliseconds: UInt16)
}
