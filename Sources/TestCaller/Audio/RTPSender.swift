// SPDX-License-Identifier: GPL-2.0-or-later
import Foundation
package import ISDN
import RTP

/// Our half of an RTP stream, as a value: one packet for every 20 ms, audio or an RFC 4733 event.
package struct RTPSender: Sendable {
    package static let samplesPerPacket = 160
    /// A digit lasts 100 ms; its last packet is sent twice more, and 60 ms of audio follow.
    private static let packetsPerDigit = 5
    private static let endRepeats = 2
    private static let pausePackets = 3

    private let law: G711Law
    private let payloadType: UInt8
    private let telephoneEventType: UInt8?
    private let source: UInt32
    private var sequence: UInt16
    private var timestamp: UInt32
    private let samples: [Int16]
    private var position = 0
    private var isFirst = true
    private var digits: [DTMFDigit]
    private var untilDigits: Int
    /// Packets of the digit that is being sent.
    private var digitPackets = 0
    private var digitTimestamp: UInt32 = 0

    /// What was sent as audio, 160 samples for every packet; silence where an event took its place.
    package private(set) var sent: [Int16] = []
    package private(set) var packetCount: UInt64 = 0

    /// - Parameters:
    ///   - telephoneEventType: nil sends digits as tones.
    ///   - digits: others than 0–9 * # A–D are left out.
    ///   - digitsAfterPackets: how many packets of audio come before the first digit.
    package init(
        law: G711Law, payloadType: UInt8, telephoneEventType: UInt8?, source: UInt32, sequence: UInt16,
        timestamp: UInt32, samples: [Int16], digits: String = "", digitsAfterPackets: Int = 50
    ) {
        self.law = law
        self.payloadType = payloadType
        self.telephoneEventType = telephoneEventType
        self.source = source
        self.sequence = sequence
        self.timestamp = timestamp
        self.samples = samples
        self.digits = digits.utf8.compactMap { DTMFDigit.from(ascii: $0) }
        untilDigits = digitsAfterPackets
    }

    /// The next packet; after the samples there is silence.
    package mutating func next() -> [UInt8] {
        let audio = (0..<Self.samplesPerPacket).map { position + $0 < samples.count ? samples[position + $0] : 0 }
        position += Self.samplesPerPacket
        defer { timestamp &+= UInt32(Self.samplesPerPacket) }
        guard let digit = digits.first, untilDigits == 0 else {
            untilDigits = max(0, untilDigits - 1)
            return audioPacket(audio)
        }
        if digitPackets == 0 { digitTimestamp = timestamp }
        digitPackets += 1
        let packet: [UInt8]
        if let telephoneEventType {
            packet = eventPacket(digit, telephoneEventType)
        } else {
            packet = audioPacket(tone(digit))
        }
        let length = Self.packetsPerDigit + (telephoneEventType == nil ? 0 : Self.endRepeats)
        if digitPackets == length {
            digits.removeFirst()
            digitPackets = 0
            untilDigits = Self.pausePackets
        }
        return packet
    }

    private mutating func audioPacket(_ audio: [Int16]) -> [UInt8] {
        let header = RTPHeader(
            marker: isFirst, payloadType: payloadType, sequence: nextSequence(), timestamp: timestamp,
            synchronizationSource: source)
        isFirst = false
        sent += audio
        return Self.octets(header) + audio.map { law == .aLaw ? ALaw.encode($0) : MuLaw.encode($0) }
    }

    /// RFC 4733 2.5.1: the timestamp of the beginning, a duration that grows, and the end said three times.
    private mutating func eventPacket(_ digit: DTMFDigit, _ type: UInt8) -> [UInt8] {
        let header = RTPHeader(
            marker: digitPackets == 1, payloadType: type, sequence: nextSequence(), timestamp: digitTimestamp,
            synchronizationSource: source)
        sent += repeatElement(0, count: Self.samplesPerPacket)
        let duration = min(digitPackets, Self.packetsPerDigit) * Self.samplesPerPacket
        let event = TelephoneEvent(
            event: digit.rawValue, end: digitPackets >= Self.packetsPerDigit, duration: UInt16(duration))
        var packet = Self.octets(header) + [0, 0, 0, 0]
        var span = packet.mutableSpan
        _ = event.write(into: &span, at: RTPHeader.octetCount)
        return packet
    }

    /// Both frequencies at -9 dBm0 each (ITU-T Q.24 has receivers take -3 to -24).
    private func tone(_ digit: DTMFDigit) -> [Int16] {
        let amplitude = AudioLevel.amplitude(dBm0: -9)
        let (low, high) = digit.frequencies
        return (0..<Self.samplesPerPacket).map { index in
            let time = Double((digitPackets - 1) * Self.samplesPerPacket + index) / 8_000
            let value = sin(2 * Double.pi * Double(low) * time) + sin(2 * Double.pi * Double(high) * time)
            return Int16(clamping: Int(amplitude * value))
        }
    }

    private mutating func nextSequence() -> UInt16 {
        defer { sequence &+= 1 }
        packetCount += 1
        return sequence
    }

    private static func octets(_ header: RTPHeader) -> [UInt8] {
        var octets = [UInt8](repeating: 0, count: RTPHeader.octetCount)
        var span = octets.mutableSpan
        _ = header.write(into: &span)
        return octets
    }
}
