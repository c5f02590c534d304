// SPDX-License-Identifier: GPL-2.0-or-later
import SIPCore
import SIPMessages
import Testing

@Suite("What the endpoint makes of responses")
struct ClientTests {
    static func start(_ bench: inout Bench, body: [UInt8] = [1]) throws -> (SessionID, SIPMessage) {
        let target = SIPURI(user: "bob", host: "192.0.2.1", port: 5070)
        let call = OutgoingInvite(
            target: target, destination: SIPDestination(target), local: bench.flow.local,
            from: NameAddress(SIPURI(user: "gw", host: "gw.example")), body: body)
        var id: SessionID?
        bench.perform { id = $0.invite(call, now: $1) }
        return (try #require(id), try #require(bench.sent.first?.message))
    }

    static func answer(_ request: SIPMessage, _ status: SIPStatus, tag: String, contact: String = "sip:bob@192.0.2.77")
        -> [UInt8]
    {
        var response = request.response(status, toTag: tag)
        response.append(.contact, "<\(contact)>")
        return response.encoded()
    }

    @Test("a request has what RFC 3261 8.1.1 wants")
    func request() throws {
        var bench = Bench()
        let (_, invite) = try Self.start(&bench)
        #expect(invite.via.asksForRport && invite.via.uniqueBranch != nil && invite.via.port == 5060)
        #expect(invite.maxForwards == 70 && invite.from.tag != nil && invite.to.tag == nil && !invite.callID.isEmpty)
        #expect(invite.contact?.uri.description == "sip:gw@192.0.2.2:5060")
        #expect(invite.allow.contains(.bye) && invite.contentType == .sdp && invite.text(.userAgent) == "Trunkgate")
        #expect(bench.sent[0].destination == SIPDestination(transport: .udp, host: "192.0.2.1", port: 5070))
    }

    @Test("behind a translator Via and Contact name its address, and the socket is still ours")
    func advertised() throws {
        var bench = Bench(SIPEndpointConfiguration(advertisedHost: "203.0.113.5"))
        let (id, invite) = try Self.start(&bench)
        #expect(invite.via.host == "203.0.113.5" && invite.contact?.uri.host == "203.0.113.5")
        bench.receive(bytes: Self.answer(invite, 200, tag: "b"))
        bench.perform { $0.bye(id, now: $1) }
        #expect(bench.sent.last?.message.via.host == "203.0.113.5")
        #expect(bench.sent.last?.destination.local == bench.flow.local)
        bench.receive(Bench.request("INVITE"))
        let incoming = try #require(bench.session)
        bench.perform { $0.respond(incoming, 200, now: $1) }
        #expect(bench.sent.last?.message.contact?.uri.host == "203.0.113.5")
    }

    @Test("a phone reached where it registered from is reached there throughout the call")
    func staysOnPath() throws {
        var bench = Bench()
        var call = OutgoingInvite(
            target: SIPURI(user: "phone", host: "10.0.0.9"),
            destination: SIPDestination(transport: .udp, host: "192.0.2.1", port: 40_000), local: bench.flow.local,
            from: NameAddress(SIPURI(host: "gw")), body: [1])
        call.staysOnPath = true
        var id: SessionID?
        bench.perform { id = $0.invite(call, now: $1) }
        let invite = try #require(bench.sent.first?.message)
        bench.receive(bytes: Self.answer(invite, 200, tag: "b", contact: "sip:phone@10.0.0.9"))
        let session = try #require(id)
        bench.perform { $0.bye(session, now: $1) }
        #expect(bench.lines == ["INVITE", "ACK", "BYE"])
        #expect(Set(bench.sent.map(\.destination.description)) == ["udp://192.0.2.1:40000"])
        #expect(bench.sent.last?.message.requestURI?.host == "10.0.0.9")
    }

    @Test("a 2xx that comes again gets the same ACK again")
    func retransmittedAnswer() throws {
        var bench = Bench()
        let (_, invite) = try Self.start(&bench)
        let ok = Self.answer(invite, 200, tag: "b")
        for _ in 0..<3 {
            bench.receive(bytes: ok)
            bench.wait(500 * millisecond)
        }
        #expect(bench.lines == ["INVITE", "ACK", "ACK", "ACK"])
        #expect(Set(bench.sent.dropFirst().map(\.bytes)).count == 1)
        #expect(bench.names == ["answered"])
        #expect(bench.sent[1].destination.host == "192.0.2.77")
        bench.wait(40 * second)
        #expect(bench.endpoint.transactionCount == 0)
        bench.receive(bytes: ok)
        #expect(bench.lines.last == "ACK")
    }

    @Test("a second answer, from a fork, is acknowledged and released; early dialogs are kept apart")
    func fork() throws {
        var bench = Bench()
        let (id, invite) = try Self.start(&bench)
        bench.receive(bytes: Self.answer(invite, 180, tag: "b1"))
        bench.receive(bytes: Self.answer(invite, 183, tag: "b2"))
        bench.receive(bytes: Self.answer(invite, 200, tag: "b2", contact: "sip:b2@192.0.2.72"))
        bench.receive(bytes: Self.answer(invite, 200, tag: "b1", contact: "sip:b1@192.0.2.71:5099"))
        #expect(bench.lines == ["INVITE", "ACK", "ACK", "BYE"])
        #expect(bench.sent[1].message.to.tag == "b2" && bench.sent[2].message.to.tag == "b1")
        #expect(bench.sent[3].message.to.tag == "b1" && bench.sent[3].destination.port == 5099)
        #expect(bench.names == ["provisional 180", "provisional 183", "answered"])
        #expect(bench.endpoint.count(.forksReleased) == 1)
        bench.receive(bytes: Self.answer(invite, 200, tag: "b1"))
        #expect(bench.lines.suffix(2) == ["BYE", "ACK"])
        bench.perform { $0.bye(id, now: $1) }
        #expect(bench.sent.last?.message.to.tag == "b2")
    }

    @Test("strict order: responses that belong to nothing are dropped")
    func stray() throws {
        var bench = Bench()
        let (_, invite) = try Self.start(&bench)
        var other = invite.response(200, toTag: "x")
        other.replaceFirstVia(Via(transport: "UDP", host: "192.0.2.2", branch: "z9hG4bKforged"))
        bench.receive(bytes: other.encoded())
        var two = invite.response(180, toTag: "x")
        two.append(.via, Via(transport: "UDP", host: "h", branch: "b"))
        bench.receive(bytes: two.encoded())
        #expect(bench.events.isEmpty && bench.endpoint.count(.strayResponses) == 2)
    }

    @Test("a transport failure is told with its reason")
    func transportFailure() throws {
        var bench = Bench()
        _ = try Self.start(&bench)
        let transaction = try #require(bench.sent[0].transaction)
        bench.perform { $0.transportFailed(transaction, reason: "no route to host", now: $1) }
        #expect(bench.names == ["failed 503", "ended"])
        guard case .failed(_, .transport(let reason)) = bench.events[0] else { return }
        #expect(reason == "no route to host")
        #expect(bench.endpoint.transactionCount == 0 && bench.endpoint.timerCount == 0)
    }

    @Test("a BYE or re-INVITE from an early dialog does no harm")
    func earlyDialog() throws {
        var bench = Bench()
        let (_, invite) = try Self.start(&bench)
        bench.receive(bytes: Self.answer(invite, 180, tag: "b"))
        func theirs(_ method: SIPMethod, _ number: UInt32) -> [UInt8] {
            var request = SIPMessage(method: method, uri: SIPURI(host: "192.0.2.2"))
            request.append(.via, Via(transport: "UDP", host: "192.0.2.1", branch: "z9hG4bK\(method)\(number)"))
            request.append(.from, "<sip:bob@192.0.2.1>;tag=b")
            request.append(.to, invite.from)
            request.append(.callID, invite.callID)
            request.append(.cSeq, CSeq(number, method))
            request.append(.contact, "<sip:bob@192.0.2.1>")
            return request.encoded()
        }
        bench.sent = []
        bench.receive(bytes: theirs(.invite, 1))
        #expect(bench.takeLines() == ["491 INVITE"])
        bench.receive(bytes: theirs(.bye, 2))
        #expect(bench.takeLines() == ["200 BYE", "CANCEL"])
        #expect(bench.names == ["provisional 180", "byeReceived", "ended"])
        bench.receive(bytes: Self.answer(invite, 487, tag: "b"))
        #expect(bench.takeLines() == ["ACK"])
    }

    @Test("routes of the answer are followed, and the transport of the target")
    func routes() throws {
        var bench = Bench()
        let (id, invite) = try Self.start(&bench)
        var ok = invite.response(200, toTag: "b")
        ok.append(.recordRoute, "<sip:192.0.2.90:5090;lr;transport=tcp>")
        ok.append(.contact, "<sip:bob@198.51.100.1>")
        bench.receive(bytes: ok.encoded())
        bench.perform { $0.bye(id, now: $1) }
        for transmission in bench.sent.dropFirst() {
            #expect(transmission.destination.description == "tcp://192.0.2.90:5090")
            #expect(transmission.message.via.transport == "TCP" && !transmission.message.via.asksForRport)
            #expect(transmission.message.routes.map(\.uri.host) == ["192.0.2.90"])
        }
    }
}
