// SPDX-License-Identifier: GPL-2.0-or-later
import ISDN
import LineProtocol
import PRI
import Spans
import Testing

extension PRITests {
    @Suite struct Calls {
        @Test("the D channel comes up, every channel is restarted once, and the span can call")
        func start() {
            let pair = PRIPair(start: false)
            pair.run(seconds: 3)
            for end in [pair.user, pair.network] {
                #expect(end.counter(.restartsSent) == 30)
                #expect(end.counter(.restartsReceived) == 30)
                let states = end.events.compactMap { if case .spanState(_, let state) = $0 { state } else { nil } }
                #expect(states.first == SpanState(layer1: .up, layer2Up: false, layer3Up: false))
                #expect(states.contains(SpanState(layer1: .up, layer2Up: true, layer3Up: false)))
                #expect(states.last == SpanState(layer1: .up, layer2Up: true, layer3Up: true))
            }
            pair.expectQuiet()
            // Once in a life: not again after an outage.
            pair.cut(true)
            pair.run(seconds: 40)
            pair.cut(false)
            pair.run(seconds: 10)
            #expect(pair.user.counter(.restartsSent) == 30)
            #expect(pair.user.counter(.spanDown) == 1)
            pair.expectQuiet()
        }

        @Test(
            "a call is set up, answered and cleared, by either side, in either direction", arguments: bothDirections,
            [true, false])
        func wholeCall(caller: InterfaceRole, callerClears: Bool) throws {
            let pair = PRIPair()
            let (calling, called) = (pair.end(caller), pair.other(pair.end(caller)))
            let (mine, theirs) = try pair.place(from: calling)
            #expect(calling.seized(mine)?.timeslot == (caller == .te ? 31 : 1))
            pair.run(milliseconds: 500)
            pair.command(called, .send(theirs, .proceeding([])))
            pair.exchange()
            #expect(calling.received(mine) == [.proceeding([])])
            pair.run(milliseconds: 500)
            pair.command(called, .send(theirs, .alerting([])))
            pair.exchange()
            #expect(calling.received(mine).last == .alerting([]))
            pair.run(seconds: 5)
            pair.command(called, .send(theirs, .connect))
            pair.exchange()
            #expect(calling.received(mine).last == .connect)
            #expect(called.received(theirs) == [.connectAcknowledge])
            pair.run(seconds: 60)
            let (clearing, cleared) = callerClears ? (calling, called) : (called, calling)
            let (from, to) = callerClears ? (mine, theirs) : (theirs, mine)
            pair.command(clearing, .clear(from, .normalCallClearing))
            pair.exchange()
            #expect(cleared.received(to).last == .disconnect(.normalCallClearing, .privateNetworkLocal))
            let ends = (clearing.ends(from), cleared.ends(to))
            #expect(ends.0.count == 1 && ends.1.count == 1)
            #expect(ends.0.first?.initiator == .control)
            #expect(ends.1.first?.initiator == .remote)
            #expect(ends.1.first?.cause == .normalCallClearing)
            for report in ends.0 + ends.1 {
                #expect(report.connectedWall.map { report.endedWall - $0 } == 60_000_000_000)
                #expect(report.alertingWall.map { report.startedWall < $0 } == true)
                #expect(report.channel == calling.seized(mine))
            }
            pair.expectQuiet()
        }

        @Test("what a SETUP says arrives whole", arguments: bothDirections)
        func setupContents(caller: InterfaceRole) throws {
            let pair = PRIPair()
            let called = PartyNumber(digits: "442071838750", type: .international, plan: .isdn)
            let calling = PartyNumber(
                digits: "14155550123", type: .national, plan: .isdn, screening: .networkProvided)
            let request = SetupRequest(
                spans: pair.spans, bearer: BearerCapability(transfer: .audio3k1, law: .aLaw), called: called,
                calling: calling, callingName: "Ada Lovelace", timers: CallTimers())
            _ = try pair.place(from: pair.end(caller), request)
            let call = try #require(pair.other(pair.end(caller)).incoming.last?.call)
            #expect(call.called == called)
            #expect(call.calling == calling)
            // Display goes from network to user alone (EN 300 403-1 section 4.5.16).
            #expect(call.callingName == (caller == .nt ? "Ada Lovelace" : nil))
            #expect(call.bearer == BearerCapability(transfer: .audio3k1, law: .aLaw))
            #expect(call.sendingComplete)
            #expect(call.channel.timeslot == (caller == .te ? 31 : 1))
        }

