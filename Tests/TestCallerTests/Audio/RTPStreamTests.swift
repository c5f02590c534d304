// SPDX-License-Identifier: GPL-2.0-or-later
import ISDN
import RTP
import TestCaller
import Testing

/// The two halves of the stream, one feeding the other in virtual time.
@Suite struct RTPStreamTests {
    private static let packetTime: UInt64 = 20_000_000
    private static let start: UInt64 = 1_000_000_000

    private func makeSender(
        _ law: G711Law = .aLaw, events: UInt8? = 101, samples: [Int16] = MarkerSignal.samples(count: 8_000),
        digits: String = "", sequence: UInt16 = 65_530, timestamp: UInt32 = .max - 500
    ) -> RTPSender {
        RTPSender(
            law: law, payloadType: law == .aLaw ? 8 : 0, telephoneEventType: events, source: 0xABCD, sequence: sequence,
            timestamp: timestamp, samples: samples, digits: digits, digitsAfterPackets: 2)
    }

    private func makeRecorder(_ law: G711Law = .aLaw) -> RTPRecorder {
        RTPRecorder(law: law, payloadType: law == .aLaw ? 8 : 0, telephoneEventType: 101)
    }

    private func decoded(_ samples: [Int16], _ law: G711Law) -> [Int16] {
        samples.map { law == .aLaw ? ALaw.decode(ALaw.encode($0)) : MuLaw.decode(MuLaw.encode($0)) }
    }

    @Test("What is sent is recorded at the time it came, over the turn of both counters", arguments: G711Law.allCases)
    func recorded(law: G711Law) {
        var sender = makeSender(law)
        var recorder = makeRecorder(law)
        for packet in 0..<50 {
            recorder.receive(sender.next(), arrival: Self.start + UInt64(packet) * Self.packetTime + 5_000_000)
        }
        let samples = recorder.samples(from: Self.start)
        #expect(samples.prefix(40) == ArraySlice(repeating: 0, count: 40))
        #expect(Array(samples.dropFirst(40)) == decoded(sender.sent, law))
        #expect(recorder.packetCount == 50)
        #expect(recorder.lostCount == 0)
    }

    @Test("Packets that are held up do not move the audio")
    func jitter() {
        var sender = makeSender()
        var recorder = makeRecorder()
        for packet in 0..<50 {
            // Each is late by up to 60 ms, but for one.
            let delay = packet == 20 ? 0 : UInt64(packet * 7 % 60 + 1) * 1_000_000
            recorder.receive(sender.next(), arrival: Self.start + UInt64(packet) * Self.packetTime + delay)
        }
        #expect(recorder.samples(from: Self.start) == decoded(sender.sent, .aLaw))
    }

    @Test("Lost packets are counted and are silence; those out of order find their place")
    func lossAndReordering() {
        var sender = makeSender()
        var recorder = makeRecorder()
        var packets = (0..<50).map { ($0, sender.next()) }
        packets.remove(at: 30)
        packets.swapAt(10, 12)
        for (index, packet) in packets {
            recorder.receive(packet, arrival: Self.start + UInt64(index) * Self.packetTime)
        }
        var expected = decoded(sender.sent, .aLaw)
        expected.replaceSubrange(4_800..<4_960, with: repeatElement(0, count: 160))
        #expect(recorder.lostCount == 1)
        #expect(recorder.samples(from: Self.start) == expected)
    }

    @Test("A stream that begins anew is recorded where it comes")
    func newSource() {
        var recorder = makeRecorder()
        for (half, source) in [UInt32(1), 2].enumerated() {
            var sender = RTPSender(
                law: .aLaw, payloadType: 8, telephoneEventType: nil, source: source, sequence: UInt16(half * 9_000),
                timestamp: UInt32(half) * 77_777_777, samples: MarkerSignal.samples(count: 1_600))
            for packet in 0..<10 {
                recorder.receive(sender.next(), arrival: Self.start + UInt64(half * 10 + packet) * Self.packetTime)
            }
        }
        let once = decoded(MarkerSignal.samples(count: 1_600), .aLaw)
        #expect(recorder.samples(from: Self.start) == once + once)
    }

    @Test("Digits travel as events and are counted once each", arguments: ["1", "11", "0123456789*#ABCD"])
    func events(digits: String) {
        var sender = makeSender(digits: digits)
        var recorder = makeRecorder()
        for packet in 0..<300 { recorder.receive(sender.next(), arrival: UInt64(packet) * Self.packetTime) }
        #expect(recorder.digits == digits)
        #expect(recorder.lostCount == 0)
        #expect(recorder.malformedCount == 0)
    }

    @Test("An event is RFC 4733's: one timestamp, a duration that grows, three ends")
    func eventForm() {
        var sender = makeSender(digits: "5")
        var events: [(header: RTPHeader, event: TelephoneEvent)] = []
        for _ in 0..<20 {
            let packet = sender.next()
            guard case .packet(let header, let offset, _) = RTPPacket.parse(packet.span), header.payloadType == 101,
                let event = TelephoneEvent.parse(packet.span.extracting(offset...))
            else { continue }
            events.append((header, event))
        }
        #expect(events.map(\.event.duration) == [160, 320, 480, 640, 800, 800, 800])
        #expect(events.map(\.event.end) == [false, false, false, false, true, true, true])
        #expect(events.map(\.header.marker) == [true] + Array(repeating: false, count: 6))
        #expect(Set(events.map(\.header.timestamp)).count == 1)
    }

    @Test("Without events digits are tones in the audio")
    func tones() {
        var sender = makeSender(events: nil, samples: [], digits: "5")
        for _ in 0..<20 { _ = sender.next() }
        let tone = sender.sent.dropFirst(320).prefix(800)
        #expect(abs((AudioLevel.dBm0(tone) ?? 0) + 6) < 0.3)
        #expect(AudioLevel.dBm0(sender.sent.prefix(320)) == nil)
        #expect(AudioLevel.dBm0(sender.sent.dropFirst(1_120)) == nil)
    }

    @Test("Rubbish on the port is counted and changes nothing")
    func rubbish() {
        var recorder = makeRecorder()
        var state: UInt64 = 1
        var other = makeSender(.muLaw)
        recorder.receive(other.next(), arrival: 0)
        for length in 0..<200 {
            let octets = (0..<length).map { _ -> UInt8 in
                state = state &* 6_364_136_223_846_793_005 &+ 1
                // Version 1: never RTP.
                return UInt8(truncatingIfNeeded: state >> 40) & 0x3F | 0x40
            }
            recorder.receive(octets, arrival: 0)
        }
        #expect(recorder.malformedCount == 201)
        #expect(recorder.samples(from: 0).isEmpty)
    }

    @Test("Hostile timestamps and sequence numbers neither trap nor take memory")
    func hostile() {
        var recorder = makeRecorder()
        var state: UInt64 = 3
        for packet in 0..<2_000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1
            var sender = RTPSender(
                law: .aLaw, payloadType: 8, telephoneEventType: nil, source: UInt32(state >> 62),
                sequence: UInt16(truncatingIfNeeded: state >> 30), timestamp: UInt32(truncatingIfNeeded: state >> 20),
                samples: [1_000])
            recorder.receive(sender.next(), arrival: UInt64(packet) * Self.packetTime)
        }
        #expect(recorder.samples(from: 0).count <= 8_000 * 600)
        #expect(recorder.packetCount == 2_000)
    }
}
