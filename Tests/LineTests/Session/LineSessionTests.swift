// SPDX-License-Identifier: GPL-2.0-or-later
import ISDN
import Line
import LineProtocol
import Testing

@Suite("Line session: hello, attach, memos")
struct LineSessionTests {
    @Test("Hello is answered with the version and the life of the line program")
    func hello() {
        var bench = SessionBench()
        bench.open(laneA)
        bench.say(.hello(versions: [1, 9], epoch: 4), on: laneA)
        #expect(bench.events(laneA) == [.welcome(version: 1, bootID: 77)])
        #expect(bench.session.control == .greeted(laneA, aloneSince: 0))
    }

    @Test("A control program of another version is told which versions are spoken")
    func version() {
        var bench = SessionBench()
        bench.open(laneA)
        bench.say(.hello(versions: [2, 3], epoch: 4), on: laneA)
        #expect(bench.refusals(laneA) == ["the line program speaks versions 1, the control program 2, 3"])
        #expect(bench.closed == [laneA])
        #expect(bench.session.epoch == 0)
    }

    @Test("An epoch that is not above the last is refused, and who is there stays", arguments: [UInt32(0), 3, 7])
    func olderEpoch(epoch: UInt32) {
        var bench = SessionBench()
        bench.arrive(laneA, epoch: 7)
        bench.open(laneB)
        bench.say(.hello(versions: [1], epoch: epoch), on: laneB)
        #expect(bench.closed == [laneB])
        #expect(bench.refusals(laneB).count == 1)
        #expect(bench.session.control == .attached(laneA))
    }

    @Test("A newer epoch takes over: the old lane is told and closed, and heard no more")
    func takeover() {
        var bench = SessionBench()
        bench.arrive(laneA, epoch: 1)
        bench.open(laneB)
        bench.say(.hello(versions: [1], epoch: 2), on: laneB)
        #expect(bench.closed == [laneA])
        #expect(bench.refusals(laneA) == ["a newer control program (epoch 2) has taken over"])
        bench.close(laneA)
        #expect(bench.session.lane == laneB)
        bench.say(.clear(ours, .userBusy), on: laneA)
        #expect(bench.executed.isEmpty)
    }

    @Test("A command before hello, a second hello, and silence all end the lane")
    func manners() {
        var bench = SessionBench()
        bench.open(laneA)
        bench.say(.wantEndpoints(3), on: laneA)
        #expect(bench.closed == [laneA])
        bench.arrive(laneB, epoch: 1)
        bench.say(.hello(versions: [1], epoch: 2), on: laneB)
        #expect(bench.closed == [laneA, laneB])
        let lane = LaneID(3)
        bench.open(lane)
        bench.pass(seconds: 4.9)
        #expect(bench.closed.count == 2)
        bench.pass(seconds: 0.2)
        #expect(bench.closed.last == lane)
        #expect(bench.executed.isEmpty)
    }

