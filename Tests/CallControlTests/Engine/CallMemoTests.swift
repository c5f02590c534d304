// SPDX-License-Identifier: GPL-2.0-or-later
import CallControl
import ISDN
import LineProtocol
import SDP
import SIPMessages
import Testing
import TestSupport

@Suite("What survives the control program")
struct CallMemoTests {
    private let dialog = [UInt8](repeating: 0xD1, count: 300)

    /// A call from SIP that is up.
    private func fromSIP() -> Bench {
        var bench = Bench.fromSIP()
        bench.sip(.invite(Given.offer, Given.body))
        bench.give(.sipCallID("abc@pbx"))
        bench.give(.routed(Given.toLine))
        bench.line(.seized(Given.ourLeg, Given.channel))
        bench.line(.received(Given.ourLeg, .connect))
        bench.sip(.acknowledged(.none))
        return bench
    }

    /// A call from the line that is up.
    private func fromLine() -> Bench {
        var bench = Bench.fromLine(role: .nt)
        bench.line(.incoming(Given.lineLeg, Given.setup))
        bench.give(.routed(Given.toPBX))
        bench.peer(.answered(Given.body))
        return bench
    }

    /// The control program is killed, and a new one takes the call up from what the line program kept.
    private func restart(_ bench: Bench) throws -> Bench {
        let memo = try CallMemo(decoding: bench.memo)
        #expect(memo.encoded() == bench.memo)
        var restored = Bench(try CallEngine.restored(from: memo, spanNames: Given.spanNames))
        restored.now = bench.now + 30 * Given.second
        restored.open = bench.open
        restored.memo = bench.memo
        restored.bridge = bench.bridge
        return restored
    }

    @Test("it is written once the call is up and its dialog is known, and again when either changes")
    func written() {
        var bench = fromSIP()
        #expect(bench.memo.isEmpty)
        bench.give(.dialog(dialog))
        let first = bench.memo
        #expect(!first.isEmpty)
        #expect(bench.give(.dialog(dialog)).isEmpty)
        bench.sip(.reinvite(.description(Given.description(direction: "sendonly"))))
        #expect(bench.memo != first)
        let second = bench.memo
        bench.give(.dialog(dialog + [1]))
        #expect(bench.memo != second)
        var facts = MediaFacts()
        facts.packetsReceived = 5_000
        #expect(bench.give(.facts(facts)).isEmpty)
    }

    @Test("a BYE ends a call that was taken up again, and its record is whole")
    func byeAfterRestart() throws {
        var old = fromSIP()
        old.give(.dialog(dialog))
        var bench = try restart(old)
        #expect(bench.engine.number == 12)
        #expect(bench.engine.state == .connected)
        #expect(bench.engine.dialog == dialog)
        #expect(bench.engine.lineLegs == [Given.ourLeg])
        #expect(bench.engine.endpoints == [Given.endpoint])
        #expect(bench.give(.dialog(dialog)).isEmpty)
        let effects = bench.sip(.bye([]))
        #expect(effects.clears == [.normalCallClearing])
        #expect(bench.open[Given.endpoint]?.sending == false)
        let ended = bench.now
        bench.line(.ended(Given.ourLeg, Given.end(.normalCallClearing, by: .control, received: 900)))
        bench.expectNothingLeft()
        #expect(bench.closed == [Given.endpoint])
        let record = try #require(bench.records.first)
        #expect(record.answered == old.engine.record.answered)
        #expect(record.started == Given.start + Given.second || record.started == Given.start)
        #expect(record.ended == ended)
        #expect(record.endedBy == .caller)
        #expect(record.from == "office-pbx" && record.to == "carrier-a" && record.dialled == "0100")
        #expect(record.channel == "carrier-a/17" && record.codec == "PCMA" && record.sipCallID == "abc@pbx")
        #expect(record.packetsReceived == 900)
    }

