// SPDX-License-Identifier: GPL-2.0-or-later
import DemonstrationSwitch
import Foundation
import ISDN
import LineProtocol
import Operations
import Testing

@Suite("What switch-call prints")
struct SwitchCallLineTests {
    private func line(_ progress: CallInProgress) -> SwitchCallLine {
        SwitchCallLine(progress) { "subscriber/\($0.timeslot)" }
    }

    @Test("Each step is a sentence")
    func sentences() {
        #expect(line(.seized(ChannelID(span: SpanID(1), timeslot: 31))).sentence == "on channel subscriber/31")
        #expect(line(.ringing).sentence == "ringing")
        #expect(line(.answered).sentence == "answered")
    }

    @Test("The end says who, why and whether it was answered")
    func end() {
        let refused = line(.ended(CallInEnd(cause: .userBusy, initiator: .remote, answered: false)))
        #expect(refused.sentence == "ended by the gateway: cause 17 user busy")
        #expect(refused.cause == 17)
        #expect(refused.wasAnswered == false)
        let lost = line(
            .ended(CallInEnd(cause: .networkOutOfOrder, initiator: .line, answered: true, reason: "it died")))
        #expect(lost.sentence.hasPrefix("ended by the switch's line program: cause 38 "))
        #expect(lost.sentence.hasSuffix(" (it died)"))
        #expect(lost.wasAnswered == true)
    }

    @Test("A line survives JSON")
    func json() throws {
        let before = line(.ended(CallInEnd(cause: .userBusy, initiator: .remote, answered: false)))
        #expect(try JSONDecoder().decode(SwitchCallLine.self, from: JSONEncoder().encode(before)) == before)
    }
}
