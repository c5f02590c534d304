// SPDX-License-Identifier: GPL-2.0-or-later
import ISDN
import LineProtocol
import Media
import RTP
import Testing

@Suite("A channel bridged to an RTP endpoint")
struct BridgeTests {
    @Test("passes the line's octets to RTP untouched where the laws agree", arguments: G711Law.allCases)
    func lineToRTP(law: G711Law) throws {
        let rig = try Rig(law: law)
        let peer = try Peer()
        let leg = try rig.leg(timeslot: 5)
        let endpoint = try rig.endpoint(peer, parameters(law))
        try rig.engine.bridge(.channel(leg), .endpoint(endpoint), .both)
        rig.says[5] = pattern
        rig.tick(100)

        let packets = peer.receive()
        let sent = packets.flatMap(\.payload)
        let said = (0..<90).flatMap(pattern)
        #expect(packets.count >= 48)
        #expect(packets.allSatisfy { $0.payload.count == 160 && $0.header.payloadType == (law == .aLaw ? 8 : 0) })
        #expect(position(of: said[0..<7_200], in: sent) != nil)
        #expect(packets[0].header.marker)
        #expect(packets.dropFirst().allSatisfy { !$0.header.marker })
        for (one, next) in zip(packets, packets.dropFirst()) {
            #expect(next.header.sequence == one.header.sequence &+ 1)
            #expect(next.header.timestamp == one.header.timestamp &+ 160)
            #expect(next.header.synchronizationSource == one.header.synchronizationSource)
        }
        let facts = try rig.engine.facts(leg)
        #expect(facts.packetsSent == UInt64(packets.count))
    }

    @Test("passes RTP's octets to the line untouched where the laws agree", arguments: G711Law.allCases)
    func rtpToLine(law: G711Law) throws {
        let rig = try Rig(law: law)
        let peer = try Peer()
        let leg = try rig.leg(timeslot: 31)
        let endpoint = try rig.endpoint(peer, parameters(law))
        try rig.engine.bridge(.endpoint(endpoint), .channel(leg), .both)
        rig.heard[31] = []
        let said = (0..<200).flatMap(pattern)
        rig.tick(100) { tick in
            if tick % 2 == 0 {
                peer.send(audio: Array(said[(tick * 80)..<(tick * 80 + 160)]), type: law == .aLaw ? 8 : 0)
            }
        }
        let heard = try #require(rig.heard[31])
        let start = position(of: said[0..<7_200], in: heard)
        // 40 ms of jitter buffer and a tick of the looped span.
        #expect(start == 400)
        #expect(rig.events.contains(.firstPacket(endpoint)))
        let facts = try rig.engine.closeChannel(leg)
        #expect(facts.packetsReceived == 50)
        #expect(facts.packetsLost == 0)
        #expect(facts.concealedMilliseconds == 0)
        #expect(facts.bufferResets == 0)
    }

    @Test("transcodes by G.711's tables where the laws differ", arguments: G711Law.allCases)
    func transcodes(law: G711Law) throws {
        let rig = try Rig(law: law)
        let other: G711Law = law == .aLaw ? .muLaw : .aLaw
        let peer = try Peer()
        let leg = try rig.leg(timeslot: 1)
        let endpoint = try rig.endpoint(peer, parameters(other))
        try rig.engine.bridge(.channel(leg), .endpoint(endpoint), .both)
        rig.says[1] = pattern
        rig.heard[1] = []
        let said = (0..<100).flatMap(pattern)
        rig.tick(100) { tick in
            if tick % 2 == 0 {
                peer.send(audio: Array(said[(tick * 80)..<(tick * 80 + 160)]), type: other == .aLaw ? 8 : 0)
            }
        }
        func convert(_ octet: UInt8, to law: G711Law) -> UInt8 {
            law == .aLaw ? G711Conversion.aLaw(fromMuLaw: octet) : G711Conversion.muLaw(fromALaw: octet)
        }
        let towardsRTP = said.map { convert($0, to: other) }
        let towardsLine = said.map { convert($0, to: law) }
        #expect(position(of: towardsRTP[0..<7_200], in: peer.receive().flatMap(\.payload)) != nil)
        #expect(position(of: towardsLine[0..<7_200], in: rig.heard[1] ?? []) != nil)
    }

