// SPDX-License-Identifier: GPL-2.0-or-later
import NIOCore
import NIOPosix
import SIPMessages
import SIPTransport
import Testing

/// What peers do on a TCP connection, octet by octet.
@Suite(.timeLimit(.minutes(1)))
struct StreamTests {
    /// A connection to the station, written and read by hand.
    private func connect(to address: SocketAddress) async throws -> NIOAsyncChannel<ByteBuffer, ByteBuffer> {
        try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton).connect(to: address) { channel in
            channel.eventLoop.makeCompletedFuture { try NIOAsyncChannel(wrappingChannelSynchronously: channel) }
        }
    }

    @Test("Messages are cut out of the stream wherever its segments end")
    func segments() async throws {
        let server = Station()
        let address = try await server.listen("tcp://127.0.0.1:0")[0].address
        let text = Array((makeRequest(branch: "z9hG4bK1", body: "hello") + makeRequest("BYE", branch: "z9hG4bK2")).utf8)
        try await connect(to: address).executeThenClose { _, outbound in
            for start in stride(from: 0, to: text.count, by: 7) {
                try await outbound.write(ByteBuffer(bytes: text[start..<min(start + 7, text.count)]))
            }
            guard case .received(let first, _) = await server.next(),
                case .received(let second, _) = await server.next()
            else {
                Issue.record("no messages")
                return
            }
            #expect(first.method == .options)
            #expect(Array(first.body) == Array("hello".utf8))
            #expect(second.method == .bye)
        }
    }

    @Test("A CRLF ping is answered with one CRLF")
    func ping() async throws {
        let server = Station()
        let address = try await server.listen("tcp://127.0.0.1:0")[0].address
        try await connect(to: address).executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(string: "\r\n\r\n"))
            var iterator = inbound.makeAsyncIterator()
            #expect(try await iterator.next() == ByteBuffer(string: "\r\n"))
        }
        #expect(await server.count(.keepalives) == 1)
    }

    @Test(
        "A stream that cannot be followed is closed and counted",
        arguments: [
            String(repeating: "x", count: 17_000),
            "OPTIONS sip:a@b SIP/2.0\r\nContent-Length: 99999999\r\n\r\n",
            "OPTIONS sip:a@b SIP/2.0\r\nContent-Length: none\r\n\r\n",
            "OPTIONS sip:a@b SIP/2.0\r\n\r\n",
        ])
    func malformedStream(text: String) async throws {
        let server = Station()
        let address = try await server.listen("tcp://127.0.0.1:0")[0].address
        try await connect(to: address).executeThenClose { inbound, outbound in
            try? await outbound.write(ByteBuffer(string: text))
            for try await _ in inbound {}
        }
        #expect(await server.count(.streamsMalformed) == 1)
        #expect(await server.connectionCount == 0)
    }

    @Test("A request without Content-Length is handed up before its connection is closed")
    func noContentLength() async throws {
        let server = Station()
        let address = try await server.listen("tcp://127.0.0.1:0")[0].address
        let text = makeRequest().replacing("Content-Length: 0\r\n", with: "")
        try await connect(to: address).executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(string: text))
            guard case .malformed(_, let error, _) = await server.next() else {
                Issue.record("not reported")
                return
            }
            #expect(error.status == 400)
            #expect(error.header == "Content-Length")
        }
    }

    @Test("A message whose fields are wrong is handed up and the connection goes on")
    func malformedMessage() async throws {
        let server = Station()
        let address = try await server.listen("tcp://127.0.0.1:0")[0].address
        let bad = makeRequest().replacing("CSeq: 1 OPTIONS", with: "CSeq: nonsense")
        try await connect(to: address).executeThenClose { _, outbound in
            try await outbound.write(ByteBuffer(string: bad + makeRequest()))
            guard case .malformed = await server.next(), case .received = await server.next() else {
                Issue.record("not reported, or not continued")
                return
            }
        }
    }
}
