// SPDX-License-Identifier: GPL-2.0-or-later
import ISDN
import LineProtocol
import Media
import RTP
import TestSupport
import Testing

@Suite("Digits from the line to RTP")
struct LineDigitTests {
    /// The events in packets: each with all its packets.
    struct Event {
        var packets: [(header: RTPHeader, event: TelephoneEvent)] = []
    }

    static func events(_ packets: [Peer.Packet]) -> [Event] {
        var events: [Event] = []
        for packet in packets where packet.header.payloadType == 101 {
            guard let event = TelephoneEvent.parse(packet.payload.span) else { continue }
            if events.last?.packets.last?.header.timestamp != packet.header.timestamp { events.append(Event()) }
            events[events.count - 1].packets.append((packet.header, event))
        }
        return events
    }

    static func text(_ events: [Event]) -> String {
        String(
            decoding: events.compactMap { event in
                event.packets.first.flatMap { DTMFDigit.from(event: $0.event.event)?.ascii }
            }, as: UTF8.self)
    }

    @Test("become telephone events, each with a marker, growing durations and three ends")
    func events() throws {
        let call = try Call(parameters(telephoneEvents: true))
        let digits = "0123456789*#ABCD"
        call.rig.says[1] = source(dtmf(digits, milliseconds: 100, pause: 100))
        call.rig.tick(16 * 20 + 20)

        let packets = call.peer.receive()
        let events = Self.events(packets)
        #expect(Self.text(events) == digits)
        #expect(call.digits(.inband) == digits)
        #expect(try call.facts().digitsFromLine == 16)
        for event in events {
            let durations = event.packets.map(\.event.duration)
            #expect(durations == durations.sorted())
            #expect(event.packets.map(\.header.marker) == [true] + event.packets.dropFirst().map { _ in false })
            #expect(event.packets.map(\.event.end).suffix(3) == [true, true, true])
            #expect(event.packets.filter(\.event.end).count == 3)
            let last = Int(durations.last ?? 0)
            #expect((60 * 8...140 * 8).contains(last))
            #expect(Set(event.packets.suffix(3).map(\.event.duration)).count == 1)
        }
        for (one, next) in zip(packets, packets.dropFirst()) {
            #expect(next.header.sequence == one.header.sequence &+ 1)
        }
    }

    @Test(
        "are not heard in the audio as well, at any place of their beginning",
        arguments: [10, 20, 30, 60] as [UInt8])
    func oneCarrier(packetMilliseconds: UInt8) throws {
        let call = try Call(parameters(telephoneEvents: true, packetMilliseconds: packetMilliseconds))
        var random = SplitMix64(seed: UInt64(packetMilliseconds))
        let all = Array("0123456789*#ABCD")
        var digits = ""
        var octets: [UInt8] = []
        for _ in 0..<50 {
            let digit = String(all[Int.random(in: 0..<16, using: &random)])
            digits += digit
            octets += dtmf(
                digit, milliseconds: .random(in: 50...120, using: &random),
                pause: .random(in: 60...120, using: &random), lead: .random(in: 0...160, using: &random),
                amplitude: .random(in: 1_000...9_000, using: &random))
        }
        call.rig.says[1] = source(octets)
        var packets: [Peer.Packet] = []
        call.rig.tick(octets.count / 80 + 20) { _ in packets += call.peer.receive() }
        packets += call.peer.receive()
        #expect(Self.text(Self.events(packets)) == digits)
        #expect(call.digits(.inband) == digits)
        // The audio at its times, silence where events stood in for it.
        let audio = packets.filter { $0.header.payloadType == 8 }
        let first = try #require(packets.first?.header.timestamp)
        var line = [UInt8](repeating: ALaw.idle, count: octets.count + 3_200)
        for packet in audio {
            let start = Int(packet.header.timestamp &- first)
            for (index, octet) in packet.payload.enumerated() where start + index < line.count {
                line[start + index] = octet
            }
        }
        #expect(digitsHeard(in: samples(line)) == "")
        // As packets come, with no time between them either.
        #expect(digitsHeard(in: samples(audio.flatMap(\.payload))) == "")
        // The trace before each event is shorter than any receiver needs to hear a digit (Q.24: 20 to 40 ms).
        var trace = 0
        var longest = 0
        for octet in line {
            trace = octet == ALaw.idle ? 0 : trace + 1
            longest = max(longest, trace)
        }
        #expect(longest < 160)
    }

