// SPDX-License-Identifier: GPL-2.0-or-later
import CLinux
import Glibc
import ISDN
import LineProtocol
import Media
import RTP
import Spans
import TestSupport
import Testing

@Suite("RTP endpoints")
struct EndpointTests {
    @Test("are granted on even ports of the range, each once, and replaced when one is opened")
    func granting() throws {
        let rig = try Rig()
        let granted = rig.engine.want(5)
        #expect(granted.count == 5)
        #expect(granted.allSatisfy { $0.port % 2 == 0 && (20_000...29_999).contains($0.port) })
        #expect(Set(granted.map(\.port)).count == 5)
        #expect(rig.engine.want(5).isEmpty)
        #expect(rig.engine.unusedEndpoints == granted)
        try rig.engine.open(granted[0].endpoint, parameters())
        rig.tick(1)
        guard case .granted(let more)? = rig.events.first else {
            Issue.record("no endpoint took the place of the one that was opened")
            return
        }
        #expect(more.count == 1)
        #expect(!granted.map(\.endpoint).contains(more[0].endpoint))
    }

    @Test("are replaced when they are closed without having been opened, as for calls that are refused, however many")
    func unopened() throws {
        let rig = try Rig()
        var waiting = rig.engine.want(4)
        for _ in 0..<20 {
            try rig.engine.close(waiting.removeFirst().endpoint)
            rig.engine.drainEvents { event in
                if case .granted(let more) = event { waiting += more }
            }
            #expect(waiting.count == 4)
        }
    }

