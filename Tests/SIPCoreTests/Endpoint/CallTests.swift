// SPDX-License-Identifier: GPL-2.0-or-later
import SIPCore
import SIPMessages
import Testing

@Suite("Calls between two endpoints")
struct CallTests {
    static let answerBody = Array("answer".utf8)

    /// The callee rings and answers at once, every INVITE.
    static func answer(_ pair: inout Pair, _ side: Pair.Side, _ event: SIPEvent) {
        switch event {
        case .inviteReceived(let id, _, _):
            pair.perform(side) { $0.respond(id, 180, now: $1) }
            pair.perform(side) { $0.respond(id, 200, body: answerBody, now: $1) }
        case .reinviteReceived(let id, _):
            pair.perform(side) { $0.respond(id, 200, body: answerBody, now: $1) }
        default: break
        }
    }

    static func ring(_ pair: inout Pair, _ side: Pair.Side, _ event: SIPEvent) {
        if case .inviteReceived(let id, _, _) = event { pair.perform(side) { $0.respond(id, 180, now: $1) } }
    }

    @Test("INVITE, 180, 200, ACK, BYE, 200, and nothing is left over", arguments: [SIPTransportKind.udp, .tcp])
    func wholeCall(_ transport: SIPTransportKind) throws {
        var pair = Pair()
        pair.transport = transport
        let id = pair.call()
        pair.drive(for: second, Self.answer)
        pair.perform(.caller) { $0.bye(id, headers: [SIPHeader(.reason, ReasonValue.q850(16))], now: $1) }
        pair.drive(for: 100 * second)
        #expect(
            pair.ladder == [
                "0 -> INVITE", "10 <- 100 INVITE", "10 <- 180 INVITE", "10 <- 200 INVITE", "20 -> ACK", "1000 -> BYE",
                "1010 <- 200 BYE",
            ])
        #expect(pair.names(.caller) == ["provisional 180", "answered", "ended"])
        #expect(pair.names(.callee) == ["inviteReceived", "ackReceived", "byeReceived", "ended"])
        #expect(pair.isQuiet)
        let bye = try #require(pair.sent.first { $0.message.method == .bye }?.message)
        #expect(bye.reasons == [.q850(16)] && bye.cSeq.number == 2)
        let ok = try #require(pair.sent.first { $0.message.status == 200 }?.message)
        #expect(
            ok.contact?.uri.host == "192.0.2.2" && ok.contact?.uri.user == "0100" && Array(ok.body) == Self.answerBody)
        #expect(bye.requestURI == ok.contact?.uri)
    }

    @Test("the callee can hang up")
    func calleeHangsUp() {
        var pair = Pair()
        _ = pair.call()
        pair.drive(for: second) { pair, side, event in
            Self.answer(&pair, side, event)
            if case .ackReceived(let id, _) = event { pair.perform(side) { $0.bye(id, now: $1) } }
        }
        pair.drive(for: 100 * second)
        #expect(pair.names(.caller) == ["provisional 180", "answered", "byeReceived", "ended"])
        #expect(pair.names(.callee) == ["inviteReceived", "ackReceived", "ended"])
        #expect(pair.isQuiet)
    }

    @Test("both hang up at once")
    func byesCross() {
        var pair = Pair()
        let id = pair.call()
        pair.drive(for: second, Self.answer)
        guard case .inviteReceived(let other, _, _)? = pair.events.first(where: { $0.side == .callee })?.event else {
            return
        }
        pair.perform(.caller) { $0.bye(id, now: $1) }
        pair.perform(.callee) { $0.bye(other, now: $1) }
        pair.drive(for: 100 * second)
        #expect(pair.names(.caller).last == "ended" && pair.names(.callee).last == "ended")
        #expect(pair.names(.caller).filter { $0 == "ended" }.count == 1)
        #expect(pair.isQuiet)
    }

    @Test("a refusal is acknowledged hop by hop and told with its response")
    func refused() throws {
        var pair = Pair()
        _ = pair.call()
        pair.drive(for: 100 * second) { pair, side, event in
            guard case .inviteReceived(let id, _, _) = event else { return }
            pair.perform(side) {
                $0.respond(id, 486, headers: [SIPHeader(.reason, ReasonValue.q850(17, "User busy"))], now: $1)
            }
        }
        #expect(pair.ladder == ["0 -> INVITE", "10 <- 100 INVITE", "10 <- 486 INVITE", "20 -> ACK"])
        #expect(pair.names(.caller) == ["failed 486", "ended"] && pair.names(.callee) == ["inviteReceived", "ended"])
        guard case .failed(_, let failure)? = pair.events.first(where: { $0.side == .caller })?.event else { return }
        #expect(failure.response?.reasons == [.q850(17, "User busy")])
        #expect(pair.isQuiet)
        let invite = try #require(pair.sent.first?.message)
        let ack = try #require(pair.sent.last?.message)
        #expect(ack.via.branch == invite.via.branch && ack.requestURI == invite.requestURI && ack.to.tag != nil)
    }

    @Test("CANCEL while ringing gives 487; its Reason arrives")
    func cancel() {
        var pair = Pair()
        let id = pair.call()
        pair.drive(for: second, Self.ring)
        pair.perform(.caller) { $0.cancel(id, headers: [SIPHeader(.reason, ReasonValue.q850(102))], now: $1) }
        pair.drive(for: 100 * second)
        #expect(
            pair.ladder.suffix(4) == ["1000 -> CANCEL", "1010 <- 200 CANCEL", "1010 <- 487 INVITE", "1020 -> ACK"])
        #expect(pair.names(.caller) == ["provisional 180", "failed 487", "ended"])
        #expect(pair.names(.callee) == ["inviteReceived", "cancelled", "ended"])
        guard case .cancelled(_, let request)? = pair.events.first(where: { name($0.event) == "cancelled" })?.event
        else { return }
        #expect(request.reasons == [.q850(102)])
        #expect(pair.isQuiet)
    }

    @Test("CANCEL waits for a provisional response")
    func earlyCancel() {
        var pair = Pair()
        let id = pair.call()
        pair.perform(.caller) { $0.cancel(id, now: $1) }
        #expect(pair.ladder == ["0 -> INVITE"])
        pair.drive(for: 100 * second)
        #expect(
            pair.ladder == [
                "0 -> INVITE", "10 <- 100 INVITE", "20 -> CANCEL", "30 <- 200 CANCEL", "30 <- 487 INVITE", "40 -> ACK",
            ])
        #expect(pair.names(.caller) == ["failed 487", "ended"] && pair.isQuiet)
    }

    @Test("an answer that crosses the CANCEL is acknowledged and ended with BYE")
    func cancelRace() {
        var pair = Pair()
        let id = pair.call()
        pair.drive(for: second, Self.ring)
        guard case .inviteReceived(let other, _, _)? = pair.events.first(where: { $0.side == .callee })?.event else {
            return
        }
        pair.perform(.caller) { $0.cancel(id, headers: [SIPHeader(.reason, ReasonValue.q850(16))], now: $1) }
        pair.perform(.callee) { $0.respond(other, 200, now: $1) }
        pair.drive(for: 100 * second)
        #expect(
            pair.ladder.suffix(6) == [
                "1000 -> CANCEL", "1000 <- 200 INVITE", "1010 <- 200 CANCEL", "1010 -> ACK", "1010 -> BYE",
                "1020 <- 200 BYE",
            ])
        #expect(pair.names(.caller) == ["provisional 180", "failed 487", "ended"])
        #expect(pair.names(.callee) == ["inviteReceived", "ackReceived", "byeReceived", "ended"])
        #expect(pair.isQuiet)
    }

    @Test("with nobody there an INVITE fails after 32 s and seven transmissions")
    func nobody() {
        var pair = Pair()
        pair.loss = 100
        _ = pair.call()
        pair.drive(for: 100 * second)
        #expect(
            pair.ladder.map { $0.prefix { $0 != " " } } == ["0", "500", "1500", "3500", "7500", "15500", "31500"])
        #expect(pair.names(.caller) == ["failed 408", "ended"])
        #expect(pair.events.first?.time == 32 * second)
        #expect(pair.isQuiet)
    }

    @Test("a CANCEL that gets no final response gives the call up after 64*T1")
    func cancelUnanswered() {
        var pair = Pair()
        let id = pair.call()
        pair.drive(for: second, Self.ring)
        pair.loss = 100
        pair.perform(.caller) { $0.cancel(id, now: $1) }
        pair.drive(for: 40 * second)
        #expect(pair.names(.caller) == ["provisional 180", "failed 487", "ended"])
        #expect(pair.events.last { $0.side == .caller }?.time == 33 * second)
        #expect(pair.caller.transactionCount == 0)
    }

    @Test("an offer in the 2xx is answered in the ACK")
    func delayedOffer() throws {
        var pair = Pair()
        let id = pair.call(body: [])
        pair.drive(for: second, Self.answer)
        #expect(pair.names(.caller) == ["provisional 180", "answered"])
        #expect(!pair.ladder.contains { $0.hasSuffix("ACK") })
        #expect(pair.ladder.filter { $0.hasSuffix("200 INVITE") }.count == 2)
        pair.perform(.caller) { $0.acknowledge(id, body: Array("late".utf8), now: $1) }
        pair.drive(for: second)
        guard case .ackReceived(_, let ack)? = pair.events.last?.event else {
            Issue.record("no ACK")
            return
        }
        #expect(Array(ack.body) == Array("late".utf8) && ack.contentType == .sdp)
        let other = pair.call(body: [])
        pair.drive(for: second, Self.answer)
        pair.perform(.caller) { $0.bye(other, now: $1) }
        #expect(pair.ladder.suffix(2).map { $0.split(separator: " ").last } == ["ACK", "BYE"])
    }

    @Test("re-INVITE goes through, both ways, and one at a time")
    func reinvite() throws {
        var pair = Pair()
        let id = pair.call()
        pair.drive(for: second, Self.answer)
        guard case .inviteReceived(let other, _, _)? = pair.events.first(where: { $0.side == .callee })?.event else {
            return
        }
        pair.events = []
        var accepted: [Bool] = []
        pair.perform(.caller) {
            accepted.append($0.reinvite(id, body: [1], now: $1))
            accepted.append($0.reinvite(id, body: [1], now: $1))
        }
        #expect(accepted == [true, false])
        pair.drive(for: second, Self.answer)
        #expect(
            pair.names(.caller) == ["reinviteAnswered"] && pair.names(.callee) == ["reinviteReceived", "ackReceived"])
        pair.perform(.callee) { _ = $0.reinvite(other, body: [1], now: $1) }
        pair.drive(for: second, Self.answer)
        #expect(pair.names(.callee).last == "reinviteAnswered" && pair.names(.caller).suffix(1) == ["ackReceived"])
        pair.perform(.caller) { $0.bye(id, now: $1) }
        pair.drive(for: 100 * second)
        #expect(pair.isQuiet)
    }

    @Test("re-INVITEs that meet both get 491")
    func glare() {
        var pair = Pair()
        let id = pair.call()
        pair.drive(for: second, Self.answer)
        guard case .inviteReceived(let other, _, _)? = pair.events.first(where: { $0.side == .callee })?.event else {
            return
        }
        pair.events = []
        pair.perform(.caller) { _ = $0.reinvite(id, body: [1], now: $1) }
        pair.perform(.callee) { _ = $0.reinvite(other, body: [1], now: $1) }
        pair.drive(for: second, Self.answer)
        #expect(pair.names(.caller) == ["reinviteFailed 491"] && pair.names(.callee) == ["reinviteFailed 491"])
        for _ in 0..<100 {
            #expect((2_100 * millisecond...4_000 * millisecond).contains(pair.caller.glareDelay(ownsCallID: true)))
            #expect(pair.caller.glareDelay(ownsCallID: false) <= 2_000 * millisecond)
        }
        #expect(pair.caller.sessionCount == 1 && pair.callee.sessionCount == 1)
    }

    @Test("a re-INVITE that gets no final response is given up, and the call goes on")
    func reinviteUnanswered() {
        var pair = Pair()
        let id = pair.call()
        pair.drive(for: second, Self.answer)
        pair.perform(.caller) { _ = $0.reinvite(id, body: [1], now: $1) }
        pair.drive(for: 40 * second)
        #expect(pair.names(.caller).last == "reinviteFailed 487" && pair.names(.callee).last == "reinviteCancelled")
        pair.perform(.caller) { _ = $0.reinvite(id, body: [1], now: $1) }
        pair.drive(for: second, Self.answer)
        #expect(pair.names(.caller).last == "reinviteAnswered")
        pair.perform(.caller) { $0.bye(id, now: $1) }
        pair.drive(for: 100 * second)
        #expect(pair.isQuiet)
    }

    @Test("a BYE during a re-INVITE ends both")
    func byeDuringReinvite() {
        var pair = Pair()
        let id = pair.call()
        pair.drive(for: second, Self.answer)
        pair.perform(.caller) { _ = $0.reinvite(id, body: [1], now: $1) }
        pair.drive(for: second)
        pair.perform(.caller) { $0.bye(id, now: $1) }
        pair.drive(for: 100 * second)
        #expect(
            pair.ladder.suffix(4).map { $0.drop { $0 != " " } } == [
                " -> BYE", " <- 200 BYE", " <- 487 INVITE", " -> ACK",
            ])
        #expect(pair.isQuiet)
    }

    @Test("REGISTER and OPTIONS outside a call are carried both ways")
    func requests() {
        var pair = Pair()
        let target = SIPURI(host: "192.0.2.2", port: 5060)
        let call = OutgoingInvite(
            target: target, destination: SIPDestination(target), local: Pair.callerAddress, from: NameAddress(target))
        pair.perform(.caller) {
            _ = $0.request(.register, call, callID: "reg-1", number: 7, now: $1)
            _ = $0.request(.options, call, now: $1)
        }
        pair.drive(for: 100 * second) { pair, side, event in
            switch event {
            case .registerReceived(let id, let request, _):
                #expect(request.callID == "reg-1" && request.cSeq.number == 7)
                pair.perform(side) { $0.respond(to: id, 403, now: $1) }
            case .optionsReceived(let id, _, _): pair.perform(side) { $0.respond(to: id, 200, now: $1) }
            default: break
            }
        }
        #expect(pair.names(.caller).sorted() == ["requestAnswered 200", "requestAnswered 403"])
        #expect(pair.isQuiet)
        pair.loss = 100
        pair.perform(.caller) { _ = $0.request(.options, call, now: $1) }
        pair.drive(for: 100 * second)
        #expect(pair.names(.caller).last == "requestFailed 408" && pair.isQuiet)
    }
}