    @Test("a DISCONNECT ends a call that was taken up again with BYE, either way round")
    func disconnectAfterRestart() throws {
        for (start, leg) in [(fromSIP(), Given.ourLeg), (fromLine(), Given.lineLeg)] {
            var old = start
            old.give(.dialog(dialog))
            var bench = try restart(old)
            #expect(bench.line(.received(leg, .disconnect(.normalCallClearing, .user))).byes.count == 1)
            bench.line(.ended(leg, Given.end(.normalCallClearing)))
            bench.sip(.ended)
            bench.peer(.ended)
            #expect(bench.isFinished && bench.records.count == 1)
            #expect(bench.records.first?.endedBy == (leg == Given.ourLeg ? .callee : .caller))
        }
    }

    @Test("a leg that ended while nobody was there is billed until then", arguments: [false, true])
    func endedMeanwhile(disconnectIsTold: Bool) throws {
        var old = fromSIP()
        old.give(.dialog(dialog))
        var bench = try restart(old)
        let end = bench.now - 20 * Given.second
        if disconnectIsTold { bench.line(.received(Given.ourLeg, .disconnect(.normalCallClearing, .user))) }
        bench.line(.ended(Given.ourLeg, Given.end(.normalCallClearing, at: end)))
        #expect(bench.effects.byes.count == 1)
        bench.sip(.ended)
        #expect(bench.records.first?.ended == end)
    }

    @Test("hold works on a call that was taken up again, and the version of our description goes on from where it was")
    func holdAfterRestart() throws {
        var old = fromSIP()
        old.give(.dialog(dialog))
        let before = try #require(old.effects.replies.last?.body?.origin)
        var bench = try restart(old)
        let reply = bench.sip(.reinvite(.description(Given.description(direction: "sendonly")))).reinviteReplies.first
        #expect(reply?.status == 200)
        #expect(reply?.body?.origin.sessionID == before.sessionID)
        #expect(reply?.body?.origin.version == before.version + 1)
        #expect(bench.open[Given.endpoint]?.sending == false)
    }

    @Test("a call whose state is too large is not said to survive")
    func tooLarge() {
        var bench = fromSIP()
        let effects = bench.give(.dialog([UInt8](repeating: 1, count: Lane.maximumMemoOctets)))
        #expect(effects.commands.isEmpty)
        #expect(bench.notes.last?.contains("would not survive") == true)
    }

    @Test("an ordinary memo leaves room for a dialog of six thousand octets")
    func small() {
        var bench = fromSIP()
        bench.give(.dialog([]))
        #expect(bench.memo.count < 1_500)
    }

    @Test("octets that are no memo are refused, never trapped on")
    func hostile() {
        var bench = fromLine()
        bench.give(.dialog(dialog))
        let good = bench.memo
        for length in 0..<good.count {
            #expect(throws: LineDecodingError.self) { try CallMemo(decoding: Array(good.prefix(length))) }
        }
        #expect(throws: LineDecodingError.self) { try CallMemo(decoding: good + [0]) }
        var other = good
        other[0] = CallMemo.version + 1
        #expect(throws: LineDecodingError.self) { try CallMemo(decoding: other) }
        var random = SplitMix64(seed: 9)
        for _ in 0..<5_000 {
            var octets = good
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                octets[Int.random(in: 0..<octets.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            guard let memo = try? CallMemo(decoding: octets) else { continue }
            #expect(memo.encoded() == octets, "what is read is all that was written")
            guard let engine = try? CallEngine.restored(from: memo, spanNames: [:]) else { continue }
            var call = Bench(engine)
            call.now = .max / 2
            _ = call.engine.handle(.outgoingSIP(.reinvite(Given.body)), now: 0)
            _ = call.engine.handle(.hangup(.operatorHangup), now: .max)
            _ = call.engine.handle(.timer(.xClearing), now: 0)
            #expect(call.engine.state == .over)
        }
    }
}
