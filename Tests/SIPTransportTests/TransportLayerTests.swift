// SPDX-License-Identifier: GPL-2.0-or-later
import Foundation
import NIOCore
import NIOPosix
import SIPMessages
import SIPCore
import SIPTransport
import Testing

/// Over real sockets of the loopback interface; nothing is judged by time.
@Suite(.timeLimit(.minutes(1)))
struct TransportLayerTests {
    /// IPv6 too where the machine has it.
    static let loopbacks: [String] = {
        let hasIPv6 = FileManager.default.contents(atPath: "/proc/net/if_inet6")?.isEmpty == false
        return ["udp://127.0.0.1:0", "tcp://127.0.0.1:0"] + (hasIPv6 ? ["udp://[::1]:0", "tcp://[::1]:0"] : [])
    }()

    @Test("A message over UDP or TCP arrives with the path it came by", arguments: loopbacks)
    func delivers(address: String) async throws {
        let sender = Station()
        let receiver = Station()
        let from = try await sender.listen(address)[0]
        let to = try await receiver.listen(address)[0]
        await sender.send(makeRequest(), to: TransportDestination(to.transport, to.address))
        guard case .received(let message, let source) = await receiver.next() else {
            Issue.record("no message")
            return
        }
        #expect(message.method == .options)
        #expect(source.transport == to.transport)
        #expect(source.local == to.address)
        #expect((source.connection != nil) == (to.transport == .tcp))
        if to.transport == .udp { #expect(source.remote == from.address) }
        let sent = await sender.captured
        let received = await receiver.captured
        #expect(sent.count == 1)
        #expect(received.count == 1)
        #expect(sent.first?.bytes == received.first?.bytes)
        #expect(sent.first?.remote == to.address)
        #expect(received.first?.remote == sent.first?.local)
        try await sender.close()
        try await receiver.close()
    }

    @Test("An answer goes back on the connection its request came by")
    func answersOnTheConnection() async throws {
        let client = Station()
        let server = Station()
        _ = try await client.listen("tcp://127.0.0.1:0")
        let address = try await server.listen("tcp://127.0.0.1:0")[0].address
        await client.send(makeRequest(branch: "z9hG4bK1"), to: TransportDestination(.tcp, address))
        await client.send(makeRequest(branch: "z9hG4bK2"), to: TransportDestination(.tcp, address))
        for _ in 0..<2 {
            guard case .received(_, let source) = await server.next() else {
                Issue.record("no request")
                return
            }
            // The address is nobody's: only the connection can carry it.
            let nobody = try SocketAddress(ipAddress: "192.0.2.1", port: 9)
            await server.send(makeRequest("BYE"), to: TransportDestination(.tcp, nobody, connection: source.connection))
            guard case .received(let answer, _) = await client.next() else {
                Issue.record("no answer")
                return
            }
            #expect(answer.method == .bye)
        }
        #expect(await client.count(.connectionsOpened) == 1)
        #expect(await server.count(.connectionsAccepted) == 1)
        try await client.close()
        try await server.close()
    }

    @Test("Octets that are no SIP message are handed up with their error, and the listener goes on")
    func malformedDatagram() async throws {
        let sender = Station()
        let receiver = Station()
        _ = try await sender.listen("udp://127.0.0.1:0")
        let to = TransportDestination(.udp, try await receiver.listen("udp://127.0.0.1:0")[0].address)
        await sender.send("\r\n\r\n", to: to)
        await sender.send("rubbish", to: to)
        await sender.send(makeRequest(), to: to)
        guard case .malformed(let bytes, let error, _) = await receiver.next() else {
            Issue.record("not reported")
            return
        }
        #expect(bytes == Array("rubbish".utf8))
        #expect(error.reason == .notSIP)
        guard case .received = await receiver.next() else {
            Issue.record("the listener stopped")
            return
        }
        #expect(await receiver.count(.keepalives) == 1)
        #expect(await receiver.count(.messagesMalformed) == 1)
    }

    @Test("A datagram of 60,000 octets arrives whole")
    func largeDatagram() async throws {
        let sender = Station()
        let receiver = Station()
        _ = try await sender.listen("udp://127.0.0.1:0")
        let to = TransportDestination(.udp, try await receiver.listen("udp://127.0.0.1:0")[0].address)
        await sender.send(makeRequest(body: String(repeating: "x", count: 60_000)), to: to)
        guard case .received(let message, _) = await receiver.next() else {
            Issue.record("no message")
            return
        }
        #expect(message.body.count == 60_000)
    }

    @Test("A datagram larger than UDP carries is reported as unsent")
    func oversizedDatagram() async throws {
        let sender = Station()
        let address = try await sender.listen("udp://127.0.0.1:0")[0].address
        let to = TransportDestination(.udp, address)
        await sender.send(makeRequest(body: String(repeating: "x", count: 70_000)), to: to)
        guard case .failed(let destination, _) = await sender.nextFailure() else {
            Issue.record("no failure")
            return
        }
        #expect(destination == to)
    }

    @Test("Without a listener of the address family a message is reported as unsent")
    func noListener() async throws {
        let sender = Station()
        _ = try await sender.listen("udp://127.0.0.1:0")
        let to = TransportDestination(.udp, try SocketAddress(ipAddress: "::1", port: 5060))
        await sender.send(makeRequest(), to: to)
        #expect(await sender.nextFailure() == .noListener(to))
    }

    @Test("A connection that is refused fails every message that waited for it")
    func connectionRefused() async throws {
        let sender = Station()
        let closed = Station()
        _ = try await sender.listen("tcp://127.0.0.1:0")
        let address = try await closed.listen("tcp://127.0.0.1:0")[0].address
        try await closed.close()
        await sender.send(makeRequest(), to: TransportDestination(.tcp, address), times: 2)
        for _ in 0..<2 {
            guard case .failed(let to, _) = await sender.nextFailure() else {
                Issue.record("no failure")
                return
            }
            #expect(to.address == address)
        }
        #expect(await sender.connectionCount == 0)
        #expect(await sender.count(.connectionsFailed) == 1)
    }

    @Test("Beyond the limit of connections a message is refused and an accepted connection closed")
    func connectionLimit() async throws {
        var limits = TransportLimits()
        limits.maximumConnections = 1
        let limited = Station(limits: limits)
        let first = Station()
        let second = Station()
        let address = try await limited.listen("tcp://127.0.0.1:0")[0].address
        _ = try await first.listen("tcp://127.0.0.1:0")
        let other = try await second.listen("tcp://127.0.0.1:0")[0].address
        await first.send(makeRequest(), to: TransportDestination(.tcp, address))
        _ = await limited.next()
        await second.send(makeRequest(), to: TransportDestination(.tcp, address))
        guard case .closed = await second.next() else {
            Issue.record("the second connection stayed")
            return
        }
        #expect(await limited.count(.connectionsRefused) == 1)
        let to = TransportDestination(.tcp, other)
        await limited.send(makeRequest(), to: to)
        #expect(await limited.nextFailure() == .tooManyConnections(to, limit: 1))
    }

    @Test("A peer that does not read is cut off when too much waits for it")
    func slowReader() async throws {
        var limits = TransportLimits()
        limits.maximumBufferedOctets = 300_000
        let sender = Station(limits: limits)
        _ = try await sender.listen("tcp://127.0.0.1:0")
        // A server that accepts and never reads.
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelOption(.autoRead, value: false)
            .childChannelOption(.socketOption(.so_rcvbuf), value: 4_096)
            .bind(host: "127.0.0.1", port: 0).get()
        let to = TransportDestination(.tcp, try #require(server.localAddress))
        let body = String(repeating: "x", count: 60_000)
        // More than every buffer of the kernel between them holds.
        for _ in 0..<400 where await sender.count(.slowReaders) == 0 {
            await sender.send(makeRequest(body: body), to: to)
        }
        #expect(await sender.count(.slowReaders) == 1)
        guard case .peerTooSlow = await sender.nextFailure() else {
            Issue.record("not reported")
            return
        }
        try await server.close()
    }

    @Test("A silent connection is closed when its time is up")
    func idle() async throws {
        var limits = TransportLimits()
        limits.idleTimeout = .milliseconds(50)
        let server = Station(limits: limits)
        let client = Station()
        let address = try await server.listen("tcp://127.0.0.1:0")[0].address
        _ = try await client.listen("tcp://127.0.0.1:0")
        await client.send(makeRequest(), to: TransportDestination(.tcp, address))
        guard case .received = await server.next(), case .closed = await server.next() else {
            Issue.record("not closed")
            return
        }
        #expect(await server.count(.connectionsIdle) == 1)
        #expect(await server.connectionCount == 0)
    }

    @Test("A port in use is named with its transport and its owner", arguments: ["udp", "tcp"])
    func portInUse(transport: String) async throws {
        let first = Station()
        let second = Station()
        let address = try await first.listen("\(transport)://127.0.0.1:0")[0]
        do {
            // The free address before it is let go again.
            _ = try await second.listen("udp://127.0.0.1:0", address.description)
            Issue.record("bound twice")
        } catch let error as ListenError {
            guard case .inUse(let which, let owner) = error else {
                Issue.record("\(error)")
                return
            }
            #expect(which == address)
            #expect(owner?.process == ProcessInfo.processInfo.processIdentifier)
            #expect("\(error)".contains("\(address.transport.viaName) port \(address.address.port ?? 0)"))
            #expect("\(error)".contains("process \(ProcessInfo.processInfo.processIdentifier)"))
        }
    }

    @Test("An address the machine does not have is named")
    func noSuchAddress() async throws {
        do {
            _ = try await Station().listen("udp://192.0.2.77:5060")
            Issue.record("bound")
        } catch let error as ListenError {
            #expect("\(error)".contains("this machine has no address 192.0.2.77"))
        }
    }

    @Test("Listening on every address, our own address is the one the route takes")
    func ownAddress() async throws {
        let station = Station()
        let port = try await station.listen("udp://0.0.0.0:0")[0].address.port
        let to = TransportDestination(.udp, try SocketAddress(ipAddress: "127.0.0.9", port: 5060))
        let own = await station.localAddress(towards: to)
        #expect(own?.hostText == "127.0.0.1")
        #expect(own?.port == port)
    }
}
