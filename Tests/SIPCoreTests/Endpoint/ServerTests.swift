// SPDX-License-Identifier: GPL-2.0-or-later
import SIPCore
import SIPMessages
import Testing

@Suite("What the endpoint answers as a server")
struct ServerTests {
    @Test("a response goes to the port of the Via, or where the request came from when rport asks for it")
    func routing() throws {
        var bench = Bench()
        bench.receive(Bench.request("OPTIONS", extra: "Subject: x"))
        guard case .optionsReceived(let id, let request, _)? = bench.events.first else {
            Issue.record("no OPTIONS")
            return
        }
        #expect(request.via.received == nil)
        bench.perform { $0.respond(to: id, 200, now: $1) }
        #expect(bench.sent[0].destination.port == 5070 && bench.sent[0].destination.host == "192.0.2.1")
        #expect(bench.sent[0].destination.local == bench.flow.local)
        let via = "z9hG4bKb;rport;received=9.9.9.9"
        bench.receive(Bench.request("OPTIONS", cseq: 2, branch: via))
        guard case .optionsReceived(let second, let other, _)? = bench.events.last else {
            Issue.record("no OPTIONS")
            return
        }
        #expect(other.via.rport == 40_000 && other.via.received == "192.0.2.1")
        bench.perform { $0.respond(to: second, 200, now: $1) }
        let answer = bench.sent[1]
        #expect(answer.destination.port == 40_000 && answer.message.via.rport == 40_000)
        #expect(answer.message.has(.allow) && answer.message.has(.accept) && answer.message.to.tag != nil)
    }

    @Test("a name in the Via gets received, and over a connection the answer goes back on it")
    func received() throws {
        var bench = Bench()
        bench.flow.transport = .tcp
        bench.flow.connection = 11
        bench.receive(Bench.request("OPTIONS").replacing("192.0.2.1:5070;branch", with: "pc.example.com;branch"))
        guard case .optionsReceived(let id, let request, _)? = bench.events.first else {
            Issue.record("no OPTIONS")
            return
        }
        #expect(request.via.received == "192.0.2.1" && request.via.rport == nil)
        bench.perform { $0.respond(to: id, 200, now: $1) }
        #expect(bench.sent[0].destination.connection == 11 && bench.sent[0].destination.port == 40_000)
        #expect(bench.endpoint.transactionCount == 0)
    }

    static let refusals: [(String, Int, SIPCounter)] = [
        (Bench.request("SUBSCRIBE"), 405, .methodsNotAllowed), (Bench.request("NEWMETHOD"), 501, .methodsNotAllowed),
        (Bench.request("INVITE", extra: "Require: 100rel, foo"), 420, .extensionsRefused),
        (Bench.request("INVITE", to: "unknown"), 481, .noSuchDialog),
        (Bench.request("BYE", to: "unknown"), 481, .noSuchDialog), (Bench.request("BYE"), 481, .noSuchDialog),
        (Bench.request("INFO"), 481, .noSuchDialog), (Bench.request("CANCEL"), 481, .noSuchDialog),
        (Bench.request("INVITE", extra: "Accept: text/plain"), 406, .bodiesRefused),
    ]

