// SPDX-License-Identifier: GPL-2.0-or-later
import ISDN
import Line
import LineProtocol
import Testing

@Suite("Line session: while no control program is there")
struct DetachedTests {
    @Test("A call that is up goes on", arguments: [false, true])
    func callGoesOn(detached: Bool) {
        var bench = SessionBench.withCall()
        if detached { bench.say(.detach, on: laneA) } else { bench.close(laneA) }
        bench.pass(seconds: 59)
        #expect(bench.cleared.isEmpty)
        #expect(bench.closed == (detached ? [laneA] : []))
        #expect(bench.session.liveLegs == 1)
    }

    @Test("A call being set up is cleared with cause 41 after 5 s")
    func settingUp() {
        var bench = SessionBench()
        bench.arrive(laneA, epoch: 1)
        bench.say(.setup(ours, request), on: laneA)
        bench.emit(.seized(ours, channel), .received(ours, .alerting([])))
        bench.pass(seconds: 100)
        bench.close(laneA)
        bench.pass(seconds: 4.99)
        #expect(bench.cleared.isEmpty)
        bench.pass(seconds: 0.02)
        #expect(bench.cleared == [ours: .temporaryFailure])
        #expect(bench.counted[.detachedClearings] == 1)
        bench.pass(seconds: 1_000)
        #expect(bench.counted[.detachedClearings] == 1)
    }

    @Test("A new call is held 2 s, then cleared with cause 42")
    func newCall() {
        var bench = SessionBench()
        bench.pass(seconds: 30)
        bench.emit(.incoming(theirs, call))
        bench.pass(seconds: 1.99)
        #expect(bench.cleared.isEmpty)
        bench.pass(seconds: 0.02)
        #expect(bench.cleared == [theirs: .switchingEquipmentCongestion])
    }

    @Test("A control program that comes within the 2 s is told of the new call as of any, not in the snapshot")
    func heldCall() {
        var bench = SessionBench()
        bench.pass(seconds: 30)
        bench.emit(.incoming(theirs, call))
        bench.pass(seconds: 1)
        bench.arrive(laneA, epoch: 1)
        bench.pass(seconds: 100)
        #expect(bench.cleared.isEmpty)
        #expect(bench.legSnapshots(laneA).isEmpty)
        #expect(bench.events(laneA).last == .incoming(theirs, call))
    }

    @Test("A call the last control program had begun to answer is in the snapshot, and not said to be new")
    func halfTaken() {
        var bench = SessionBench()
        bench.arrive(laneA, epoch: 1)
        bench.emit(.incoming(theirs, call))
        bench.say(.send(theirs, .proceeding([])), on: laneA)
        bench.close(laneA)
        bench.pass(seconds: 1)
        bench.arrive(laneB, epoch: 2)
        #expect(bench.legSnapshots(laneB).map(\.leg) == [theirs])
        #expect(!bench.events(laneB).contains(.incoming(theirs, call)))
    }

    @Test("Hello without attach is not enough to keep calls")
    func greetedOnly() {
        var bench = SessionBench()
        bench.arrive(laneA, epoch: 1)
        bench.say(.setup(ours, request), on: laneA)
        bench.close(laneA)
        bench.pass(seconds: 3)
        bench.open(laneB)
        bench.say(.hello(versions: [1], epoch: 2), on: laneB)
        bench.pass(seconds: 2.1)
        #expect(bench.cleared == [ours: .temporaryFailure])
    }

    @Test("A minute without RTP clears a call, unless packets still come or it is on hold")
    func silence() {
        var silent = SessionBench.withCall()
        var hold = SessionBench.withCall()
        var onHold = parameters
        onHold.receiving = false
        hold.say(.open(endpoint, onHold), on: laneA)
        var talking = SessionBench.withCall()
        silent.close(laneA)
        hold.close(laneA)
        talking.close(laneA)
        silent.pass(seconds: 60.1)
        hold.pass(seconds: 599)
        for packets in 1...59 {
            talking.session.notePackets(UInt64(packets), leg: ours, now: talking.now)
            talking.pass(seconds: 10)
        }
        #expect(silent.cleared == [ours: .temporaryFailure])
        #expect(hold.cleared.isEmpty)
        #expect(talking.cleared.isEmpty)
        hold.pass(seconds: 2)
        talking.pass(seconds: 11)
        #expect(hold.cleared == [ours: .temporaryFailure])
        #expect(talking.cleared == [ours: .temporaryFailure])
    }

    @Test("The minute of silence begins when the control program goes, not before")
    func silenceBefore() {
        var bench = SessionBench.withCall()
        bench.pass(seconds: 300)
        bench.close(laneA)
        bench.pass(seconds: 59)
        #expect(bench.cleared.isEmpty)
        bench.arrive(laneB, epoch: 2)
        bench.pass(seconds: 300)
        #expect(bench.cleared.isEmpty)
    }

    @Test("A leg that is being cleared is left to Q.931's timers")
    func clearing() {
        var bench = SessionBench.withCall()
        bench.say(.clear(ours, .normalCallClearing), on: laneA)
        bench.close(laneA)
        bench.pass(seconds: 700)
        #expect(bench.cleared.isEmpty)
    }

    @Test("Draining refuses new calls either way and ends with the last one")
    func draining() {
        var bench = SessionBench.withCall()
        bench.say(.shutdown(drain: true), on: laneA)
        #expect(!bench.ended)
        let second = LegID(epoch: 1, counter: 2)
        bench.say(.setup(second, request), on: laneA)
        guard case .ended(second, let report) = bench.events(laneA).last else {
            Issue.record("the refused call has no end")
            return
        }
        #expect(report.cause == .switchingEquipmentCongestion)
        bench.emit(.incoming(theirs, call))
        #expect(bench.cleared == [theirs: .switchingEquipmentCongestion])
        bench.emit(.ended(theirs, EndReport(cause: .switchingEquipmentCongestion, initiator: .line)))
        #expect(!bench.ended)
        bench.emit(.ended(ours, EndReport(cause: .normalCallClearing, initiator: .remote)))
        #expect(bench.ended)
    }

    @Test("Ending clears every call, waits a second for the far ends, and ends")
    func shutdown() {
        var bench = SessionBench.withCall()
        bench.run(bench.session.end(draining: false, now: bench.time))
        #expect(bench.cleared == [ours: .temporaryFailure])
        #expect(!bench.ended)
        bench.pass(seconds: 0.99)
        #expect(!bench.ended)
        bench.pass(seconds: 0.02)
        #expect(bench.ended)
        var idle = SessionBench()
        idle.run(idle.session.end(draining: true, now: idle.time))
        #expect(idle.ended)
    }
}