    @Test("stay in the audio untouched when no telephone events were agreed on")
    func inband() throws {
        let call = try Call()
        let octets = dtmf("159D", lead: 800)
        call.rig.says[1] = source(octets)
        call.rig.tick(octets.count / 80 + 10)
        let packets = call.peer.receive()
        #expect(packets.allSatisfy { $0.header.payloadType == 8 })
        #expect(position(of: octets[0...], in: packets.flatMap(\.payload)) != nil)
        #expect(call.digits(.inband) == "")
    }

    @Test("leave speech before and after them alone, 20 ms late")
    func speech() throws {
        let call = try Call(parameters(telephoneEvents: true))
        // Noise that is no digit.
        var random = SplitMix64(seed: 3)
        let noise = (0..<8_000).map { _ in ALaw.encode(Int16.random(in: -3_000...3_000, using: &random)) }
        call.rig.says[1] = source(noise)
        call.rig.tick(110)
        let audio = call.peer.receive().filter { $0.header.payloadType == 8 }.flatMap(\.payload)
        let start = position(of: noise[0..<7_800], in: audio)
        // The looped span's tick, and 20 ms.
        #expect(start == 240)
    }

    @Test("are reported without a bridge when asked for, and not otherwise")
    func detection() throws {
        let rig = try Rig()
        let leg = try rig.leg(timeslot: 1)
        rig.says[1] = source(dtmf("12"))
        rig.tick(50)
        #expect(rig.events.isEmpty)
        try rig.engine.detectDigits(leg, true)
        rig.says[1] = source(dtmf("34", milliseconds: 100), from: 60)
        rig.tick(60)
        var digits: [UInt8] = []
        for case .digit(.channel(leg), let digit, let milliseconds, .inband) in rig.events {
            digits.append(digit)
            #expect((80...120).contains(milliseconds))
        }
        #expect(digits == Array("34".utf8))
        #expect(try rig.engine.facts(leg).digitsFromLine == 2)
    }

    @Test("asked for on an endpoint go out as events of 100 ms, and their end is told")
    func sent() throws {
        let call = try Call(parameters(telephoneEvents: true))
        try call.rig.engine.unbridge(.channel(call.leg))
        try call.rig.engine.digits(.endpoint(call.endpoint), "5#a0")
        call.rig.tick(100)
        let events = Self.events(call.peer.receive())
        #expect(Self.text(events) == "5#A0")
        for event in events {
            #expect(event.packets.last?.event.duration == 800)
            #expect(event.packets.count { $0.event.end } == 3)
        }
        #expect(call.rig.events.contains(.played(.endpoint(call.endpoint))))
    }
}

@Suite("Digits from RTP to the line")
struct RTPDigitTests {
    /// Sends an event as RFC 4733 has it: a packet every 20 ms, three ends.
    private func send(_ digit: DTMFDigit, milliseconds: Int, _ call: Call, ends: Int = 3, copies: Int = 1) {
        let begin = call.peer.timestamp
        let packets = max(1, milliseconds / 20)
        for number in 1...packets {
            let duration = UInt16(min(milliseconds, number * 20) * 8)
            for _ in 0..<copies {
                call.peer.send(
                    event: TelephoneEvent(event: digit.event, end: false, duration: duration), at: begin,
                    marker: number == 1)
            }
            call.rig.tick(2)
        }
        for _ in 0..<ends {
            call.peer.send(
                event: TelephoneEvent(event: digit.event, end: true, duration: UInt16(milliseconds * 8)), at: begin)
        }
        call.peer.timestamp &+= UInt32(milliseconds * 8) + 800
        call.rig.tick(20)
    }