    @Test("pass over ports in use, and end where the range ends")
    func portsInUse() throws {
        let rig = try Rig()
        // Find four free even ports in a row by asking the system.
        var first: UInt16 = 30_000
        func isFree(_ port: UInt16) -> Bool {
            var address = cl_address(high: 0, low: 0x7F00_0001, port: port, is_v6: 0)
            let descriptor = unsafe cl_udp_bind(&address)
            if descriptor >= 0 { close(descriptor) }
            return descriptor >= 0
        }
        while ![0, 2, 4, 6].allSatisfy({ isFree(first + $0) }) { first += 8 }
        var taken = cl_address(high: 0, low: 0x7F00_0001, port: first + 2, is_v6: 0)
        let descriptor = unsafe cl_udp_bind(&taken)
        defer { close(descriptor) }
        try rig.engine.rtp(bind: .v4(0x7F00_0001), firstPort: first, lastPort: first + 7)
        #expect(Set(rig.engine.want(10).map(\.port)) == [first, first + 4, first + 6])
        // A closed one comes back, under a new name.
        let one = try #require(rig.engine.unusedEndpoints.first)
        try rig.engine.close(one.endpoint)
        let again = rig.engine.unusedEndpoints.filter { $0.port == one.port }
        #expect(again.count == 1)
        #expect(again.first?.endpoint != one.endpoint)
        #expect(throws: MediaError.badPorts(first: 7, last: 7)) {
            try rig.engine.rtp(bind: .v4(0x7F00_0001), firstPort: 7, lastPort: 7)
        }
    }

    @Test("take packets from the peer's address alone, from whatever port the first comes, and count the others")
    func sources() throws {
        let call = try Call()
        // Same address, another port than the SDP's: the first packet fixes it.
        let other = try Peer()
        other.remotePort = call.peer.remotePort
        let stranger = try Peer(host: 0x7F00_0002)
        stranger.remotePort = call.peer.remotePort
        stranger.send(audio: frame(0))
        call.rig.tick(1)
        #expect(call.rig.counter(.rtpUnknownSource) == 1)
        #expect(try call.facts().packetsReceived == 0)
        other.send(audio: frame(0))
        call.rig.tick(1)
        #expect(try call.facts().packetsReceived == 1)
        call.peer.send(audio: frame(0))
        call.rig.tick(1)
        #expect(call.rig.counter(.rtpUnknownSource) == 2)
        #expect(try call.facts().packetsReceived == 1)
        // A new offer or answer lets another port in.
        var settings = parameters()
        settings.remote = call.peer.address
        try call.rig.engine.open(call.endpoint, settings)
        call.rig.tick(1)
        call.peer.send(audio: frame(0))
        call.rig.tick(1)
        #expect(call.rig.counter(.rtpUnknownSource) == 2)
    }

    @Test("count what is no RTP and what was not agreed on, and go on")
    func refusals() throws {
        let call = try Call()
        call.peer.send(datagram: [1, 2, 3])
        call.peer.send(datagram: [UInt8](repeating: 0, count: 172))
        call.peer.send(datagram: [])
        call.peer.send(audio: frame(0), type: 18)
        call.peer.send(audio: frame(0), type: 101)
        call.peer.send(audio: [])
        call.peer.send(audio: [UInt8](repeating: 1, count: 1_200))
        call.peer.send(datagram: [UInt8](repeating: 0x80, count: 3_000))
        call.rig.tick(1)
        #expect(call.rig.counter(.rtpUnknownPayload) == 2)
        #expect(call.rig.counter(.rtpMalformed) == 6)
        #expect(try call.facts().packetsMalformed == 6)
        #expect(try call.facts().packetsReceived == 0)
        call.peer.send(audio: frame(0))
        call.rig.tick(1)
        #expect(try call.facts().packetsReceived == 1)
    }

    @Test("drop what came before they were opened")
    func early() throws {
        let rig = try Rig()
        let peer = try Peer()
        let granted = rig.engine.want(1)[0]
        peer.remotePort = granted.port
        for number in 0..<10 { peer.send(frame: number) }
        let endpoint = try rig.endpoint(peer, parameters())
        rig.tick(1)
        #expect(try rig.engine.facts(endpoint).packetsReceived == 0)
    }

    @Test("go on when nobody listens at the peer's port")
    func nobodyThere() throws {
        let rig = try Rig()
        let peer = try Peer()
        let leg = try rig.leg(timeslot: 1)
        let endpoint = try rig.endpoint(peer, parameters())
        try rig.engine.bridge(.channel(leg), .endpoint(endpoint), .both)
        var settings = parameters()
        settings.remote = TransportAddress(.v4(0x7F00_0001), port: 9)
        try rig.engine.open(endpoint, settings)
        rig.tick(20)
        settings.remote = peer.address
        try rig.engine.open(endpoint, settings)
        rig.tick(20)
        #expect(peer.receive().count >= 9)
    }

    @Test("work over IPv6, and say so when the peer has an address of the other kind")
    func ipv6() throws {
        let rig = try Rig()
        try rig.engine.rtp(bind: .v6(0, 1), firstPort: 20_000, lastPort: 29_999)
        let leg = try rig.leg(timeslot: 1)
        let granted = rig.engine.want(2)
        var local = cl_address(high: 0, low: 1, port: 0, is_v6: 1)
        let descriptor = unsafe cl_udp_bind(&local)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        _ = unsafe cl_socket_address(descriptor, &local)
        var settings = parameters()
        settings.remote = TransportAddress(.v6(0, 1), port: local.port)
        try rig.engine.open(granted[0].endpoint, settings)
        try rig.engine.bridge(.channel(leg), .endpoint(granted[0].endpoint), .both)
        rig.tick(10)
        var buffer = [UInt8](repeating: 0, count: 2_048)
        var from = cl_address()
        #expect(unsafe cl_udp_receive(descriptor, &buffer, buffer.count, &from) == 172)
        settings.remote = TransportAddress(.v4(0x7F00_0001), port: 4_000)
        #expect(throws: MediaError.addressFamily(granted[1].endpoint)) {
            try rig.engine.open(granted[1].endpoint, settings)
        }
    }

    @Test("survive every kind of packet, whatever its numbers say", arguments: 1...4)
    func fuzz(seed: Int) throws {
        let call = try Call(parameters(telephoneEvents: true))
        var random = SplitMix64(seed: UInt64(seed))
        call.rig.tick(1_500) { _ in
            for _ in 0..<Int.random(in: 0...4, using: &random) {
                if Int.random(in: 0..<4, using: &random) == 0 {
                    let count = Int.random(in: 0...200, using: &random)
                    call.peer.send(datagram: (0..<count).map { _ in .random(in: 0...255, using: &random) })
                    continue
                }
                if Int.random(in: 0..<20, using: &random) == 0 {
                    call.peer.timestamp = .random(in: 0...UInt32.max, using: &random)
                }
                if Int.random(in: 0..<20, using: &random) == 0 {
                    call.peer.sequence = .random(in: 0...UInt16.max, using: &random)
                }
                if Int.random(in: 0..<30, using: &random) == 0 {
                    call.peer.source = .random(in: 0...3, using: &random)
                }
                if Int.random(in: 0..<5, using: &random) == 0 {
                    call.peer.send(
                        event: TelephoneEvent(
                            event: .random(in: 0...20, using: &random), end: .random(using: &random),
                            duration: .random(in: 0...UInt16.max, using: &random)),
                        at: call.peer.timestamp &+ .random(in: 0...1_000, using: &random))
                } else {
                    let count = Int.random(in: 1...960, using: &random)
                    call.peer.send(audio: (0..<count).map { _ in .random(in: 0...255, using: &random) })
                }
            }
            _ = call.peer.receive()
        }
        let facts = try call.facts()
        #expect(facts.packetsReceived > 0)
        // Nothing is left that a sane stream cannot recover from.
        call.peer.timestamp = 5_000
        call.peer.sequence = 5_000
        call.peer.source = 0x7777
        call.rig.tick(1_000)
        call.rig.heard[1] = []
        call.rig.tick(60) { tick in
            if tick % 2 == 0 { call.peer.send(audio: frame(tick / 2)) }
        }
        let found = position(of: (4..<40).flatMap(pattern)[0...], in: call.heard)
        #expect(found != nil)
    }
}
