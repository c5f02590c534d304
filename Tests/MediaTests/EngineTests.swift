// SPDX-License-Identifier: GPL-2.0-or-later
import CAllocationCounter
import Glibc
import ISDN
import LineProtocol
import Media
import RTP
import Spans
import TestSupport
import Testing

@Suite("The media engine")
struct EngineTests {
    @Test("answers names that mean nothing with an error")
    func unknown() throws {
        let rig = try Rig()
        let leg = LegID(epoch: 9, counter: 9)
        let endpoint = EndpointID(99)
        let engine = rig.engine
        #expect(throws: MediaError.unknownLeg(leg)) { try engine.closeChannel(leg) }
        #expect(throws: MediaError.unknownLeg(leg)) { try engine.facts(leg) }
        #expect(throws: MediaError.unknownLeg(leg)) { try engine.detectDigits(leg, true) }
        #expect(throws: MediaError.unknownLeg(leg)) { try engine.echo(leg, delayMilliseconds: 5) }
        #expect(throws: MediaError.unknownLeg(leg)) { try engine.play(.channel(leg), .tone(.busy)) }
        #expect(throws: MediaError.unknownLeg(leg)) { try engine.digits(.channel(leg), "1") }
        #expect(throws: MediaError.unknownLeg(leg)) { try engine.unbridge(.channel(leg)) }
        #expect(throws: MediaError.unknownEndpoint(endpoint)) { try engine.open(endpoint, parameters()) }
        #expect(throws: MediaError.unknownEndpoint(endpoint)) { try engine.close(endpoint) }
        #expect(throws: MediaError.unknownEndpoint(endpoint)) { try engine.unbridge(.endpoint(endpoint)) }
        #expect(throws: MediaError.unknownSpan(SpanID(7))) {
            try engine.openChannel(leg, ChannelID(span: SpanID(7), timeslot: 1))
        }
        for timeslot in [0, 32, 255] as [UInt8] {
            let channel = ChannelID(span: Rig.span, timeslot: timeslot)
            #expect(throws: MediaError.noSuchTimeslot(channel)) { try engine.openChannel(leg, channel) }
        }
        let known = try rig.leg(timeslot: 1)
        let channel = ChannelID(span: Rig.span, timeslot: 1)
        #expect(throws: MediaError.channelInUse(channel, by: known)) { try engine.openChannel(leg, channel) }
        #expect(throws: Never.self) { try engine.openChannel(known, channel) }
        #expect(throws: MediaError.legHasChannel(known, channel)) {
            try engine.openChannel(known, ChannelID(span: Rig.span, timeslot: 2))
        }
        #expect(throws: MediaError.spanInUse(Rig.span)) { try engine.remove(Rig.span) }
        let granted = engine.want(1)[0].endpoint
        #expect(throws: MediaError.endpointNotOpen(granted)) {
            try engine.bridge(.channel(known), .endpoint(granted), .both)
        }
        var settings = parameters()
        for milliseconds in [0, 5, 15, 70, 255] as [UInt8] {
            settings.packetMilliseconds = milliseconds
            #expect(throws: MediaError.badPacketTime(milliseconds)) { try engine.open(granted, settings) }
        }
        try engine.open(granted, parameters())
        #expect(throws: MediaError.noTelephoneEvents(granted)) { try engine.digits(.endpoint(granted), "1") }
        for digits in ["", "12x", String(repeating: "1", count: 33)] {
            #expect(throws: MediaError.badDigits(digits)) { try engine.digits(.channel(known), digits) }
        }
        #expect(throws: MediaError.unsupportedBridge) {
            try engine.bridge(.channel(known), .channel(known), .both)
        }
        rig.tick(2)
    }

    @Test("survives commands in any order", arguments: 1...6)
    func anyOrder(seed: Int) throws {
        let rig = try Rig()
        let peer = try Peer()
        var random = SplitMix64(seed: UInt64(seed))
        let legs = (1...6).map { LegID(epoch: 1, counter: UInt32($0)) }
        var endpoints: [EndpointID] = [EndpointID(9_999)]
        let engine = rig.engine
        endpoints += engine.want(4).map(\.endpoint)
        func port() -> MediaPort {
            Bool.random(using: &random)
                ? .channel(legs.randomElement(using: &random) ?? legs[0])
                : .endpoint(endpoints.randomElement(using: &random) ?? endpoints[0])
        }
        var done = 0
        for _ in 0..<2_000 {
            let leg = legs.randomElement(using: &random) ?? legs[0]
            let endpoint = endpoints.randomElement(using: &random) ?? endpoints[0]
            do {
                switch Int.random(in: 0..<12, using: &random) {
                case 0, 1:
                    let timeslot = UInt8.random(in: 0...8, using: &random)
                    try engine.openChannel(leg, ChannelID(span: Rig.span, timeslot: timeslot))
                case 2: try engine.closeChannel(leg)
                case 3, 4:
                    var settings = parameters(telephoneEvents: .random(using: &random))
                    settings.remote = Bool.random(using: &random) ? peer.address : nil
                    settings.packetMilliseconds = .random(in: 1...6, using: &random) * 10
                    settings.law = .random(using: &random) ? .aLaw : .muLaw
                    settings.sending = .random(using: &random)
                    try engine.open(endpoint, settings)
                case 5: try engine.close(endpoint)
                case 6, 7: try engine.bridge(port(), port(), .both)
                case 8: try engine.unbridge(port())
                case 9: try engine.play(port(), Bool.random(using: &random) ? .tone(.busy) : .none)
                case 10:
                    let repeats = Bool.random(using: &random)
                    try engine.play(port(), samples: [Int16](repeating: 99, count: 200), repeats: repeats)
                default:
                    try engine.digits(port(), "159")
                    try engine.echo(leg, delayMilliseconds: .random(in: 0...2_000, using: &random))
                }
                done += 1
            } catch {
                // An error is an answer.
                #expect(!error.description.isEmpty)
            }
            if Int.random(in: 0..<4, using: &random) == 0 { rig.tick(1) }
            for event in rig.events.suffix(4) {
                guard case .granted(let more) = event else { continue }
                for one in more where !endpoints.contains(one.endpoint) { endpoints.append(one.endpoint) }
            }
        }
        #expect(done > 300)
        for leg in legs { _ = try? engine.closeChannel(leg) }
        for endpoint in endpoints { try? engine.close(endpoint) }
        rig.tick(3)
        #expect(engine.slotsInUse == 0)
        #expect(rig.counter(.ringOverflows) == 0)
        #expect(throws: Never.self) { try engine.remove(Rig.span) }
        rig.tick(1)
    }

    @Test("uses slots again after 300 calls, and nothing is left over")
    func manyCalls() throws {
        let rig = try Rig()
        let peer = try Peer()
        _ = rig.engine.want(2)
        for number in 0..<300 {
            let leg = try rig.leg(timeslot: UInt8(number % 15 + 1))
            let endpoint = try rig.endpoint(peer, parameters())
            try rig.engine.bridge(.channel(leg), .endpoint(endpoint), .both)
            peer.send(audio: frame(number))
            rig.tick(4)
            if number % 2 == 0 {
                try rig.engine.close(endpoint)
                #expect(try rig.engine.closeChannel(leg).packetsReceived == 1)
            } else {
                #expect(try rig.engine.closeChannel(leg).packetsReceived == 1)
                try rig.engine.close(endpoint)
            }
            rig.tick(1)
            _ = peer.receive()
        }
        #expect(rig.engine.slotsInUse == 0)
    }

    @Test("keeps the facts of a leg over its endpoints, each counted once")
    func factsOverEndpoints() throws {
        let call = try Call()
        call.peer.send(audio: frame(0))
        call.rig.tick(1)
        #expect(call.rig.engine.endpoint(of: call.leg) == call.endpoint)
        #expect(call.rig.engine.bridgedLegs == [call.leg])
        try call.rig.engine.unbridge(.endpoint(call.endpoint))
        #expect(call.rig.engine.endpoint(of: call.leg) == nil)
        #expect(try call.facts().packetsReceived == 1)
        try call.rig.engine.bridge(.channel(call.leg), .endpoint(call.endpoint), .both)
        #expect(try call.facts().packetsReceived == 1)
        let peer = try Peer()
        let next = try call.rig.endpoint(peer, parameters())
        try call.rig.engine.bridge(.channel(call.leg), .endpoint(next), .both)
        peer.send(audio: frame(0))
        call.rig.tick(1)
        #expect(try call.facts().packetsReceived == 2)
        try call.rig.engine.close(next)
        try call.rig.engine.close(call.endpoint)
        #expect(try call.rig.engine.closeChannel(call.leg).packetsReceived == 2)
        call.rig.tick(1)
    }

    @Test("allocates nothing on the media thread: 20 calls with losses, digits, tones and echo")
    func noAllocation() throws {
        try #require(allocations_are_counted() == 1, "a sanitizer's allocator is in the way")
        let before = allocations_of_this_thread()
        let proof = [UInt8](repeating: 0, count: 100_000 + Int(before & 1))
        #expect(allocations_of_this_thread() > before, "the counter counts (\(proof.count))")

        let rig = try Rig()
        var peers: [Peer] = []
        for timeslot in 1...20 as ClosedRange<UInt8> {
            let peer = try Peer()
            let leg = try rig.leg(timeslot: timeslot)
            let law: G711Law = timeslot % 2 == 0 ? .aLaw : .muLaw
            let endpoint = try rig.endpoint(peer, parameters(law, telephoneEvents: true))
            try rig.engine.bridge(.channel(leg), .endpoint(endpoint), .both)
            peers.append(peer)
        }
        let ringing = try rig.endpoint(try Peer(), parameters())
        try rig.engine.play(.endpoint(ringing), .tone(.ringback))
        let echoing = try rig.leg(timeslot: 21)
        try rig.engine.echo(echoing, delayMilliseconds: 500)
        let dialling = try rig.leg(timeslot: 22)
        try rig.engine.digits(.channel(dialling), "1234567890*#ABCD1234567890")
        let tone = dtmf(String(repeating: "147*", count: 20))
        for timeslot in 1...21 as ClosedRange<UInt8> { rig.says[timeslot] = source(tone) }

        var random = SplitMix64(seed: 5)
        var counted: UInt64 = 0
        var eventStart: UInt32 = 0
        for tick in 0..<500 {
            for (index, peer) in peers.enumerated() where tick % 2 == 0 {
                if Int.random(in: 0..<10, using: &random) == 0 { peer.sequence &+= 1 }
                if tick % 100 < 10 {
                    if tick % 100 == 0 { eventStart = peer.timestamp }
                    peer.send(
                        event: TelephoneEvent(event: 5, end: tick % 100 == 8, duration: UInt16(tick % 100 * 80)),
                        at: eventStart)
                } else {
                    peer.send(audio: frame(tick / 2), type: index % 2 == 1 ? 8 : 0)
                }
                _ = peer.receive()
            }
            rig.engine.turnPackets()
            let start = allocations_of_this_thread()
            rig.turnMediaAlone()
            if tick > 0 { counted += allocations_of_this_thread() - start }
            rig.turnFar()
            rig.engine.turnPackets()
            rig.engine.drainEvents { _ in }
        }
        #expect(counted == 0)
        #expect(rig.counter(.digitsFromLine) > 100)
        #expect(rig.counter(.digitsFromRTP) > 10)
        #expect(rig.counter(.concealedMilliseconds) > 0)
    }

    @Test("runs on threads of its own, and stops")
    func threads() throws {
        let engine = try MediaEngine { _, _ in }
        let (near, far) = try LoopSpan.makePair()
        try engine.configure(SpanID(1), driver: near, law: .aLaw)
        try engine.configure(SpanID(2), driver: far, law: .aLaw)
        try engine.rtp(bind: .v4(0x7F00_0001), firstPort: 20_000, lastPort: 29_999)
        let peer = try Peer()
        let granted = engine.want(1)[0]
        let leg = LegID(epoch: 1, counter: 1)
        let echo = LegID(epoch: 0, counter: 1)
        try engine.start()
        try engine.openChannel(leg, ChannelID(span: SpanID(1), timeslot: 1))
        try engine.openChannel(echo, ChannelID(span: SpanID(2), timeslot: 1))
        try engine.echo(echo, delayMilliseconds: 20)
        var settings = parameters()
        settings.remote = peer.address
        try engine.open(granted.endpoint, settings)
        try engine.bridge(.channel(leg), .endpoint(granted.endpoint), .both)
        peer.remotePort = granted.port

        // As many packets as it takes until audio has gone round; each waits for one from the other side.
        let said = (0..<2_000).flatMap(frame)
        var received: [UInt8] = []
        var events: [LineEvent] = []
        var number = 0
        while number < 500, !received.contains(where: { $0 != ALaw.idle }) || events.isEmpty {
            peer.send(audio: Array(said[(number * 160)..<(number * 160 + 160)]))
            number += 1
            peer.wait()
            received += peer.receive().flatMap(\.payload)
            engine.drainEvents { events.append($0) }
        }
        #expect(events.contains(.firstPacket(granted.endpoint)))
        #expect(received.contains { $0 != ALaw.idle })
        engine.stop()
        #expect(try engine.facts(leg).packetsSent > 0)
        try engine.closeChannel(leg)
    }
}
