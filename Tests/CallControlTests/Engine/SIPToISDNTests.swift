// SPDX-License-Identifier: GPL-2.0-or-later
import CallControl
import ISDN
import LineProtocol
import SDP
import SIPMessages
import Testing

@Suite("A call from SIP to the line")
struct SIPToISDNTests {
    /// The INVITE came and the SETUP is out.
    private func settingUp(_ body: SessionBody = Given.body) -> Bench {
        var bench = Bench.fromSIP()
        bench.sip(.invite(Given.offer, body))
        bench.give(.routed(Given.toLine))
        bench.line(.seized(Given.ourLeg, Given.channel))
        return bench
    }

    private func received(_ message: ReceivedCallMessage) -> LineEvent { .received(Given.ourLeg, message) }

    private func connected(_ body: SessionBody = Given.body) -> Bench {
        var bench = settingUp(body)
        bench.line(received(.proceeding([])))
        bench.line(received(.alerting([])))
        bench.line(received(.connect))
        bench.sip(.acknowledged(.none))
        return bench
    }

    @Test("INVITE asks for the way and then sends SETUP with the routed number, the caller and the name")
    func setup() {
        var bench = Bench.fromSIP()
        #expect(bench.sip(.invite(Given.offer, Given.body)) == [.route(Given.offer)])
        let effects = bench.give(.routed(Given.toLine))
        #expect(effects.setups.count == 1)
        #expect(effects.setups.first?.called == PartyNumber(digits: "0100", type: .national))
        #expect(effects.setups.first?.calling == Given.calling)
        #expect(effects.setups.first?.callingName == "Ann")
        #expect(effects.setups.first?.spans == [Given.span])
        #expect(bench.timers == [.xNoAnswer])
    }

    @Test("a second verdict of routing changes nothing")
    func routedTwice() {
        var bench = settingUp()
        #expect(bench.give(.routed(Given.toPBX)).isEmpty)
        #expect(bench.engine.record.to == "carrier-a")
        #expect(bench.engine.lineLegs == [Given.ourLeg])
    }

    @Test("ALERTING without in-band information is 180 without SDP, and nothing is opened or played")
    func alerting() {
        var bench = settingUp()
        bench.line(received(.proceeding([])))
        let effects = bench.line(received(.alerting([])))
        #expect(effects.replies == [SIPReply(180)])
        #expect(effects.commands.isEmpty)
        #expect(bench.engine.record.alerting == bench.now)
    }

