// SPDX-License-Identifier: GPL-2.0-or-later
import CallControl
import ISDN
import LineProtocol
import SDP
import SIPMessages
import Testing

@Suite("A call from the line to SIP")
struct ISDNToSIPTests {
    /// The SETUP came and the INVITE is out.
    private func inviting(_ role: InterfaceRole) -> Bench {
        var bench = Bench.fromLine(role: role)
        bench.line(.incoming(Given.lineLeg, Given.setup))
        bench.give(.routed(Given.toPBX))
        return bench
    }

    private func connected(_ role: InterfaceRole = .te) -> Bench {
        var bench = inviting(role)
        bench.peer(.provisional(180, .none))
        bench.peer(.answered(Given.body))
        bench.line(.received(Given.lineLeg, .connectAcknowledge))
        return bench
    }

    private func ended(_ cause: Cause, by initiator: EndInitiator = .control) -> LineEvent {
        .ended(Given.lineLeg, Given.end(cause, by: initiator))
    }

    @Test("SETUP gets CALL PROCEEDING at once, and the INVITE an offer of every codec")
    func setup() {
        var bench = Bench.fromLine(role: .te)
        let first = bench.line(.incoming(Given.lineLeg, Given.setup))
        #expect(first.sent == [.proceeding([])])
        #expect(
            first.contains(
                .route(CallOffer(number: PartyNumber(digits: "750"), calling: Given.calling, callingName: "Ann"))))
        let second = bench.give(.routed(Given.toPBX))
        #expect(second.invitations.map(\.target) == ["sip:750@192.0.2.10"])
        #expect(second.invitations.first?.calling == Given.calling)
        #expect(second.invitations.first?.body.media.first?.formats == ["8", "0", "101"])
        #expect(bench.open.isEmpty)
    }

    @Test("180 as NT is ALERTING with progress indicator 8 and ringback, which the answer ends")
    func ringingAsNT() {
        var bench = inviting(.nt)
        let ringing = bench.peer(.provisional(180, .none))
        #expect(ringing.sent == [.alerting([ProgressIndicator(.inbandInformation, location: .publicNetworkLocal)])])
        #expect(ringing.commands.contains(.play(.channel(Given.lineLeg), .tone(.ringback))))
        #expect(bench.playing == [.channel(Given.lineLeg)])
        #expect(bench.bridge == nil)
        let answered = bench.peer(.answered(Given.body))
        #expect(answered.sent == [.connect])
        #expect(bench.playing.isEmpty)
        #expect(bench.bridge == .both)
    }

    @Test("180 as TE is ALERTING without a progress indicator, and nothing is played")
    func ringingAsTE() {
        var bench = inviting(.te)
        let ringing = bench.peer(.provisional(180, .none))
        #expect(ringing.sent == [.alerting([])])
        #expect(ringing.commands.count == 1)
    }

    @Test(
        "183 with SDP is PROGRESS with progress indicator 8 and the far end's audio, one way",
        arguments: InterfaceRole.allCases)
    func earlyAudio(role: InterfaceRole) {
        var bench = inviting(role)
        let effects = bench.peer(.provisional(183, Given.body))
        #expect(effects.sent.count == 1)
        guard case .progress(let indicators) = effects.sent.first else {
            Issue.record("no PROGRESS")
            return
        }
        #expect(indicators.map(\.description) == [.inbandInformation])
        #expect(bench.bridge == .secondToFirst)
        #expect(effects.commands.contains(.bridge(.channel(Given.lineLeg), .endpoint(Given.endpoint), .secondToFirst)))
        // It is said once.
        #expect(bench.peer(.provisional(183, Given.body)).sent.isEmpty)
        // Ringing after it: the far end's audio goes on, and no ringback of ours.
        let ringing = bench.peer(.provisional(180, .none))
        #expect(ringing.sent.count == 1)
        #expect(bench.playing.isEmpty)
        bench.peer(.answered(.none))
        #expect(bench.bridge == .both)
    }

    @Test(
        "183 or another 180, with SDP, replaces our ringback with the far end's audio",
        arguments: [180, 183] as [UInt16])
    func earlyAudioAfterRinging(status: UInt16) {
        var bench = inviting(.nt)
        bench.peer(.provisional(180, .none))
        #expect(!bench.playing.isEmpty)
        #expect(bench.peer(.provisional(180, .none)).commands.isEmpty)
        bench.peer(.provisional(status, Given.body))
        #expect(bench.playing.isEmpty)
        #expect(bench.bridge == .secondToFirst)
    }

    @Test(
        "100, 181, 182 and 183 without SDP say nothing to the line", arguments: [100, 181, 182, 183, 199] as [UInt16])
    func silentProgress(status: UInt16) {
        var bench = inviting(.nt)
        #expect(bench.peer(.provisional(status, .none)).commands.isEmpty)
        #expect(bench.engine.state == .proceeding)
    }

    @Test(
        "a final refusal clears the line with the cause of its status",
        arguments: [(486, 17), (404, 1), (480, 18), (408, 102), (503, 41), (603, 21), (302, 127), (487, 31)]
            as [(UInt16, UInt8)])
    func refused(status: UInt16, cause: UInt8) {
        var bench = inviting(.te)
        let effects = bench.peer(.failed(status, [], warnings: []))
        #expect(effects.clears.map(\.rawValue) == [cause])
        bench.line(ended(.normalCallClearing))
        bench.expectNothingLeft()
        #expect(bench.records.first?.status == status)
        #expect(bench.records.first?.cause == cause)
        #expect(bench.records.first?.endedBy == .callee)
    }

    @Test("a Q.850 cause in the Reason of a refusal is believed before its status")
    func refusedWithReason() {
        var bench = inviting(.te)
        #expect(bench.peer(.failed(503, [.q850(34)], warnings: [])).clears == [.noCircuitAvailable])
    }

    @Test("488 goes by its Warning")
    func refusedWithWarning() {
        var bench = inviting(.te)
        let warning = WarningValue(code: 305, agent: "pbx", text: "no")
        #expect(bench.peer(.failed(488, [], warnings: [warning])).clears == [.bearerCapabilityNotImplemented])
    }

    @Test("the caller's DISCONNECT before the answer cancels with the cause")
    func cancel() {
        var bench = inviting(.nt)
        bench.peer(.provisional(180, .none))
        let effects = bench.line(.received(Given.lineLeg, .disconnect(.normalCallClearing, .user)))
        #expect(effects.cancels.map { $0.map(\.cause) } == [[16]])
        #expect(effects.clears.isEmpty)
        #expect(bench.playing.isEmpty)
        bench.line(ended(.normalCallClearing, by: .remote))
        #expect(!bench.isFinished)
        bench.peer(.failed(487, [], warnings: []))
        bench.expectNothingLeft()
        #expect(bench.records.first?.endedBy == .caller)
        #expect(bench.records.first?.status == nil)
        #expect(bench.records.first?.cause == 16)
    }

    @Test("a 200 that crosses our CANCEL is released with BYE, and was no answer")
    func answerCrossesCancel() {
        var bench = inviting(.te)
        bench.line(.received(Given.lineLeg, .disconnect(.normalCallClearing, .user)))
        let effects = bench.peer(.answered(Given.body))
        #expect(effects.byes.map { $0.map(\.cause) } == [[16]])
        bench.line(ended(.normalCallClearing, by: .remote))
        bench.peer(.ended)
        bench.expectNothingLeft()
        #expect(bench.records.first?.answered == nil)
    }

    @Test("BYE clears the line; DISCONNECT sends BYE")
    func release() {
        var bench = connected()
        #expect(bench.peer(.bye([.q850(31)])).clears == [.normalUnspecified])
        bench.line(ended(.normalUnspecified))
        bench.expectNothingLeft()
        #expect(bench.records.first?.endedBy == .callee)

        var other = connected()
        #expect(other.line(.received(Given.lineLeg, .disconnect(.userBusy, .user))).byes == [[.q850(17, "user busy")]])
        other.line(ended(.userBusy, by: .remote))
        other.peer(.ended)
        other.expectNothingLeft()
        #expect(other.records.first?.endedBy == .caller)
    }

    @Test("a 200 whose SDP does not fit, or that has none, is released on both sides", arguments: [.none, Given.opus])
    func unusableAnswer(body: SessionBody) {
        var bench = inviting(.te)
        let effects = bench.peer(.answered(body))
        #expect(effects.byes.count == 1)
        #expect(effects.clears == [.bearerCapabilityNotImplemented])
        bench.peer(.ended)
        bench.line(ended(.bearerCapabilityNotImplemented))
        bench.expectNothingLeft()
        #expect(bench.records.first?.endedBy == .gateway)
        #expect(bench.records.first?.remark.isEmpty == false)
    }

    @Test("a data call is not sent on over SIP: cause 65")
    func dataCall() {
        var bench = Bench.fromLine(role: .nt)
        var setup = Given.setup
        setup.bearer = BearerCapability(transfer: .unrestrictedDigital, law: nil)
        bench.line(.incoming(Given.lineLeg, setup))
        let effects = bench.give(.routed(Given.toPBX))
        #expect(effects.invitations.isEmpty)
        #expect(effects.clears == [.bearerCapabilityNotImplemented])
        bench.line(ended(.bearerCapabilityNotImplemented))
        bench.expectNothingLeft()
    }

    @Test("no route clears the line with cause 1")
    func noRoute() {
        var bench = Bench.fromLine(role: .te)
        bench.line(.incoming(Given.lineLeg, Given.setup))
        #expect(bench.give(.refused(.noRoute(to: "750", from: "carrier-a"))).clears == [.unallocatedNumber])
        bench.line(ended(.unallocatedNumber))
        bench.expectNothingLeft()
        #expect(bench.records.first?.channel == "carrier-a/17")
        #expect(bench.records.first?.status == nil)
    }

    @Test("hold by the called SIP phone changes flags only")
    func hold() {
        var bench = connected()
        let effects = bench.peer(.reinvite(.description(Given.description(direction: "sendonly"))))
        #expect(effects.reinviteReplies.first?.body?.media.first?.direction == .receiveOnly)
        #expect(bench.open[Given.endpoint]?.sending == false)
        #expect(bench.bridge == .both)
    }

    @Test("an international caller keeps the plus sign in From, a restricted one is anonymous there")
    func identity() {
        var invitation = SIPInvitation(
            target: "sip:1@x", calling: Given.calling, callingName: "Ann", body: Given.description())
        #expect("\(invitation.from(host: "gw"))" == "Ann <sip:+442071838750@gw>")
        #expect(invitation.identityHeaders(host: "gw").map(\.name) == ["P-Asserted-Identity"])
        invitation.calling?.presentation = .restricted
        #expect("\(invitation.from(host: "gw"))" == "Anonymous <sip:anonymous@anonymous.invalid>")
        #expect(invitation.identityHeaders(host: "gw").map(\.name) == ["P-Asserted-Identity", "Privacy"])
        invitation.calling = nil
        #expect("\(invitation.from(host: "gw"))" == "Ann <sip:gw>")
        #expect(invitation.identityHeaders(host: "gw").isEmpty)
    }
}