        @Test("in-band information is said and heard, whichever message carries it", arguments: bothDirections)
        func progressIndicators(caller: InterfaceRole) throws {
            let pair = PRIPair()
            let (calling, called) = (pair.end(caller), pair.other(pair.end(caller)))
            let inband = ProgressIndicator(.inbandInformation, location: .privateNetworkLocal)
            let (mine, theirs) = try pair.place(from: calling)
            pair.command(called, .send(theirs, .progress([inband])))
            pair.command(called, .send(theirs, .alerting([inband])))
            pair.exchange()
            #expect(calling.received(mine) == [.proceeding([]), .progress([inband], nil), .alerting([inband])])
            let (second, far) = try pair.place(from: calling)
            pair.command(called, .send(far, .proceeding([inband])))
            pair.exchange()
            #expect(calling.received(second) == [.proceeding([inband])])
        }

        @Test("commands may be said twice, and change nothing the second time")
        func idempotent() throws {
            let pair = PRIPair()
            let (mine, theirs) = try pair.place(from: pair.user)
            pair.command(pair.user, .setup(mine, pair.request()))
            for _ in 0..<2 { pair.command(pair.network, .send(theirs, .proceeding([]))) }
            for _ in 0..<2 { pair.command(pair.network, .send(theirs, .alerting([]))) }
            for _ in 0..<2 { pair.command(pair.network, .send(theirs, .connect)) }
            pair.exchange()
            #expect(pair.user.received(mine) == [.proceeding([]), .alerting([]), .connect])
            #expect(pair.network.incoming.count == 1)
            for _ in 0..<2 { pair.command(pair.user, .clear(mine, .normalCallClearing)) }
            pair.exchange()
            pair.command(pair.user, .clear(mine, .normalCallClearing))
            pair.command(pair.user, .setup(mine, pair.request()))
            pair.command(pair.user, .send(mine, .connect))
            pair.run(seconds: 60)
            #expect(pair.user.ends(mine).count == 1)
            #expect(pair.network.ends(theirs).count == 1)
            pair.expectQuiet()
        }

        @Test("a command for a leg that never was is answered with its end, once")
        func unknownLeg() {
            let pair = PRIPair()
            let leg = LegID(epoch: 9, counter: 1)
            pair.command(pair.user, .send(leg, .connect))
            pair.command(pair.user, .clear(leg, .normalCallClearing))
            #expect(pair.user.ends(leg).map(\.cause) == [.invalidCallReference])
        }

        @Test(
            "every cause goes through, from each state a call can be refused or cleared in", arguments: bothDirections)
        func causes(caller: InterfaceRole) throws {
            let pair = PRIPair()
            let (calling, called) = (pair.end(caller), pair.other(pair.end(caller)))
            for cause in Cause.allCases {
                for stage in 0..<4 {
                    let (mine, theirs) = try pair.place(from: calling)
                    if stage > 0 { pair.command(called, .send(theirs, .proceeding([]))) }
                    if stage > 1 { pair.command(called, .send(theirs, .alerting([]))) }
                    if stage > 2 { pair.command(called, .send(theirs, .connect)) }
                    pair.exchange()
                    pair.command(called, .clear(theirs, cause))
                    pair.exchange()
                    let end = calling.ends(mine).first
                    #expect(end?.cause == cause, "cause \(cause.rawValue) at stage \(stage)")
                    #expect(end?.initiator == .remote)
                    #expect(end?.location == .privateNetworkLocal)
                    #expect(called.ends(theirs).map(\.cause) == [cause])
                    #expect(called.ends(theirs).map(\.initiator) == [.control])
                }
            }
            pair.expectQuiet()
            calling.forgetOutputs()
            called.forgetOutputs()
            for cause in Cause.allCases {
                let (mine, theirs) = try pair.place(from: calling)
                pair.command(calling, .clear(mine, cause))
                pair.exchange()
                pair.run(seconds: 1)
                #expect(calling.ends(mine).map(\.cause) == [cause])
                #expect(called.ends(theirs).count == 1, "cause \(cause.rawValue)")
                #expect(called.ends(theirs).first?.initiator == .remote)
                #expect(called.ends(theirs).first?.cause == cause)
            }
            pair.run(seconds: 40)
            pair.expectQuiet()
        }
    }
}
