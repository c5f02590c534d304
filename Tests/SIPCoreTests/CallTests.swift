// SPDX-License-Identifier: GPL-2.0-or-later
import SIPCore
import SIPMessages
import Testing

@Suite("Calls between two endpoints")
struct CallTests {
    static let answerBody = Array("answer".utf8)

    /// The callee rings, answers after a while, and the caller hangs up.
    static func answer(_ pair: inout Pair, _ side: Pair.Side, _ event: SIPEvent) {
        if case .inviteReceived(let id, _, _) = event {
            pair.perform(side) { $0.respond(id, 180, now: $1) }
            pair.perform(side) { $0.respond(id, 200, body: Self.answerBody, now: $1) }
        }
    }

    @Test("INVITE, 180, 200, ACK, BYE, 200, and nothing is left over")
    func wholeCall() throws {
        var pair = Pair()
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
        guard case .byeReceived(_, let bye)? = pair.events.first(where: { name($0.event) == "byeReceived" })?.event
        else { return #expect(Bool(false)) }
        #expect(bye.reasons == [.q850(16)])
    }
}