@Suite("A call from line to line, and from SIP to SIP")
struct TandemTests {
    @Test("the same machine joins two ISDN legs, and a call of two legs on the line survives without a dialog")
    func tandem() {
        var bench = Bench.fromLine(role: .nt)
        bench.line(.incoming(Given.lineLeg, Given.setup))
        let out = bench.give(.routed(Given.toLine))
        #expect(out.setups.count == 1)
        bench.line(.received(Given.ourLeg, .alerting([])))
        #expect(bench.playing == [.channel(Given.lineLeg)])
        let answered = bench.line(.received(Given.ourLeg, .connect))
        #expect(answered.sent == [.connect])
        #expect(answered.commands.contains(.bridge(.channel(Given.lineLeg), .channel(Given.ourLeg), .both)))
        #expect(!bench.memo.isEmpty)
        let cleared = bench.line(.received(Given.ourLeg, .disconnect(.userBusy, .user)))
        #expect(cleared.clears == [.userBusy])
        bench.line(.ended(Given.ourLeg, Given.end(.userBusy)))
        bench.line(.ended(Given.lineLeg, Given.end(.userBusy, by: .control)))
        bench.expectNothingLeft()
    }

    @Test("ringing after early audio keeps that audio: no ringback over it")
    func ringingAfterEarlyAudio() {
        var bench = Bench.fromLine(role: .nt)
        bench.line(.incoming(Given.lineLeg, Given.setup))
        bench.give(.routed(Given.toLine))
        bench.line(.received(Given.ourLeg, .progress(Given.inband, nil)))
        let ringing = bench.line(.received(Given.ourLeg, .alerting([])))
        #expect(ringing.sent.count == 1)
        #expect(bench.playing.isEmpty)
    }

    @Test("the same machine joins two SIP legs; a refusal's status is passed on, a redirection is not")
    func fallback() {
        for (status, expected) in [(486, 486), (302, 500), (401, 403), (606, 606)] as [(UInt16, UInt16)] {
            var bench = Bench.fromSIP()
            bench.sip(.invite(Given.offer, Given.body))
            let route = SIPRoute(target: "sip:2@b", media: Given.grant(endpoint: EndpointID(41)))
            bench.give(.routed(CallDestination(name: "b", dialled: "2", way: .sip(route))))
            let effects = bench.peer(.failed(status, [], warnings: []))
            #expect(effects.replies.map(\.status) == [expected])
            bench.expectNothingLeft()
            #expect(bench.closed == [Given.endpoint, EndpointID(41)])
        }
    }
}
