// SPDX-License-Identifier: GPL-2.0-or-later
package import ISDN
import RTP

/// The other half of an RTP stream, as a value: counts what comes and puts it on a time axis of ours.
package struct RTPRecorder: Sendable {
    /// One sender's packets, from its beginning or from its starting anew.
    private struct Stretch: Sendable {
        var source: UInt32
        var tracker: SequenceTracker
        var firstTimestamp: UInt32
        /// When the first sample would have come if no packet had been held up: nanoseconds.
        var start: Int64
        var audio: [(offset: Int, samples: [Int16])] = []
    }

    private static let maximumSamples = 8_000 * 600
    private static let maximumStretches = 32

    private let payloadType: UInt8
    private let law: G711Law
    private let telephoneEventType: UInt8?
    private var stretches: [Stretch] = []
    private var lastEvent: UInt32?

    package private(set) var packetCount: UInt64 = 0
    package private(set) var malformedCount: UInt64 = 0
    /// Digits that came as RFC 4733 events.
    package private(set) var digits = ""

    package init(law: G711Law, payloadType: UInt8, telephoneEventType: UInt8?) {
        self.law = law
        self.payloadType = payloadType
        self.telephoneEventType = telephoneEventType
    }

    package var lostCount: UInt64 { stretches.reduce(0) { $0 + $1.tracker.lost } }

    /// - Parameter arrival: nanoseconds of a clock of ours.
    package mutating func receive(_ datagram: [UInt8], arrival: UInt64) {
        guard case .packet(let header, let offset, let count) = RTPPacket.parse(datagram.span),
            header.payloadType == payloadType || header.payloadType == telephoneEventType
        else {
            malformedCount += 1
            return
        }
        packetCount += 1
        guard let index = stretch(for: header, arrival: arrival) else { return }
        let payload = Array(datagram[offset..<(offset + count)])
        if header.payloadType == telephoneEventType {
            receiveEvent(payload, header)
        } else {
            receiveAudio(payload, header, arrival: arrival, stretch: index)
        }
    }

    /// The stretch a packet belongs to; nil for one that is out of order beyond belief.
    private mutating func stretch(for header: RTPHeader, arrival: UInt64) -> Int? {
        if let index = stretches.indices.last, stretches[index].source == header.synchronizationSource {
            switch stretches[index].tracker.receive(header.sequence) {
            case .next, .late: return index
            case .suspect: return nil
            case .restarted: break
            }
        }
        guard stretches.count < Self.maximumStretches else { return nil }
        stretches.append(
            Stretch(
                source: header.synchronizationSource, tracker: SequenceTracker(first: header.sequence),
                firstTimestamp: header.timestamp, start: Int64(clamping: arrival)))
        return stretches.count - 1
    }

    private mutating func receiveAudio(_ payload: [UInt8], _ header: RTPHeader, arrival: UInt64, stretch: Int) {
        let offset = Int(Int32(bitPattern: header.timestamp &- stretches[stretch].firstTimestamp))
        guard abs(offset) < Self.maximumSamples else { return }
        // A packet comes when it can, never before: the earliest of them all tells the time of each.
        let start = Int64(clamping: arrival) - Int64(offset) * 125_000
        stretches[stretch].start = min(stretches[stretch].start, start)
        stretches[stretch].audio.append((offset, payload.map { law == .aLaw ? ALaw.decode($0) : MuLaw.decode($0) }))
    }

    /// Each event has one timestamp, however many packets it has.
    private mutating func receiveEvent(_ payload: [UInt8], _ header: RTPHeader) {
        guard let event = TelephoneEvent.parse(payload.span), let digit = DTMFDigit(rawValue: event.event),
            lastEvent != header.timestamp, digits.utf8.count < 256
        else { return }
        lastEvent = header.timestamp
        digits.append(Character(Unicode.Scalar(digit.ascii)))
    }

    /// The audio with its first sample at this time; what came before is left out, and what never came is silence.
    package func samples(from time: UInt64) -> [Int16] {
        var result: [Int16] = []
        for stretch in stretches {
            let begin = Int((stretch.start - Int64(clamping: time)) / 125_000)
            for piece in stretch.audio {
                let start = begin + piece.offset
                let end = start + piece.samples.count
                guard end > 0, end <= Self.maximumSamples else { continue }
                if result.count < end { result += repeatElement(0, count: end - result.count) }
                for (index, sample) in piece.samples.enumerated() where start + index >= 0 {
                    result[start + index] = sample
                }
            }
        }
        return result
    }
}