    @Test("Attach tells spans, channels and legs with memo and endpoint, then what came after")
    func snapshot() {
        var bench = SessionBench.withCall()
        let configuration = SpanConfiguration(
            id: span, name: "a", driver: .loop(peer: SpanID(2)), role: .te, hunt: .highest)
        bench.session.configured(configuration)
        bench.emit(.spanState(span, SpanState(layer1: .up, layer2Up: true, layer3Up: true)))
        bench.emit(.channelState(channel, .connected, ours))
        bench.close(laneA)
        bench.emit(.digit(.channel(ours), digit: 0x31, milliseconds: 80, .inband))
        bench.arrive(laneB, epoch: 2, lastEvent: 3)
        #expect(
            bench.events(laneB) == [
                .welcome(version: 1, bootID: 77),
                .spanSnapshot(configuration, SpanState(layer1: .up, layer2Up: true, layer3Up: true)),
                .channelSnapshot(channel, .connected, ours),
                .legSnapshot(
                    LegSnapshot(
                        leg: ours, incoming: false, channel: channel, connected: true, endpoint: endpoint,
                        memo: [1, 2, 3])),
                .snapshotEnd,
                .digit(.channel(ours), digit: 0x31, milliseconds: 80, .inband),
            ])
        // grant 1, seized 2, connect 3, states 4 and 5: told by the snapshot; the digit is 6.
        #expect(bench.heard[laneB]?.map(\.sequence) == [0, 0, 0, 0, 0, 6])
        #expect(bench.counted[.eventsReplayed] == 1)
    }

    @Test("An end is kept until it is acknowledged")
    func endKept() {
        var bench = SessionBench.withCall()
        bench.close(laneA)
        let report = EndReport(cause: .normalCallClearing, initiator: .remote)
        bench.emit(.ended(ours, report))
        bench.arrive(laneB, epoch: 2)
        #expect(bench.events(laneB).last == .ended(ours, report))
        bench.say(.attach(lastEvent: 0), on: laneB)
        #expect(bench.events(laneB).filter { $0 == .ended(ours, report) }.count == 2)
        bench.say(.acknowledge(event: 4), on: laneB)
        bench.say(.attach(lastEvent: 0), on: laneB)
        #expect(bench.events(laneB).filter { $0 == .ended(ours, report) }.count == 2)
    }

    @Test("Ten thousand events nobody acknowledges are bounded, and the end among them is not lost")
    func bounded() {
        var bench = SessionBench.withCall()
        let report = EndReport(cause: .normalCallClearing, initiator: .remote)
        bench.emit(.ended(ours, report))
        for _ in 0..<10_000 { bench.emit(.digit(.channel(theirs), digit: 0x31, milliseconds: 80, .inband)) }
        bench.close(laneA)
        bench.arrive(laneB, epoch: 2)
        #expect(bench.events(laneB).contains(.ended(ours, report)))
        #expect(bench.events(laneB).count <= 2 * RetainedEvents.limit + 3)
    }

    @Test("A memo of 8,192 octets is kept; one more is refused, counted, and the call no longer survives")
    func memoLimit() {
        var bench = SessionBench.withCall(memo: Array(repeating: 1, count: 8_192))
        #expect(bench.refusals(laneA).isEmpty)
        bench.say(.memo(ours, Array(repeating: 1, count: 8_193)), on: laneA)
        #expect(bench.refusals(laneA) == ["the memo has 8193 octets, where 8192 are kept"])
        #expect(bench.counted[.memosRefused] == 1)
        bench.arrive(laneB, epoch: 2)
        #expect(bench.legSnapshots(laneB).map(\.memo) == [[]])
    }

    @Test("A leg that ended while nobody was there is told with its memo, then its end, until that is acknowledged")
    func departedLeg() {
        var bench = SessionBench.withCall(memo: [4, 5])
        bench.say(.acknowledge(event: 1_000), on: laneA)
        bench.close(laneA)
        bench.emit(.ended(ours, EndReport(cause: .normalCallClearing, initiator: .remote)))
        bench.arrive(laneB, epoch: 2)
        #expect(bench.legSnapshots(laneB).map(\.memo) == [[4, 5]])
        #expect(bench.ends(laneB).count == 1)
        #expect(!bench.executed.contains(.close(endpoint)), "it is the control program's to give back")
        bench.say(.memo(ours, []), on: laneB)
        let later = LaneID(3)
        bench.arrive(later, epoch: 3)
        #expect(bench.legSnapshots(later).map(\.memo) == [[4, 5]])
        bench.say(.acknowledge(event: bench.ends(later)[0].sequence), on: later)
        let last = LaneID(4)
        bench.arrive(last, epoch: 4)
        #expect(bench.legSnapshots(last).isEmpty)
        #expect(bench.ends(last).isEmpty)
        #expect(bench.executed.contains(.close(endpoint)))
    }

    @Test("A memo for a leg that just ended is dropped in silence; one for a leg that never was is refused")
    func memoLate() {
        var bench = SessionBench.withCall()
        bench.emit(.ended(ours, EndReport(cause: .normalCallClearing, initiator: .remote)))
        bench.say(.memo(ours, [1]), on: laneA)
        #expect(bench.refusals(laneA).isEmpty)
        bench.say(.memo(theirs, [1]), on: laneA)
        #expect(bench.refusals(laneA) == ["there is no leg 0.1"])
    }

    @Test("Commands said twice are done once: setup and an unchanged span")
    func idempotence() {
        var bench = SessionBench()
        bench.arrive(laneA, epoch: 1)
        bench.say(.setup(ours, request), on: laneA)
        bench.say(.setup(ours, request), on: laneA)
        bench.emit(.ended(ours, EndReport(cause: .userBusy, initiator: .remote)))
        bench.say(.setup(ours, request), on: laneA)
        #expect(bench.executed == [.setup(ours, request)])
        let configuration = SpanConfiguration(
            id: span, name: "a", driver: .loop(peer: SpanID(2)), role: .te, hunt: .highest)
        bench.say(.configure(configuration), on: laneA)
        bench.session.configured(configuration)
        bench.say(.configure(configuration), on: laneA)
        #expect(bench.executed == [.setup(ours, request), .configure(configuration)])
    }

    @Test("A new leg must carry the epoch of the control program that starts it", arguments: [UInt32(0), 2])
    func foreignEpoch(epoch: UInt32) {
        var bench = SessionBench()
        bench.arrive(laneA, epoch: 1)
        bench.say(.setup(LegID(epoch: epoch, counter: 1), request), on: laneA)
        #expect(bench.executed.isEmpty)
        #expect(bench.refusals(laneA) == ["a new leg must carry epoch 1"])
    }

    @Test(
        "A control program that remembers nothing gets new endpoints; those it cannot know are closed, those of calls stay"
    )
    func endpoints() {
        var bench = SessionBench.withCall()
        bench.say(.wantEndpoints(2), on: laneA)
        bench.emit(.granted([GrantedEndpoint(endpoint: EndpointID(6), port: 16_386)]))
        bench.executed = []
        bench.open(laneB)
        bench.say(.hello(versions: [1], epoch: 2), on: laneB)
        // Granted to the new one, before it attaches.
        let fresh = LineEvent.granted([GrantedEndpoint(endpoint: EndpointID(7), port: 16_388)])
        bench.emit(fresh)
        bench.say(.attach(lastEvent: 0), on: laneB)
        #expect(bench.executed == [.close(EndpointID(6)), .wantEndpoints(2)])
        let grants = bench.events(laneB).filter { if case .granted = $0 { true } else { false } }
        #expect(grants == [fresh])
        bench.say(.attach(lastEvent: 0), on: laneB)
        #expect(bench.executed.count == 2)
    }

    @Test("A control program that comes back remembering keeps its endpoints, and hears of those granted meanwhile")
    func endpointsKept() {
        var bench = SessionBench.withCall()
        let before = bench.heard[laneA]?.last?.sequence ?? 0
        bench.executed = []
        bench.close(laneA)
        let meanwhile = LineEvent.granted([GrantedEndpoint(endpoint: EndpointID(6), port: 16_386)])
        bench.emit(meanwhile)
        bench.arrive(laneB, epoch: 2, lastEvent: before)
        #expect(bench.executed.isEmpty)
        #expect(bench.events(laneB).last == meanwhile)
    }

    @Test("A refusal of the media engine or of libpri's thread goes out unnumbered and is counted")
    func refusals() {
        var bench = SessionBench()
        bench.emit(.refused(.rtp, reason: "nobody hears this"))
        bench.arrive(laneA, epoch: 1)
        bench.emit(.refused(.rtp, reason: "port 16384 is in use"))
        bench.run(bench.session.receivedUnreadable(.truncated, from: laneA, now: bench.time))
        #expect(
            bench.refusals(laneA) == [
                "port 16384 is in use", "a command could not be read: the frame ends inside a value",
            ])
        #expect(bench.counted[.commandsRefused] == 2)
        #expect(bench.heard[laneA]?.allSatisfy { $0.sequence == 0 } == true)
    }
}
