// SPDX-License-Identifier: GPL-2.0-or-later
import NIOCore
import NIOPosix
import Operations
import Testing

@Suite("PortProbe")
struct PortProbeTests {
    @Test("A taken UDP port is named with its owner, and is free again after it")
    func datagram() async throws {
        let channel = try await DatagramBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = UInt16(try #require(channel.localAddress?.port))
        let complaint = PortProbe.complaint(.udp, host: "127.0.0.1", port: port, advice: "end it")
        #expect(complaint?.contains("UDP port \(port) on 127.0.0.1 is in use by") == true)
        // A child that another test is starting has our sockets for a moment, so the number may be its own.
        #expect(complaint?.contains("(process ") == true)
        #expect(complaint?.hasSuffix("end it") == true)
        try await channel.close()
        #expect(PortProbe.complaint(.udp, host: "127.0.0.1", port: port, advice: "") == nil)
    }

    @Test("A TCP listener takes its port", arguments: ["127.0.0.1", "::1"])
    func listener(host: String) async throws {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: host, port: 0).get()
        let port = UInt16(try #require(channel.localAddress?.port))
        #expect(PortProbe.complaint(.tcp, host: host, port: port, advice: "")?.contains("in use") == true)
        try await channel.close()
        #expect(PortProbe.complaint(.tcp, host: host, port: port, advice: "") == nil)
    }

    @Test("An address this machine does not have is said so", arguments: ["192.0.2.77", "nonsense"])
    func noAddress(host: String) {
        #expect(PortProbe.complaint(.udp, host: host, port: 5999, advice: "")?.contains("has no address") == true)
    }

    @Test("Even ports of a range are counted")
    func range() async throws {
        let channel = try await DatagramBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = UInt16(try #require(channel.localAddress?.port))
        let even = port & ~1
        let free = PortProbe.free(in: even...even, host: "127.0.0.1")
        #expect(free.count == (port == even ? 0 : 1))
        #expect(free.taken == (port == even ? port : nil))
        try await channel.close()
    }
}
