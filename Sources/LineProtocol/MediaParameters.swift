// SPDX-License-Identifier: GPL-2.0-or-later
package import ISDN

/// How one RTP endpoint sends and receives; sent again whole when an offer or answer changes it.
package struct EndpointParameters: Hashable, Sendable {
    /// Nil until the peer's address is known.
    package var remote: TransportAddress?
    package var law: G711Law
    /// The RTP payload type of the audio, the same both ways for G.711's static types, but told apart for dynamic ones.
    package var sendPayloadType: UInt8
    package var receivePayloadType: UInt8
    /// RFC 4733 telephone-event payload types; nil: digits travel in the audio.
    package var sendTelephoneEventType: UInt8?
    package var receiveTelephoneEventType: UInt8?
    /// 10 to 60 in steps of 10.
    package var packetMilliseconds: UInt8
    /// The fixed delay of the jitter buffer.
    package var jitterMilliseconds: UInt16
    /// Whether we send and whether the peer does (hold).
    package var sending: Bool
    package var receiving: Bool

    package init(
        remote: TransportAddress? = nil, law: G711Law, sendPayloadType: UInt8, receivePayloadType: UInt8,
        sendTelephoneEventType: UInt8? = nil, receiveTelephoneEventType: UInt8? = nil, packetMilliseconds: UInt8 = 20,
        jitterMilliseconds: UInt16 = 40, sending: Bool = true, receiving: Bool = true
    ) {
        self.remote = remote
        self.law = law
        self.sendPayloadType = sendPayloadType
        self.receivePayloadType = receivePayloadType
        self.sendTelephoneEventType = sendTelephoneEventType
        self.receiveTelephoneEventType = receiveTelephoneEventType
        self.packetMilliseconds = packetMilliseconds
        self.jitterMilliseconds = jitterMilliseconds
        self.sending = sending
        self.receiving = receiving
    }
}

/// Which way audio flows over a bridge from its first port to its second.
package enum BridgeDirection: UInt8, Hashable, Sendable, CaseIterable {
    case both
    case firstToSecond
    case secondToFirst
}

/// What is played into a port in place of the bridge's audio.
package enum Playback: Hashable, Sendable {
    /// Nothing: the bridge's audio again, or silence without a bridge.
    case none
    case tone(Tone)
    /// 8 kHz mono 16-bit WAV, once or again and again.
    case file(path: String, repeats: Bool)
}

/// The tones this gateway plays (ITU-T E.180 and Q.35; the values of Europe).
package enum Tone: UInt8, Hashable, Sendable, CaseIterable, BitwiseCopyable {
    case ringback
    case busy
    case congestion
    /// 1004 Hz at 0 dBm0.
    case milliwatt
}

/// Where a digit was heard.
package enum DigitSource: UInt8, Hashable, Sendable, CaseIterable, BitwiseCopyable {
    case inband
    case rfc4733
}

/// What one leg's media did; counted from the opening of its port.
package struct MediaFacts: Hashable, Sendable {
    package var packetsReceived: UInt64 = 0
    package var packetsSent: UInt64 = 0
    /// Never came, or came too late to play.
    package var packetsLost: UInt64 = 0
    package var packetsLate: UInt64 = 0
    package var packetsDuplicate: UInt64 = 0
    package var packetsReordered: UInt64 = 0
    package var packetsMalformed: UInt64 = 0
    /// Milliseconds of audio towards the line made up because none had come.
    package var concealedMilliseconds: UInt64 = 0
    /// Times the jitter buffer started anew after running dry or over.
    package var bufferResets: UInt64 = 0
    package var digitsFromLine: UInt64 = 0
    package var digitsFromRTP: UInt64 = 0

    package init() {}
}
