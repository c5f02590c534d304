// SPDX-License-Identifier: GPL-2.0-or-later
import ISDN
import LineProtocol
import PRI
import Spans
import Testing

extension PRITests {
    @Suite struct Housekeeping {
        @Test("a thousand calls leave no leg, no channel and no call of libpri behind")
        func thousandCalls() throws {
            let pair = PRIPair()
            for n in 0..<1_000 {
                let caller = n % 2 == 0 ? pair.user : pair.network
                let (mine, theirs) = try pair.place(from: caller)
                let called = pair.other(caller)
                switch n % 5 {
                case 0: pair.command(called, .clear(theirs, .userBusy))
                case 1: pair.command(caller, .clear(mine, .normalCallClearing))
                case 2:
                    pair.command(called, .send(theirs, .alerting([])))
                    pair.exchange()
                    pair.command(caller, .clear(mine, .normalCallClearing))
                default:
                    pair.command(called, .send(theirs, .connect))
                    pair.exchange()
                    pair.command(n % 3 == 0 ? caller : called, .clear(n % 3 == 0 ? mine : theirs, .normalCallClearing))
                }
                pair.exchange()
                #expect(caller.ends(mine).count == 1)
                #expect(called.ends(theirs).count == 1)
                if n % 50 == 49 {
                    pair.expectQuiet()
                    pair.user.forgetOutputs()
                    pair.network.forgetOutputs()
                }
            }
            #expect(pair.user.counter(.legsStarted) == 1_000)
            #expect(pair.user.counter(.legsEnded) == 1_000)
            pair.run(seconds: 60)
            pair.expectQuiet()
        }

        @Test("the snapshot tells every leg, and unanswered ones can be cleared together")
        func snapshot() throws {
            let pair = PRIPair()
            let (up, _) = try pair.connect(from: pair.user)
            let (ringing, _) = try pair.place(from: pair.user)
            let (_, offered) = try pair.place(from: pair.network)
            pair.command(pair.user, .snapshot(token: 3))
            var seen: PRISnapshot?
            for case .snapshot(3, let snapshot) in pair.user.outputs { seen = snapshot }
            let snapshot = try #require(seen)
            #expect(snapshot.legs.map(\.leg) == [offered, up, ringing])
            #expect(snapshot.legs.map(\.incoming) == [true, false, false])
            #expect(snapshot.legs.map(\.connected) == [false, true, false])
            #expect(snapshot.channels.count == 30)
            #expect(snapshot.channels.filter { $0.leg != nil }.count == 3)
            #expect(snapshot.spans.map(\.state) == [SpanState(layer1: .up, layer2Up: true, layer3Up: true)])
            pair.command(pair.user, .clearUnanswered(.temporaryFailure))
            pair.exchange()
            #expect(pair.user.ends(up).isEmpty)
            #expect(pair.user.ends(ringing).map(\.cause) == [.temporaryFailure])
            #expect(pair.user.ends(offered).map(\.initiator) == [.line])
            #expect(pair.user.outputs.contains { if case .cleared(count: 2) = $0 { true } else { false } })
        }

        @Test("every frame is shown as it went and as it came, and layer 2's bookkeeping with it")
        func capture() throws {
            let pair = PRIPair()
            _ = try pair.connect(from: pair.user)
            func frames(_ end: PRIEnd, _ direction: FrameDirection) -> [[UInt8]] {
                end.outputs.compactMap { if case .frame(_, direction, let bytes) = $0 { bytes } else { nil } }
            }
            #expect(frames(pair.user, .sent) == frames(pair.network, .received))
            #expect(frames(pair.network, .sent) == frames(pair.user, .received))
            #expect(frames(pair.user, .sent).count > 3)
            let titles = frames(pair.user, .sent).compactMap { try? LAPDFrame($0).title }
            #expect(titles.contains("I"))
            #expect(titles.contains("RR"))
        }

        @Test("another role makes a new handle and ends the calls; another hunting order does not")
        func reconfigured() throws {
            let pair = PRIPair()
            let (mine, _) = try pair.connect(from: pair.user)
            var configuration = SpanConfiguration(
                id: pair.spans[0], name: "again", driver: .loop(peer: pair.spans[0]), role: .te, hunt: .lowest)
            pair.command(pair.user, .configure(configuration, pair.user.channels[0], pair.user.monitor))
            #expect(pair.user.ends(mine).isEmpty)
            let (second, _) = try pair.connect(from: pair.user)
            #expect(pair.user.seized(second)?.timeslot == 1)
            configuration.role = .nt
            pair.command(pair.user, .configure(configuration, pair.user.channels[0], pair.user.monitor))
            #expect(pair.user.ends(mine).map(\.initiator) == [.line])
            #expect(pair.user.core.legCount == 0)
        }
    }
}