    /// For how long something sounded, in ticks, one number for each stretch of sound.
    private func stretches(_ octets: [UInt8]) -> [Int] {
        var result: [Int] = []
        var sounding = false
        for start in stride(from: 0, to: octets.count - 79, by: 80) {
            let loud = octets[start..<(start + 80)].contains { $0 != ALaw.idle }
            if loud { sounding ? result[result.count - 1] += 1 : result.append(1) }
            sounding = loud
        }
        return result
    }

    @Test("sound on the line as long as they say, and are reported once", arguments: [50, 80, 100, 250])
    func all(milliseconds: Int) throws {
        let call = try Call(parameters(telephoneEvents: true))
        for digit in DTMFDigit.allCases { send(digit, milliseconds: milliseconds, call) }
        #expect(digitsHeard(in: samples(call.heard)) == "0123456789*#ABCD")
        #expect(call.digits(.rfc4733) == "0123456789*#ABCD")
        let lengths = stretches(call.heard)
        #expect(lengths.count == 16)
        #expect(lengths.allSatisfy { abs($0 * 10 - milliseconds) <= 20 })
        #expect(try call.facts().digitsFromRTP == 16)
        for case .digit(_, _, let reported, .rfc4733) in call.rig.events {
            #expect(Int(reported) == milliseconds)
        }
    }

    @Test("too short for a line sound 50 ms, two at once one after the other")
    func short() throws {
        let call = try Call(parameters(telephoneEvents: true))
        for digit in [DTMFDigit.one, .two, .three] {
            call.peer.send(
                event: TelephoneEvent(event: digit.event, end: true, duration: 160), at: call.peer.timestamp)
            call.peer.timestamp &+= 400
        }
        call.rig.tick(60)
        #expect(digitsHeard(in: samples(call.heard)) == "123")
        #expect(stretches(call.heard) == [5, 5, 5])
        #expect(call.digits(.rfc4733) == "123")
    }

    @Test("are one digit however often their packets come")
    func copies() throws {
        let call = try Call(parameters(telephoneEvents: true))
        send(.seven, milliseconds: 100, call, ends: 7, copies: 3)
        send(.seven, milliseconds: 100, call)
        #expect(digitsHeard(in: samples(call.heard)) == "77")
        #expect(call.digits(.rfc4733) == "77")
    }

    @Test("whose end is lost cease by themselves")
    func lostEnd() throws {
        let call = try Call(parameters(telephoneEvents: true))
        send(.nine, milliseconds: 100, call, ends: 0)
        call.rig.tick(50)
        #expect(digitsHeard(in: samples(call.heard)) == "9")
        #expect(call.digits(.rfc4733) == "9")
        let lengths = stretches(call.heard)
        #expect(lengths.count == 1 && lengths[0] <= 31)
    }

    @Test("silence the audio that comes beside them, until the last of it has been played")
    func muted() throws {
        let call = try Call(parameters(telephoneEvents: true))
        let begin = call.peer.timestamp
        let tone = dtmf("5", milliseconds: 1_000, pause: 0)
        call.rig.tick(40) { tick in
            guard tick % 2 == 0 else { return }
            // A sender that leaves the tone in its audio.
            let sounds = (10..<20).contains(tick)
            let start = sounds ? (tick - 10) * 80 : 0
            call.peer.send(
                audio: sounds ? Array(tone[start..<(start + 160)]) : [UInt8](repeating: ALaw.idle, count: 160))
            if sounds {
                call.peer.send(
                    event: TelephoneEvent(event: 5, end: tick == 18, duration: UInt16((tick - 8) * 80)),
                    at: begin &+ 1_600)
            }
        }
        #expect(digitsHeard(in: samples(call.heard)) == "5")
        #expect(stretches(call.heard).count == 1)
    }

    @Test("that are no digits are ignored")
    func others() throws {
        let call = try Call(parameters(telephoneEvents: true))
        for event in 16...255 {
            call.peer.send(
                event: TelephoneEvent(event: UInt8(event), end: true, duration: 800), at: call.peer.timestamp)
            call.peer.timestamp &+= 800
        }
        call.rig.tick(50)
        #expect(stretches(call.heard).isEmpty)
        #expect(call.digits(.rfc4733) == "")
    }
}