    @Test(
        "a progress indicator 1 or 8 in CALL PROCEEDING, PROGRESS or ALERTING is 183 with SDP and the line's audio, one way",
        arguments: [ProgressDescription.notEndToEndISDN, .inbandInformation])
    func earlyAudio(description: ProgressDescription) {
        let progress = [ProgressIndicator(description)]
        for message in [ReceivedCallMessage.proceeding(progress), .progress(progress, nil), .alerting(progress)] {
            var bench = settingUp()
            let effects = bench.line(received(message))
            #expect(effects.replies.map(\.status) == [183])
            #expect(effects.replies.first?.body?.media.first?.formats == ["8", "101"])
            #expect(bench.bridge == .secondToFirst)
            #expect(bench.open[Given.endpoint]?.law == .aLaw)
            #expect(
                effects.commands.contains(.bridge(.endpoint(Given.endpoint), .channel(Given.ourLeg), .secondToFirst)))
        }
    }

    @Test(
        "the other progress indicators say nothing of audio",
        arguments: ProgressDescription.allCases.filter { !$0.announcesAudio })
    func noEarlyAudio(description: ProgressDescription) {
        var bench = settingUp()
        let effects = bench.line(received(.alerting([ProgressIndicator(description)])))
        #expect(effects.replies == [SIPReply(180)])
        #expect(bench.bridge == nil)
    }

    @Test("CONNECT is 200 with the answer and audio both ways, whatever was heard before")
    func connect() {
        var bench = settingUp()
        bench.line(received(.progress(Given.inband, nil)))
        #expect(bench.bridge == .secondToFirst)
        let effects = bench.line(received(.connect))
        #expect(effects.replies.map(\.status) == [200])
        #expect(effects.replies.first?.body?.media.first?.port == 16_384)
        #expect(bench.bridge == .both)
        #expect(bench.timers.isEmpty)
        #expect(bench.engine.state == .connected)
        let opened = bench.open[Given.endpoint]
        #expect(opened?.remote == TransportAddress(.v4(0xC633_6409), port: 30_000))
        #expect(opened?.sendPayloadType == 8)
        #expect(opened?.sendTelephoneEventType == 101)
        #expect(opened?.sending == true && opened?.receiving == true)
    }

    @Test("the peer's IPv6 address reaches the endpoint")
    func ipv6() {
        var bench = Bench.fromSIP(
            media: MediaGrant(
                endpoint: Given.endpoint, local: LocalAudio(address: "2001:db8::1", port: 16_384, codecs: [.pcma]),
                sessionID: 1))
        bench.sip(.invite(Given.offer, .description(Given.description(address: "2001:db8:0:1::c0a8:1"))))
        bench.give(.routed(Given.toLine))
        bench.line(received(.connect))
        #expect(
            bench.open[Given.endpoint]?.remote
                == TransportAddress(.v6(0x2001_0db8_0000_0001, 0x0000_0000_c0a8_0001), port: 30_000))
    }

    @Test("CANCEL after 180 releases the B channel with cause 16")
    func cancel() {
        var bench = settingUp()
        bench.line(received(.alerting([])))
        let effects = bench.sip(.cancelled([]))
        #expect(effects.clears == [.normalCallClearing])
        #expect(effects.replies.isEmpty)
        bench.line(.ended(Given.ourLeg, Given.end(.normalCallClearing, by: .control)))
        bench.expectNothingLeft()
        #expect(bench.records.first?.endedBy == .caller)
        #expect(bench.records.first?.status == 487)
        #expect(bench.records.first?.cause == 16)
        #expect(bench.records.first?.answered == nil)
    }

    @Test("a cause in the Reason of CANCEL or BYE is the one the line gets")
    func cancelReason() {
        var cancelled = settingUp()
        #expect(cancelled.sip(.cancelled([.sip(200), .q850(26)])).clears == [.nonSelectedUserClearing])
        var ended = connected()
        #expect(ended.sip(.bye([.q850(31)])).clears == [.normalUnspecified])
    }

    @Test("CANCEL before the way is known needs no SETUP")
    func cancelWhileRouting() {
        var bench = Bench.fromSIP()
        bench.sip(.invite(Given.offer, Given.body))
        bench.sip(.cancelled([]))
        bench.expectNothingLeft()
        #expect(bench.give(.routed(Given.toLine)).isEmpty)
        #expect(bench.closed == [Given.endpoint])
    }

    @Test("CONNECT that crosses CANCEL is not answered with 200")
    func connectCrossesCancel() {
        var bench = settingUp()
        bench.sip(.cancelled([]))
        #expect(bench.line(received(.connect)).isEmpty)
        bench.line(.ended(Given.ourLeg, Given.end(.normalCallClearing, by: .control)))
        bench.expectNothingLeft()
        #expect(bench.records.first?.answered == nil)
    }

    @Test("CANCEL that comes after the 200 ends nothing; the BYE does")
    func cancelAfterAnswer() {
        var bench = settingUp()
        bench.line(received(.connect))
        #expect(bench.sip(.cancelled([])).isEmpty)
        bench.sip(.acknowledged(.none))
        #expect(bench.sip(.bye([])).clears == [.normalCallClearing])
    }

    @Test(
        "a DISCONNECT before the answer refuses with the status of its cause, and says the cause",
        arguments: [(17, 486), (1, 404), (34, 503), (21, 603), (19, 480), (102, 504), (16, 500), (44, 500), (65, 488)]
            as [(UInt8, UInt16)])
    func refused(value: UInt8, status: UInt16) throws {
        let cause = try #require(Cause(rawValue: value))
        var bench = settingUp()
        bench.line(received(.proceeding([])))
        let effects = bench.line(received(.disconnect(cause, .user)))
        #expect(effects.replies == [SIPReply(status, reasons: [.q850(Int(value), cause.name)])])
        #expect(effects.clears.isEmpty)
        bench.line(.ended(Given.ourLeg, Given.end(cause)))
        bench.expectNothingLeft()
        #expect(bench.records.first?.endedBy == .callee)
        #expect(bench.records.first?.status == status)
        #expect(bench.records.first?.cause == value)
    }

    @Test("cause 44 after glare is 503: the caller may try again at once")
    func glare() {
        var bench = settingUp()
        bench.line(.glare(Given.ourLeg, Given.channel))
        let effects = bench.line(.ended(Given.ourLeg, Given.end(.requestedCircuitNotAvailable)))
        #expect(effects.replies.map(\.status) == [503])
        #expect(effects.replies.first?.reasons == [.q850(44, Cause.requestedCircuitNotAvailable.name)])
        bench.expectNothingLeft()
    }

    @Test("what the line program ends of itself is the gateway's doing, with a sentence in the record")
    func timer() {
        var bench = settingUp()
        bench.line(received(.proceeding([])))
        bench.line(.timerExpired(Given.ourLeg, .t310))
        let effects = bench.line(
            .ended(Given.ourLeg, Given.end(.recoveryOnTimerExpiry, by: .line, timer: .t310)))
        #expect(effects.replies.map(\.status) == [504])
        bench.expectNothingLeft()
        #expect(bench.records.first?.endedBy == .gateway)
        #expect(bench.records.first?.remark.hasPrefix("T310") == true)
    }

    @Test("no common codec is 488 with Warning 305, cause 65 and a sentence that names both sides' codecs")
    func noCodec() {
        var bench = Bench.fromSIP()
        let effects = bench.sip(.invite(Given.offer, Given.opus))
        #expect(effects.replies.map(\.status) == [488])
        #expect(effects.replies.first?.warning?.code == 305)
        #expect(effects.replies.first?.reasons.first?.cause == 65)
        #expect(effects.setups.isEmpty)
        bench.expectNothingLeft()
        #expect(bench.notes.contains { $0.contains("opus") && $0.contains("PCMA") })
        #expect(bench.records.first?.status == 488)
        #expect(bench.records.first?.called == "90100")
        #expect(bench.records.first?.remark.contains("opus") == true)
    }

    @Test("an unreadable session description is 400")
    func unreadable() {
        var bench = Bench.fromSIP()
        let effects = bench.sip(.invite(Given.offer, SessionBody(Array("v=1\r\n".utf8))))
        #expect(effects.replies.map(\.status) == [400])
        bench.expectNothingLeft()
    }

    @Test("no free RTP port is 503 with cause 47")
    func noEndpoint() {
        var bench = Bench.fromSIP(media: nil)
        let effects = bench.sip(.invite(Given.offer, Given.body))
        #expect(effects.replies == [SIPReply(503, reasons: [.q850(47, Cause.resourceUnavailable.name)])])
        bench.expectNothingLeft()
    }

    @Test(
        "what the gateway refuses for itself has its status and cause",
        arguments: [
            (.noRoute(to: "1", from: "x"), 404, 1), (.dChannelDown("x"), 503, 38),
            (Release(.noCircuitAvailable, initiator: .gateway), 503, 34),
            (.draining, 503, 42), (.noEndpoint, 503, 47),
        ] as [(Release, UInt16, Int)])
    func refusals(release: Release, status: UInt16, cause: Int) {
        var bench = Bench.fromSIP()
        bench.sip(.invite(Given.offer, Given.body))
        let effects = bench.give(.refused(release))
        #expect(effects.replies.map(\.status) == [status])
        #expect(effects.replies.first?.reasons.map(\.cause) == [cause])
        bench.expectNothingLeft()
        #expect(bench.records.first?.endedBy == .gateway)
        #expect(bench.records.first?.remark == release.text)
        #expect(bench.records.first?.to == "")
    }

    @Test(
        "the caller's BYE clears the line with cause 16; the record bills from answer to BYE and has the line's counts")
    func bye() {
        var bench = settingUp()
        bench.line(received(.alerting([])))
        bench.line(received(.connect))
        let answered = bench.now
        bench.sip(.acknowledged(.none))
        bench.give(.sipCallID("abc@192.0.2.10"))
        let effects = bench.give(.incomingSIP(.bye([])), after: 60)
        let ended = bench.now
        #expect(effects.clears == [.normalCallClearing])
        #expect(bench.open[Given.endpoint]?.sending == false && bench.open[Given.endpoint]?.receiving == false)
        #expect(bench.timers == [.xClearing])
        bench.line(.ended(Given.ourLeg, Given.end(.normalCallClearing, by: .control, at: bench.now, received: 3_000)))
        bench.expectNothingLeft()
        let record = bench.records.first
        #expect(record?.answered == answered)
        #expect(record?.ended == ended)
        #expect(record?.billedMilliseconds == 62_000)
        #expect(record?.status == nil)
        #expect(record?.cause == 16)
        #expect(record?.endedBy == .caller)
        #expect(record?.from == "office-pbx")
        #expect(record?.to == "carrier-a")
        #expect(record?.caller == "+442071838750")
        #expect(record?.callerName == "Ann")
        #expect(record?.called == "90100")
        #expect(record?.dialled == "0100")
        #expect(record?.channel == "carrier-a/17")
        #expect(record?.codec == "PCMA")
        #expect(record?.sipCallID == "abc@192.0.2.10")
        #expect(record?.packetsReceived == 3_000)
        #expect(record?.remark == "")
    }

    @Test("DISCONNECT of a call that is up is BYE with the cause")
    func disconnect() {
        var bench = connected()
        let effects = bench.line(received(.disconnect(.normalCallClearing, .user)))
        #expect(effects.byes == [[.q850(16, "normal call clearing")]])
        bench.line(.ended(Given.ourLeg, Given.end(.normalCallClearing)))
        #expect(!bench.isFinished)
        bench.sip(.ended)
        bench.expectNothingLeft()
        #expect(bench.records.first?.endedBy == .callee)
    }

    @Test("BYE and DISCONNECT that cross end the call once")
    func collision() {
        var bench = connected()
        bench.line(received(.disconnect(.normalCallClearing, .user)))
        bench.sip(.bye([]))
        bench.line(.ended(Given.ourLeg, Given.end(.normalCallClearing)))
        bench.sip(.ended)
        bench.expectNothingLeft()
        #expect(bench.effects.byes.count == 1)
        #expect(bench.effects.clears.isEmpty)
        #expect(bench.records.first?.endedBy == .callee)

        var other = connected()
        other.sip(.bye([]))
        other.line(received(.disconnect(.normalUnspecified, .user)))
        other.line(.ended(Given.ourLeg, Given.end(.normalCallClearing)))
        other.expectNothingLeft()
        #expect(other.effects.byes.isEmpty)
        #expect(other.effects.clears == [.normalCallClearing])
        #expect(other.records.first?.endedBy == .caller)
    }

    @Test("an answer that is never acknowledged ends the call on both sides")
    func unacknowledged() {
        var bench = settingUp()
        bench.line(received(.connect))
        let effects = bench.sip(.ackTimedOut)
        #expect(effects.byes.count == 1)
        #expect(effects.clears == [.recoveryOnTimerExpiry])
        bench.sip(.ended)
        bench.line(.ended(Given.ourLeg, Given.end(.recoveryOnTimerExpiry, by: .control)))
        bench.expectNothingLeft()
        #expect(bench.records.first?.endedBy == .gateway)
    }

    @Test("a leg that never confirms its release is given up when the guard timer fires")
    func guardTimer() {
        var bench = connected()
        bench.sip(.bye([]))
        bench.give(.timer(.xClearing), after: 70)
        bench.expectNothingLeft()
        #expect(bench.notes.contains { $0.contains("never confirmed") })
        #expect(bench.line(.ended(Given.ourLeg, Given.end(.normalCallClearing))).isEmpty)
    }

    @Test("a call that nobody answers is given up on both sides: 480 and cause 19 when it rang, 504 and 102 when not")
    func noAnswer() {
        var bench = settingUp()
        bench.line(received(.alerting([])))
        let effects = bench.give(.timer(.xNoAnswer), after: 240)
        #expect(effects.replies.map(\.status) == [480])
        #expect(effects.clears == [.noAnswer])
        bench.line(.ended(Given.ourLeg, Given.end(.noAnswer, by: .control)))
        bench.expectNothingLeft()

        var silent = settingUp()
        let others = silent.give(.timer(.xNoAnswer), after: 240)
        #expect(others.replies.map(\.status) == [504])
        #expect(others.clears == [.recoveryOnTimerExpiry])
    }

    @Test("the line program's death is 503 before the answer, BYE after it, with cause 41; nothing more is said to it")
    func lineLost() {
        var early = settingUp()
        early.line(received(.alerting(Given.inband)))
        let refused = early.give(.lineLost)
        #expect(refused.replies == [SIPReply(503, reasons: [.q850(41, "temporary failure")])])
        #expect(refused.commands.isEmpty)
        #expect(early.isFinished)

        var late = connected()
        let ended = late.give(.lineLost)
        #expect(ended.byes == [[.q850(41, "temporary failure")]])
        #expect(ended.commands.isEmpty)
        late.sip(.ended)
        #expect(late.isFinished && late.timers.isEmpty)
        #expect(late.records.first?.endedBy == .gateway)
        #expect(late.records.first?.cause == 41)
        #expect(late.records.first?.remark == Release.lineProgramLost.text)
        #expect(late.effects.suffix(3).commands.isEmpty)
    }

    @Test("the last facts reach the record of a call whose line program died")
    func facts() {
        var bench = connected()
        var facts = MediaFacts()
        facts.packetsReceived = 500
        facts.packetsLost = 3
        facts.concealedMilliseconds = 60
        bench.give(.facts(facts))
        bench.give(.lineLost)
        bench.sip(.ended)
        #expect(bench.records.first?.packetsReceived == 500)
        #expect(bench.records.first?.packetsLost == 3)
        #expect(bench.records.first?.concealedMilliseconds == 60)
    }

    @Test("the operator's hangup releases both sides")
    func hangup() {
        var bench = connected()
        let effects = bench.give(.hangup(.operatorHangup))
        #expect(effects.byes.count == 1)
        #expect(effects.clears == [.normalCallClearing])
        bench.sip(.ended)
        bench.line(.ended(Given.ourLeg, Given.end(.normalCallClearing, by: .control)))
        bench.expectNothingLeft()
        #expect(bench.records.first?.remark == "hung up by the operator")
        #expect(bench.records.first?.endedBy == .gateway)
    }
}
