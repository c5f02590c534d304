// SPDX-License-Identifier: GPL-2.0-or-later
import ISDN
import LineProtocol
import PRI
import Spans
import Testing

extension PRITests {
    @Suite struct Timers {
        @Test("T310 runs from CALL PROCEEDING and clears with 18", arguments: bothDirections)
        func t310(caller: InterfaceRole) throws {
            try expect(.t310, cause: .noUserResponding, caller: caller) { pair, called, leg in
                pair.command(called, .send(leg, .proceeding([])))
            }
        }

        @Test("T304 runs from SETUP ACKNOWLEDGE and clears with 102", arguments: bothDirections)
        func t304(caller: InterfaceRole) throws {
            let pair = PRIPair()
            let (calling, called) = (pair.end(caller), pair.other(pair.end(caller)))
            // No end of ours says SETUP ACKNOWLEDGE: a CALL PROCEEDING becomes one on the way.
            called.channels[0].filter = { frame in
                guard frame.count > 8, frame[2] & 1 == 0, frame[8] == 0x02 else { return frame }
                var changed = frame
                changed[8] = 0x0D
                return changed
            }
            let (mine, theirs) = try pair.place(
                from: calling, pair.request(timers: CallTimers(t304Milliseconds: 6_000)))
            pair.command(called, .send(theirs, .proceeding([])))
            pair.exchange()
            #expect(calling.received(mine) == [.setupAcknowledge([])])
            pair.run(milliseconds: 5_999)
            #expect(calling.ends(mine).isEmpty)
            pair.run(milliseconds: 2)
            #expect(calling.said(of: mine).contains(.timerExpired(mine, .t304)))
            #expect(calling.ends(mine).map(\.cause) == [.recoveryOnTimerExpiry])
            pair.run(seconds: 60)
            pair.expectQuiet()
        }

        @Test("T301 runs from ALERTING and clears with 19", arguments: bothDirections)
        func t301(caller: InterfaceRole) throws {
            try expect(.t301, cause: .noAnswer, caller: caller) { pair, called, leg in
                pair.command(called, .send(leg, .alerting([])))
            }
        }

        private func expect(
            _ timer: CallTimer, cause: Cause, caller: InterfaceRole, after: (PRIPair, PRIEnd, LegID) -> Void
        ) throws {
            let pair = PRIPair()
            let (calling, called) = (pair.end(caller), pair.other(pair.end(caller)))
            let timers = CallTimers(t301Milliseconds: 9_000, t304Milliseconds: 5_000, t310Milliseconds: 7_000)
            let (mine, theirs) = try pair.place(from: calling, pair.request(timers: timers))
            after(pair, called, theirs)
            pair.exchange()
            pair.run(milliseconds: (timer == .t301 ? 9_000 : 7_000) - 1)
            #expect(calling.ends(mine).isEmpty)
            #expect(!calling.said(of: mine).contains(.timerExpired(mine, timer)))
            pair.run(milliseconds: 2)
            #expect(calling.said(of: mine).contains(.timerExpired(mine, timer)))
            let end = try #require(calling.ends(mine).first)
            #expect(end.cause == cause)
            #expect(end.timer == timer)
            #expect(end.initiator == .line)
            // On the line it is 102 (Q.931 section 5.2.5.3).
            #expect(called.ends(theirs).map(\.cause) == [.recoveryOnTimerExpiry])
            pair.expectQuiet()
        }

        @Test("PROGRESS with in-band information stops T310")
        func progressStopsT310() throws {
            let pair = PRIPair()
            let timers = CallTimers(t310Milliseconds: 3_000)
            let (mine, theirs) = try pair.place(from: pair.user, pair.request(timers: timers))
            pair.command(pair.network, .send(theirs, .proceeding([])))
            pair.command(pair.network, .send(theirs, .progress([ProgressIndicator(.inbandInformation)])))
            pair.run(seconds: 60)
            #expect(pair.user.ends(mine).isEmpty)
            pair.command(pair.network, .send(theirs, .connect))
            pair.exchange()
            #expect(pair.user.received(mine).last == .connect)
        }

        @Test("an unanswered SETUP is sent twice and ends with 18 after T303", arguments: bothDirections)
        func t303(caller: InterfaceRole) throws {
            let pair = PRIPair()
            let (mine, theirs) = try pair.place(from: pair.end(caller))
            // The far end says nothing at all.
            pair.run(seconds: 9)
            let end = try #require(pair.end(caller).ends(mine).first)
            #expect(end.cause == .noUserResponding)
            #expect(end.initiator == .line)
            pair.command(pair.other(pair.end(caller)), .clear(theirs, .normalCallClearing))
            pair.run(seconds: 60)
            #expect(pair.other(pair.end(caller)).ends(theirs).count == 1)
            pair.expectQuiet()
        }

        @Test("a far end that never answers DISCONNECT and RELEASE costs the channel T305 and twice T308")
        func t308() throws {
            let pair = PRIPair()
            let (mine, theirs) = try pair.connect(from: pair.user)
            let channel = try #require(pair.user.seized(mine))
            pair.user.channels[0].makeStrange()
            pair.command(pair.user, .clear(mine, .normalCallClearing))
            // T305 is 30 s, T308 4 s.
            pair.run(milliseconds: 37_900)
            #expect(pair.user.ends(mine).isEmpty)
            #expect(pair.user.events.last == .channelState(channel, .clearing, mine))
            pair.run(milliseconds: 200)
            #expect(pair.user.ends(mine).map(\.cause) == [.normalCallClearing])
            #expect(pair.user.ends(mine).map(\.initiator) == [.control])
            pair.user.channels[0].filter = nil
            pair.command(pair.network, .clear(theirs, .normalCallClearing))
            pair.run(seconds: 60)
            pair.expectQuiet()
        }
    }
}
