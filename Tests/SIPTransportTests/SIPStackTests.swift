// SPDX-License-Identifier: GPL-2.0-or-later
import NIOCore
import SIPCore
import SIPMessages
import SIPTransport
import Testing

@Suite(.timeLimit(.minutes(1)))
struct SIPStackTests {
    @Test("A call is set up and ended over real sockets", arguments: ["udp://127.0.0.1:0", "tcp://127.0.0.1:0"])
    func call(address: String) async throws {
        let caller = Agent()
        let called = Agent()
        _ = try await caller.listen(address)
        let destination = try await called.listen(address)
        await called.answerCalls()
        let id = try await caller.invite(destination)
        let ringing = await caller.next { if case .provisional(id, let response) = $0 { response.status } else { nil } }
        #expect(ringing == 180)
        let answer = await caller.next { if case .answered(id, let response) = $0 { response } else { nil } }
        #expect(answer?.status == 200)
        let acknowledged = await called.next { if case .ackReceived = $0 { true } else { nil } }
        #expect(acknowledged == true)
        await caller.bye(id)
        let hungUp = await called.next { if case .byeReceived = $0 { true } else { nil } }
        #expect(hungUp == true)
        let ended = await caller.next { if case .ended(id) = $0 { true } else { nil } }
        #expect(ended == true)
        #expect(await caller.sessionCount == 0)
        #expect(await caller.wasInterrupted == false)
        try await caller.close()
        try await called.close()
    }

    @Test("A call to where nothing listens fails, and never before its command has returned")
    func refusedConnection() async throws {
        let caller = Agent()
        let gone = Agent()
        _ = try await caller.listen("tcp://127.0.0.1:0")
        let destination = try await gone.listen("tcp://127.0.0.1:0")
        try await gone.close()
        let id = try await caller.invite(destination)
        let failure = await caller.next { if case .failed(id, let failure) = $0 { failure } else { nil } }
        #expect(failure?.status == 503)
        #expect(await caller.wasInterrupted == false)
    }

    @Test("A call nobody answers is sent again and given up when its timers say so")
    func timeout() async throws {
        let quick = SIPTimerValues(t1: 1_000_000, t2: 4_000_000, t4: 5_000_000)
        let caller = Agent(configuration: SIPEndpointConfiguration(timers: quick))
        _ = try await caller.listen("udp://127.0.0.1:0")
        // Bound and silent.
        let silent = Station()
        let address = try await silent.listen("udp://127.0.0.1:0")[0].address
        let destination = SIPDestination(transport: .udp, host: "127.0.0.1", port: UInt16(address.port ?? 0))
        let id = try await caller.invite(destination)
        let failure = await caller.next { if case .failed(id, let failure) = $0 { failure } else { nil } }
        #expect(failure == .timeout)
        #expect(await caller.count(.retransmissionsSent) > 0)
        try await silent.close()
    }

    @Test("A request of another version of SIP is answered with 505")
    func malformed() async throws {
        let agent = Agent()
        let station = Station()
        let own = try await station.listen("udp://127.0.0.1:0")[0].address
        let destination = try await agent.listen("udp://127.0.0.1:0")
        let to = TransportDestination(.udp, try SocketAddress(ipAddress: "127.0.0.1", port: Int(destination.port)))
        let request = makeRequest().replacing("127.0.0.1:5070", with: own.text).replacing(
            "127.0.0.1 SIP/2.0", with: "127.0.0.1 SIP/7.0")
        await station.send(request, to: to)
        guard case .received(let response, _) = await station.next() else {
            Issue.record("no answer")
            return
        }
        #expect(response.status == 505)
    }

    @Test("A host name becomes an address, with ours towards it")
    func resolves() async throws {
        let agent = Agent()
        let own = try await agent.listen("udp://127.0.0.1:0")
        let resolved = try await agent.resolve(SIPDestination(transport: .udp, host: "127.0.0.1", port: 5060))
        #expect(resolved.local == SIPAddress(host: "127.0.0.1", port: own.port))
        await #expect(throws: (any Error).self) {
            try await agent.resolve(SIPDestination(transport: .udp, host: "no-such-host.invalid", port: 5060))
        }
    }
}
