// SPDX-License-Identifier: GPL-2.0-or-later
import SDP
import SIPMessages
import TestCaller
import Testing

/// Whole calls over the loopback interface; what is measured in time is not judged.
@Suite(.timeLimit(.minutes(1)))
struct TestCallTests {
    private func call(
        _ peer: AnsweringPeer, _ transport: String = "udp", digits: String = "", limit: Int64 = 20_000
    ) async throws -> TestCallReport {
        let target = try await peer.listen(transport)
        return try await TestCall.run(
            TestCallConfiguration(
                target: target, digits: digits, talkMilliseconds: digits.isEmpty ? 600 : 2_000,
                answerLimitMilliseconds: limit))
    }

    @Test("A call that is answered is measured", arguments: ["udp", "tcp"], [AudioCodec.pcma, .pcmu])
    func echo(transport: String, codec: AudioCodec) async throws {
        let peer = AnsweringPeer(.echo, codecs: [codec])
        let report = try await call(peer, transport)
        #expect(report.codec == codec.encoding)
        #expect(report.packetsSent >= 20)
        #expect(report.packetsReceived > 0)
        #expect(report.endedBy == .caller)
        let sent = report.ladder.filter(\.isSent).map { String($0.summary.prefix(3)) }
        #expect(sent == ["INV", "ACK", "BYE"])
        let received = report.ladder.filter { !$0.isSent }.map { String($0.summary.prefix(3)) }
        #expect(received == ["100", "180", "200", "200"])
        #expect(report.milliseconds(until: 180) != nil)
        #expect(report.milliseconds(until: 183) == nil)
        let echo = try #require(report.echo)
        #expect(abs(echo.gainDecibels) < 1)
        #expect(echo.likeness > 0.8)
        try await peer.close()
    }

    @Test("Digits are sent as events, and those that come back are told")
    func digits() async throws {
        let report = try await call(AnsweringPeer(.echo), digits: "42")
        #expect(report.digitsReceived == "42")
    }

    @Test("When the peer hangs up the call is over, with its reason")
    func peerHangsUp() async throws {
        let report = try await call(AnsweringPeer(.hangUp(.q850(16, "Normal call clearing"))))
        #expect(report.endedBy == .peer)
        #expect(report.reason?.cause == 16)
    }

    @Test("A refusal is told with status, phrase, cause and warning")
    func refused() async throws {
        let headers = [SIPHeader(.reason, "Q.850;cause=17"), SIPHeader(.warning, "399 gw \"all busy\"")]
        let expected = TestCallError.refused(status: 486, phrase: "Busy Here", cause: 17, warning: "all busy")
        await #expect(throws: expected) { try await call(AnsweringPeer(.refuse(486, headers))) }
        #expect(expected.description == "refused: 486 Busy Here, Q.850 cause 17 (all busy)")
    }

    @Test("A call nobody answers is cancelled when the limit is up")
    func notAnswered() async throws {
        await #expect(throws: TestCallError.notAnswered(afterMilliseconds: 300)) {
            try await call(AnsweringPeer(.ring), limit: 300)
        }
    }

    @Test("An answer without a usable description is told and the call hung up")
    func badAnswer() async throws {
        let error = await #expect(throws: TestCallError.self) {
            try await call(AnsweringPeer(.answer(body: "v=x\r\n")))
        }
        guard case .badAnswer = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test("Where nothing listens, the call is told to be unreachable")
    func unreachable() async throws {
        let peer = AnsweringPeer(.echo)
        let target = try await peer.listen("tcp")
        try await peer.close()
        let error = await #expect(throws: TestCallError.self) {
            try await TestCall.run(TestCallConfiguration(target: target))
        }
        guard case .unreachable = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }
}