    @Test("what cannot be served is refused and counted", arguments: refusals)
    func refusal(_ text: String, _ status: Int, _ counter: SIPCounter) {
        var bench = Bench()
        bench.receive(text)
        #expect(bench.sent.map { $0.message.status?.code } == [status])
        #expect(bench.events.isEmpty)
        #expect(bench.endpoint.count(counter) == 1)
        #expect(bench.endpoint.sessionCount == 0)
        let response = bench.sent[0].message
        if status == 405 || status == 501 { #expect(response.allow.contains(.invite)) }
        if status == 420 { #expect(response.unsupported == ["100rel", "foo"]) }
        #expect(response.to.tag != nil)
        bench.wait(100 * second)
        #expect(bench.endpoint.transactionCount == 0 && bench.endpoint.timerCount == 0)
    }

    @Test("a body of another kind is refused with 415, unless it is optional")
    func body() {
        var bench = Bench()
        let body = "\nContent-Type: text/plain\nContent-Length: 4\n\nabcd"
        bench.receive(Bench.request("INVITE") + body)
        #expect(bench.sent.last?.message.status == 415)
        #expect(bench.sent.last?.message.accept == [.sdp])
        bench.receive(
            Bench.request("INVITE", cseq: 2, branch: "z9hG4bKb") + "\nContent-Disposition: render;handling=optional"
                + body)
        #expect(bench.names == ["inviteReceived"])
    }

    @Test("a scheme we cannot call is refused with 416; tel is not")
    func scheme() {
        var bench = Bench()
        bench.receive(Bench.request("INVITE").replacing("INVITE sip:0100@192.0.2.2", with: "INVITE http://example.com"))
        #expect(bench.lines == ["416 INVITE"])
        bench.receive(
            Bench.request("INVITE", cseq: 2, branch: "z9hG4bKb")
                .replacing("INVITE sip:0100@192.0.2.2", with: "INVITE tel:+100"))
        #expect(bench.names == ["inviteReceived"])
    }

    @Test("a request that came over two paths is refused with 482, one that came again is absorbed")
    func merged() {
        var bench = Bench()
        bench.receive(Bench.request("INVITE"))
        bench.receive(Bench.request("INVITE"))
        #expect(bench.takeLines() == ["100 INVITE", "100 INVITE"])
        #expect(bench.endpoint.count(.requestRetransmissionsReceived) == 1)
        bench.receive(Bench.request("INVITE", branch: "z9hG4bKother"))
        #expect(bench.takeLines() == ["482 INVITE"])
        #expect(bench.names == ["inviteReceived"])
    }

    @Test("a request of RFC 2543 is matched by its fields: INVITE again, ACK and CANCEL")
    func oldSyntax() throws {
        var bench = Bench()
        let invite = Bench.request("INVITE", branch: "1")
        bench.receive(invite)
        let id = try #require(bench.session)
        bench.receive(invite)
        #expect(bench.takeLines() == ["100 INVITE", "100 INVITE"])
        bench.perform { $0.respond(id, 486, now: $1) }
        let tag = try #require(bench.sent.last?.message.to.tag)
        bench.receive(Bench.request("ACK", to: "wrong", branch: "1"))
        #expect(bench.endpoint.count(.strayAcknowledgements) == 1)
        bench.receive(Bench.request("ACK", to: tag, branch: "1"))
        bench.sent = []
        bench.wait(10 * second)
        #expect(bench.sent.isEmpty && bench.endpoint.transactionCount == 0)
        bench.receive(Bench.request("INVITE", cseq: 2, branch: "z9hG4bK"))
        bench.receive(Bench.request("CANCEL", cseq: 2, branch: "z9hG4bK"))
        #expect(bench.lines == ["100 INVITE", "200 CANCEL", "487 INVITE"])
    }

    @Test("CANCEL is answered with 200 and the INVITE with 487, both with the tag of the early dialog")
    func cancel() throws {
        var bench = Bench()
        bench.receive(Bench.request("INVITE"))
        let id = try #require(bench.session)
        bench.perform { $0.respond(id, 180, now: $1) }
        bench.receive(Bench.request("CANCEL", extra: "Reason: Q.850;cause=16"))
        #expect(bench.lines == ["100 INVITE", "180 INVITE", "200 CANCEL", "487 INVITE"])
        #expect(Set(bench.sent.dropFirst().map { $0.message.to.tag }).count == 1)
        #expect(bench.names == ["inviteReceived", "cancelled", "ended"])
        guard case .cancelled(_, let request) = bench.events[1] else { return }
        #expect(request.reasons == [.q850(16)])
        bench.perform { $0.respond(id, 200, now: $1) }
        bench.receive(Bench.request("ACK", to: bench.sent[1].message.to.tag))
        bench.wait(40 * second)
        #expect(bench.lines.filter { $0 == "200 INVITE" }.isEmpty)
        #expect(bench.endpoint.transactionCount == 0 && bench.endpoint.timerCount == 0)
    }

    @Test("CANCEL after the answer changes nothing")
    func lateCancel() throws {
        var bench = Bench()
        bench.receive(Bench.request("INVITE"))
        let id = try #require(bench.session)
        bench.perform { $0.respond(id, 200, now: $1) }
        bench.receive(Bench.request("CANCEL"))
        #expect(bench.lines == ["100 INVITE", "200 INVITE", "200 CANCEL"])
        #expect(bench.names == ["inviteReceived"] && bench.endpoint.sessionCount == 1)
    }

    @Test("a 2xx is sent again at 0.5, 1.5, 3.5, 7.5 … s until its ACK, over TCP too", arguments: [false, true])
    func repeated(_ isReliable: Bool) throws {
        var bench = Bench()
        if isReliable { bench.flow.transport = .tcp }
        bench.receive(Bench.request("INVITE"))
        let id = try #require(bench.session)
        bench.perform { $0.respond(id, 200, now: $1) }
        var times: [UInt64] = []
        for _ in 0..<330 {
            let before = bench.sent.count
            bench.wait(100 * millisecond)
            if bench.sent.count > before { times.append(bench.time / (100 * millisecond)) }
        }
        #expect(times == [5, 15, 35, 75, 115, 155, 195, 235, 275, 315])
        #expect(bench.names == ["inviteReceived", "ackTimedOut"])
        bench.perform { $0.bye(id, now: $1) }
        #expect(bench.lines.last == "BYE")
    }

    @Test("a BYE of the callee waits for the ACK of its 2xx")
    func deferredBye() throws {
        var bench = Bench()
        bench.receive(Bench.request("INVITE"))
        let id = try #require(bench.session)
        bench.perform { $0.respond(id, 200, now: $1) }
        bench.perform { $0.bye(id, headers: [SIPHeader(.reason, ReasonValue.q850(31))], now: $1) }
        #expect(bench.lines == ["100 INVITE", "200 INVITE"])
        let answer = try #require(bench.sent.last?.message)
        bench.sent = []
        bench.receive(Bench.request("ACK", to: answer.to.tag, branch: "z9hG4bKack"))
        #expect(bench.lines == ["BYE"] && bench.sent[0].message.reasons == [.q850(31)])
        #expect(bench.names == ["inviteReceived", "ackReceived"])
    }

    @Test("a dialog carries re-INVITE, INFO, OPTIONS and BYE, and checks their order")
    func dialog() throws {
        var bench = Bench()
        let (id, tag) = try Self.answered(&bench)
        bench.receive(Bench.request("INVITE", to: tag, cseq: 5, branch: "z9hG4bK5").replacing("5070>", with: "6000>"))
        #expect(bench.takeLines() == ["100 INVITE"] && bench.names.last == "reinviteReceived")
        bench.receive(Bench.request("INVITE", to: tag, cseq: 6, branch: "z9hG4bK6"))
        let pending = try #require(bench.sent.last?.message)
        #expect(pending.status == 500 && (0...10).contains(pending.retryAfter ?? 99))
        bench.perform { $0.respond(id, 200, body: [1], now: $1) }
        bench.receive(Bench.request("ACK", to: tag, cseq: 5, branch: "z9hG4bK5a"))
        #expect(bench.names.last == "ackReceived")
        bench.receive(Bench.request("INFO", to: tag, cseq: 4, branch: "z9hG4bK4"))
        #expect(bench.sent.last?.message.status == 500 && bench.endpoint.count(.outOfOrder) == 1)
        bench.receive(Bench.request("INFO", to: tag, cseq: 7, branch: "z9hG4bK7"))
        guard case .infoReceived(let of, let transaction, _)? = bench.events.last else {
            Issue.record("no INFO")
            return
        }
        #expect(of == id)
        bench.perform { $0.respond(to: transaction, 200, now: $1) }
        bench.receive(Bench.request("OPTIONS", to: tag, cseq: 8, branch: "z9hG4bK8"))
        #expect(bench.names.last == "optionsReceived")
        bench.receive(Bench.request("REGISTER", to: tag, cseq: 9, branch: "z9hG4bK9"))
        #expect(bench.lines.last == "405 REGISTER")
        bench.sent = []
        bench.receive(Bench.request("BYE", to: tag, cseq: 10, branch: "z9hG4bK10"))
        #expect(bench.takeLines() == ["200 BYE"])
        #expect(bench.names.suffix(2) == ["byeReceived", "ended"])
        bench.receive(Bench.request("BYE", to: tag, cseq: 11, branch: "z9hG4bK11"))
        #expect(bench.takeLines() == ["481 BYE"])
    }

    @Test("requests after a re-INVITE go to its Contact")
    func target() throws {
        var bench = Bench()
        let (id, tag) = try Self.answered(&bench)
        bench.receive(
            Bench.request("INVITE", to: tag, cseq: 5, branch: "z9hG4bK5").replacing(
                "5070>", with: "6000;transport=tcp>"))
        bench.perform { $0.respond(id, 200, now: $1) }
        bench.receive(Bench.request("ACK", to: tag, cseq: 5, branch: "z9hG4bK5a"))
        bench.perform { $0.bye(id, now: $1) }
        let bye = try #require(bench.sent.last)
        #expect(bye.destination.port == 6000 && bye.destination.transport == .tcp)
        #expect(bye.message.requestURI?.port == 6000 && bye.message.via.transport == "TCP")
        #expect(bye.message.from.tag == tag && bye.message.to.tag == "alice")
    }

    @Test("a re-INVITE that is refused or cancelled leaves the call up")
    func refusedReinvite() throws {
        var bench = Bench()
        let (id, tag) = try Self.answered(&bench)
        bench.receive(Bench.request("INVITE", to: tag, cseq: 5, branch: "z9hG4bK5"))
        bench.perform { $0.respond(id, 488, headers: [SIPHeader(.warning, "305 gw \"x\"")], now: $1) }
        #expect(bench.sent.last?.message.warnings.map(\.code) == [305])
        bench.receive(Bench.request("ACK", to: tag, cseq: 5, branch: "z9hG4bK5"))
        bench.receive(Bench.request("INVITE", to: tag, cseq: 6, branch: "z9hG4bK6"))
        bench.receive(Bench.request("CANCEL", to: tag, cseq: 6, branch: "z9hG4bK6"))
        #expect(bench.names.last == "reinviteCancelled" && bench.lines.last == "487 INVITE")
        #expect(bench.endpoint.sessionCount == 1 && !bench.names.contains("ended"))
    }

    @Test("a BYE before the answer ends the INVITE with 487")
    func earlyBye() throws {
        var bench = Bench()
        bench.receive(Bench.request("INVITE"))
        let id = try #require(bench.session)
        bench.perform { $0.respond(id, 180, now: $1) }
        let tag = try #require(bench.sent.last?.message.to.tag)
        bench.receive(Bench.request("BYE", to: tag, cseq: 2, branch: "z9hG4bKb"))
        #expect(bench.lines == ["100 INVITE", "180 INVITE", "200 BYE", "487 INVITE"])
        #expect(bench.names == ["inviteReceived", "byeReceived", "ended"])
    }

    @Test("malformed requests are answered with what is wrong, malformed responses dropped")
    func malformed() throws {
        var bench = Bench()
        bench.receive(Bench.request("OPTIONS").replacing("CSeq: 1 OPTIONS", with: "CSeq: x"))
        let answer = try #require(bench.sent.last?.message)
        #expect(answer.status == 400 && answer.reasonPhrase == "Malformed CSeq" && answer.callID == "call-1")
        #expect(bench.sent.last?.destination.port == 5070)
        bench.receive(Bench.request("OPTIONS").replacing(" SIP/2.0\nVia", with: " SIP/3.0\nVia"))
        #expect(bench.sent.last?.message.status == 505)
        bench.sent = []
        bench.receive(Bench.request("ACK").replacing("CSeq: 1 ACK", with: "CSeq: x"))
        bench.receive("SIP/2.0 999999 x\nVia: x")
        bench.receive("hello\n")
        #expect(bench.sent.isEmpty && bench.events.isEmpty)
        #expect(bench.endpoint.count(.malformedRequests) == 3 && bench.endpoint.count(.notSIP) == 1)
        #expect(bench.endpoint.count(.malformedResponses) == 1 && bench.endpoint.transactionCount == 0)
    }

    @Test("with the table full a new call gets 503 and one that is up can still be ended")
    func full() throws {
        var bench = Bench(SIPEndpointConfiguration(maximumTransactions: 1))
        let (_, tag) = try Self.answered(&bench)
        bench.receive(Bench.request("INVITE", cseq: 2, branch: "z9hG4bKnew"))
        #expect(bench.takeLines() == ["503 INVITE"] && bench.endpoint.count(.refusedFull) == 1)
        bench.receive(Bench.request("BYE", to: tag, cseq: 3, branch: "z9hG4bKbye"))
        #expect(bench.takeLines() == ["200 BYE"])
    }

    @Test("a call whose answer cannot be sent has failed")
    func transportFailure() throws {
        var bench = Bench()
        bench.receive(Bench.request("INVITE"))
        let id = try #require(bench.session)
        bench.perform { $0.respond(id, 180, now: $1) }
        let transaction = try #require(bench.sent.last?.transaction)
        bench.perform { $0.transportFailed(transaction, reason: "connection reset", now: $1) }
        #expect(bench.names == ["inviteReceived", "failed 503", "ended"])
        #expect(bench.endpoint.transactionCount == 0)
    }

    @Test("every counter has a name of its own and a sentence")
    func counters() {
        #expect(Set(SIPCounter.allCases.map(\.rawValue)).count == SIPCounter.allCases.count)
        #expect(SIPCounter.allCases.allSatisfy { $0.sentence.hasSuffix(".") })
    }

    /// A call that is up: its session, and our tag.
    static func answered(_ bench: inout Bench) throws -> (SessionID, String) {
        bench.receive(Bench.request("INVITE"))
        let id = try #require(bench.session)
        bench.perform { $0.respond(id, 200, body: [0x76], now: $1) }
        let tag = try #require(bench.sent.last?.message.to.tag)
        bench.receive(Bench.request("ACK", to: tag, branch: "z9hG4bKa-ack"))
        #expect(bench.names == ["inviteReceived", "ackReceived"])
        bench.sent = []
        return (id, tag)
    }
}
