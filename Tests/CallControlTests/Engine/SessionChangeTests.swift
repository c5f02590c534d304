// SPDX-License-Identifier: GPL-2.0-or-later
import CallControl
import ISDN
import LineProtocol
import SDP
import SIPMessages
import Testing

@Suite("Hold, resume and delayed offers")
struct SessionChangeTests {
    private func connected(_ body: SessionBody = Given.body) -> Bench {
        var bench = Bench.fromSIP()
        bench.sip(.invite(Given.offer, body))
        bench.give(.routed(Given.toLine))
        bench.line(.received(Given.ourLeg, .connect))
        return bench
    }

    @Test(
        "hold changes the endpoint's flags and is answered with what it leaves us; resume undoes it; the line keeps up",
        arguments: [("sendonly", "recvonly", false, true), ("inactive", "inactive", false, false)])
    func hold(offered: String, answered: String, sending: Bool, receiving: Bool) {
        var bench = connected()
        bench.sip(.acknowledged(.none))
        let held = bench.sip(.reinvite(.description(Given.description(direction: offered))))
        #expect(held.reinviteReplies.map(\.status) == [200])
        #expect(held.reinviteReplies.first?.body?.media.first?.direction?.rawValue == answered)
        #expect(bench.open[Given.endpoint]?.sending == sending)
        #expect(bench.open[Given.endpoint]?.receiving == receiving)
        #expect(held.commands.allSatisfy { if case .clear = $0 { false } else { true } })
        #expect(bench.bridge == .both)
        bench.sip(.acknowledged(.none))
        let resumed = bench.sip(.reinvite(Given.body))
        #expect(resumed.reinviteReplies.first?.body?.media.first?.direction == .sendReceive)
        #expect(bench.open[Given.endpoint]?.sending == true)
        #expect(bench.open[Given.endpoint]?.receiving == true)
        #expect(bench.notes.suffix(2) == ["put on hold by SIP", "resumed by SIP"])
    }

    @Test("hold by an address of 0.0.0.0 sends nothing there")
    func oldHold() {
        var bench = connected()
        bench.sip(.acknowledged(.none))
        bench.sip(.reinvite(.description(Given.description(address: "0.0.0.0"))))
        #expect(bench.open[Given.endpoint]?.remote == nil)
        #expect(bench.open[Given.endpoint]?.sending == false)
    }

    @Test("a re-INVITE without a common codec is 488 and the call goes on as it was")
    func refusedChange() {
        var bench = connected()
        bench.sip(.acknowledged(.none))
        let before = bench.open
        let effects = bench.sip(.reinvite(Given.opus))
        #expect(effects.reinviteReplies.map(\.status) == [488])
        #expect(effects.reinviteReplies.first?.warning?.code == 305)
        #expect(bench.open == before)
        #expect(bench.engine.state == .connected)
    }

    @Test("a re-INVITE can move the peer's port and its codec")
    func moved() {
        var bench = connected()
        bench.sip(.acknowledged(.none))
        bench.sip(.reinvite(.description(Given.description(payloads: "0", port: 40_000, extra: ""))))
        #expect(bench.open[Given.endpoint]?.remote?.port == 40_000)
        #expect(bench.open[Given.endpoint]?.law == .muLaw)
        #expect(bench.open[Given.endpoint]?.sendTelephoneEventType == nil)
        #expect(bench.engine.record.codec == "PCMU")
    }

    @Test("a re-INVITE without an offer gets ours, and its ACK the answer")
    func delayedChange() {
        var bench = connected()
        bench.sip(.acknowledged(.none))
        let effects = bench.sip(.reinvite(.none))
        #expect(effects.reinviteReplies.first?.body?.media.first?.formats == ["8", "0", "101"])
        bench.sip(.acknowledged(.description(Given.description(payloads: "0", port: 40_002, extra: ""))))
        #expect(bench.open[Given.endpoint]?.remote?.port == 40_002)
    }

    @Test("a session description in an ACK that owes none changes nothing")
    func unaskedAnswer() {
        var bench = connected()
        let other = SessionBody.description(Given.description(payloads: "0", port: 40_004, extra: ""))
        #expect(bench.sip(.acknowledged(other)).isEmpty)
        bench.sip(.reinvite(Given.body))
        #expect(bench.sip(.acknowledged(other)).isEmpty)
        #expect(bench.open[Given.endpoint]?.remote?.port == 30_000)
    }

    @Test("a re-INVITE before the ACK of the first answer waits: 491")
    func pending() {
        var bench = connected()
        #expect(bench.sip(.reinvite(Given.body)).reinviteReplies.map(\.status) == [491])
    }

    @Test("an INVITE without an offer gets ours in the 200, and audio when the ACK has the answer")
    func delayedOffer() {
        var bench = connected(.none)
        #expect(bench.effects.replies.last?.status == 200)
        #expect(bench.effects.replies.last?.body?.media.first?.formats == ["8", "0", "101"])
        #expect(bench.open.isEmpty && bench.bridge == nil)
        bench.sip(.acknowledged(Given.body))
        #expect(bench.open[Given.endpoint]?.remote?.port == 30_000)
        #expect(bench.bridge == .both)
    }

    @Test("in-band information for a caller that made no offer is 180 or 183 without SDP")
    func delayedOfferEarly() {
        var bench = Bench.fromSIP()
        bench.sip(.invite(Given.offer, .none))
        bench.give(.routed(Given.toLine))
        #expect(bench.line(.received(Given.ourLeg, .progress(Given.inband, nil))).replies == [SIPReply(183)])
        #expect(bench.line(.received(Given.ourLeg, .alerting(Given.inband))).replies == [SIPReply(180)])
        #expect(bench.bridge == nil)
    }

    @Test(
        "an ACK without the answer it owes, or with one that does not fit, ends the call",
        arguments: [.none, Given.opus])
    func noAnswer(body: SessionBody) {
        var bench = connected(.none)
        let effects = bench.sip(.acknowledged(body))
        #expect(effects.byes.map { $0.map(\.cause) } == [[65]])
        #expect(effects.clears == [.bearerCapabilityNotImplemented])
    }
}
