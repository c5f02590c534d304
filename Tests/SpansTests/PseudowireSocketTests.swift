// SPDX-License-Identifier: GPL-2.0-or-later
import CLinux
import Glibc
import ISDN
import LineProtocol
import Spans
import Testing

/// Real UDP sockets on loopback. The time is still the test's own, so nothing hangs on when it runs.
@Suite struct PseudowireSocketTests {
    private let loopback = IPAddress.v4(0x7F00_0001)

    /// A port that was free a moment ago.
    private func freePort() throws -> UInt16 {
        var address = cl_address(high: 0, low: 0x7F00_0001, port: 0, is_v6: 0)
        let descriptor = unsafe cl_udp_bind(&address)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        try #require(unsafe cl_socket_address(descriptor, &address) == 0)
        return address.port
    }

    private func pair() throws -> (network: PseudowireSpan, user: PseudowireSpan) {
        for _ in 0..<20 {
            let a = TransportAddress(loopback, port: try freePort())
            let b = TransportAddress(loopback, port: try freePort())
            guard a != b else { continue }
            guard
                let network = try? PseudowireSpan(
                    PseudowireConfiguration(local: a, remote: b), role: .nt, law: .aLaw),
                let user = try? PseudowireSpan(PseudowireConfiguration(local: b, remote: a), role: .te, law: .aLaw)
            else { continue }
            return (network, user)
        }
        throw SpanError("no two free ports")
    }

    @Test("audio and frames pass over sockets, in order and whole")
    func passes() throws {
        let (network, user) = try pair()
        let (networkEnd, userEnd) = (DrivenSpan(network), DrivenSpan(user))
        var frames: [[UInt8]] = []
        for now in 1...1_500 as ClosedRange<UInt64> {
            networkEnd.run(now: now * millisecond)
            userEnd.run(now: now * millisecond)
            if now % 50 == 0 { #expect(network.dChannel.send([0, 1, 2, UInt8(now / 50)])) }
            frames += user.dChannel.receiveAll()
        }
        #expect(frames.count >= 27)
        #expect(
            frames.map { Int($0[3]) } == (0..<frames.count).map { frames[0].count == 4 ? Int(frames[0][3]) + $0 : -1 })
        #expect(network.status.state == .up)
        #expect(user.status.state == .up)
        #expect(userEnd.stretches(slot: 20).count == 1)
        #expect(networkEnd.stretches(slot: 20).count == 1)
        #expect(user.status.counter(.pseudowireLost) == 0)
    }

    @Test("a packet from another port is dropped and counted")
    func foreignSource() throws {
        let (network, user) = try pair()
        _ = network.service(now: 1)
        var local = cl_address(high: 0, low: 0x7F00_0001, port: 0, is_v6: 0)
        let stranger = unsafe cl_udp_bind(&local)
        try #require(stranger >= 0)
        defer { close(stranger) }
        var target = cl_address()
        try #require(unsafe cl_socket_address(network.descriptors[0], &target) == 0)
        let packet = [UInt8](repeating: 0, count: 1_244)
        try #require(
            unsafe packet.withUnsafeBytes { unsafe cl_udp_send(stranger, $0.baseAddress, $0.count, &target) } > 0)
        _ = network.service(now: 2)
        #expect(network.status.counter(.pseudowireForeign) == 1)
        #expect(network.status.counter(.pseudowireReceived) == 0)
        withExtendedLifetime(user) {}
    }

    @Test("a port that is taken is named, with its owner")
    func portTaken() throws {
        var taken = cl_address(high: 0, low: 0x7F00_0001, port: 0, is_v6: 0)
        let descriptor = unsafe cl_udp_bind(&taken)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        try #require(unsafe cl_socket_address(descriptor, &taken) == 0)
        let local = TransportAddress(loopback, port: taken.port)
        let error = #expect(throws: SpanError.self) {
            try UDPPort(local: local, remote: local)
        }
        let text = try #require(error?.description)
        #expect(text.contains("127.0.0.1:\(taken.port)"))
        #expect(text.contains("pid \(getpid())"))
    }
}