    @Test("sends packets of every agreed length", arguments: [10, 20, 30, 40, 50, 60] as [UInt8])
    func packetTimes(milliseconds: UInt8) throws {
        let rig = try Rig()
        let peer = try Peer()
        let leg = try rig.leg(timeslot: 2)
        let endpoint = try rig.endpoint(peer, parameters(packetMilliseconds: milliseconds))
        try rig.engine.bridge(.channel(leg), .endpoint(endpoint), .both)
        rig.says[2] = pattern
        rig.heard[2] = []
        let octets = Int(milliseconds) * 8
        let said = (0..<200).flatMap(pattern)
        rig.tick(120) { tick in
            if tick % (octets / 80) == 0 { peer.send(audio: Array(said[(tick * 80)..<(tick * 80 + octets)])) }
        }
        let packets = peer.receive()
        #expect(packets.count == 1_200 / Int(milliseconds))
        #expect(packets.allSatisfy { $0.payload.count == octets })
        #expect(position(of: said[0..<8_000], in: packets.flatMap(\.payload)) != nil)
        #expect(position(of: said[0..<8_000], in: rig.heard[2] ?? []) == 400)
    }

    @Test("carries audio one way only when asked", arguments: BridgeDirection.allCases)
    func directions(direction: BridgeDirection) throws {
        let rig = try Rig()
        let peer = try Peer()
        let leg = try rig.leg(timeslot: 9)
        let endpoint = try rig.endpoint(peer, parameters())
        try rig.engine.bridge(.channel(leg), .endpoint(endpoint), direction)
        rig.says[9] = pattern
        rig.heard[9] = []
        rig.tick(60) { tick in
            if tick % 2 == 0 { peer.send(audio: pattern(tick) + pattern(tick + 1)) }
        }
        let hears = (rig.heard[9] ?? []).contains { $0 != ALaw.idle }
        #expect(peer.receive().isEmpty == (direction == .secondToFirst))
        #expect(hears == (direction != .firstToSecond))
    }

    @Test("sends nothing and plays idle while on hold, and goes on after it")
    func hold() throws {
        let rig = try Rig()
        let peer = try Peer()
        let leg = try rig.leg(timeslot: 9)
        var settings = parameters()
        let endpoint = try rig.endpoint(peer, settings)
        settings.remote = peer.address
        try rig.engine.bridge(.channel(leg), .endpoint(endpoint), .both)
        rig.says[9] = pattern
        func talk(_ tick: Int) {
            if tick % 2 == 0 { peer.send(audio: pattern(tick) + pattern(tick + 1)) }
        }
        rig.tick(20, before: talk)
        #expect(!peer.receive().isEmpty)

        settings.sending = false
        settings.receiving = false
        try rig.engine.open(endpoint, settings)
        rig.tick(10)
        rig.heard[9] = []
        _ = peer.receive()
        rig.tick(100, before: talk)
        #expect(peer.receive().isEmpty)
        #expect((rig.heard[9] ?? []).allSatisfy { $0 == ALaw.idle })
        #expect(rig.engine.silenceMilliseconds(leg) == nil)

        settings.sending = true
        settings.receiving = true
        try rig.engine.open(endpoint, settings)
        rig.heard[9] = []
        rig.tick(40, before: talk)
        #expect(peer.receive().first?.header.marker == true)
        #expect(position(of: (0..<30).flatMap(pattern)[0..<2_400], in: rig.heard[9] ?? []) != nil)
        #expect(try rig.engine.facts(leg).bufferResets == 0)
    }

    @Test("tells how long a peer that should send has been silent")
    func silence() throws {
        let rig = try Rig()
        let peer = try Peer()
        let leg = try rig.leg(timeslot: 9)
        let endpoint = try rig.endpoint(peer, parameters())
        #expect(rig.engine.silenceMilliseconds(leg) == nil)
        try rig.engine.bridge(.channel(leg), .endpoint(endpoint), .both)
        rig.tick(100)
        #expect(rig.engine.silenceMilliseconds(leg) == 1_000)
        peer.send(audio: pattern(0))
        rig.tick(1)
        #expect(rig.engine.silenceMilliseconds(leg) == 10)
    }

    @Test("leaves the line idle when the channel is closed")
    func closing() throws {
        let rig = try Rig()
        let peer = try Peer()
        let leg = try rig.leg(timeslot: 9)
        let endpoint = try rig.endpoint(peer, parameters())
        try rig.engine.bridge(.channel(leg), .endpoint(endpoint), .both)
        rig.tick(20) { _ in peer.send(audio: pattern(1)) }
        try rig.engine.closeChannel(leg)
        rig.tick(2)
        rig.heard[9] = []
        rig.tick(20) { _ in peer.send(audio: pattern(1)) }
        #expect((rig.heard[9] ?? []).allSatisfy { $0 == ALaw.idle })
        #expect(rig.engine.endpoint(of: leg) == nil)
        try rig.engine.close(endpoint)
        rig.tick(1)
    }
}
