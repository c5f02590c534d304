// SPDX-License-Identifier: GPL-2.0-or-later
import ISDN
import LineProtocol
import PRI
import Spans
import Testing

extension PRITests {
    @Suite struct Channels {
        @Test(
            "all thirty channels, each once, from opposite ends; the next call ends with 34 at once",
            arguments: bothDirections)
        func full(caller: InterfaceRole) throws {
            let pair = PRIPair()
            let calling = pair.end(caller)
            var timeslots: [UInt8] = []
            var calls: [(LegID, LegID)] = []
            for _ in 0..<30 {
                let call = try pair.connect(from: calling)
                calls.append(call)
                timeslots.append(try #require(calling.seized(call.0)?.timeslot))
            }
            let slots = PrimaryRateE1.bChannels
            #expect(timeslots == (caller == .te ? slots.reversed() : slots))
            let late = calling.newLeg()
            pair.command(calling, .setup(late, pair.request()))
            let end = try #require(calling.ends(late).first)
            #expect(end.cause == .noCircuitAvailable)
            #expect(end.initiator == .line)
            #expect(end.channel == nil)
            pair.command(calling, .clear(calls[11].0, .normalCallClearing))
            pair.exchange()
            let (again, _) = try pair.connect(from: calling)
            #expect(calling.seized(again)?.timeslot == timeslots[11])
            pair.command(calling, .clearAll(.normalCallClearing))
            pair.exchange()
            pair.expectQuiet()
        }

        @Test("spans are tried in the order asked for, the next when one is full or down")
        func severalSpans() throws {
            let pair = PRIPair(spans: 2)
            for n in 0..<60 {
                let (mine, _) = try pair.connect(from: pair.user)
                #expect(pair.user.seized(mine)?.span == pair.spans[n < 30 ? 0 : 1])
            }
            pair.command(pair.user, .clearAll(.normalCallClearing))
            pair.exchange()
            pair.user.channels[0].isCut = true
            pair.network.channels[0].isCut = true
            pair.run(seconds: 40)
            let (mine, _) = try pair.connect(from: pair.user)
            #expect(pair.user.seized(mine)?.span == pair.spans[1])
        }

        @Test("with the D channel down a call ends with 38 at once")
        func dChannelDown() throws {
            let pair = PRIPair()
            pair.cut(true)
            pair.run(seconds: 40)
            let leg = pair.user.newLeg()
            pair.command(pair.user, .setup(leg, pair.request()))
            #expect(pair.user.ends(leg).map(\.cause) == [.networkOutOfOrder])
            #expect(pair.user.ends(leg).map(\.initiator) == [.line])
            #expect(pair.user.events.contains(.spanState(pair.spans[0], SpanState(layer1: .up))))
            #expect(
                pair.user.events.contains(.channelState(ChannelID(span: pair.spans[0], timeslot: 1), .unavailable, nil))
            )
        }

        @Test("with layer 1 gone a call ends with 38 before layer 2 has noticed")
        func layer1Down() throws {
            let pair = PRIPair()
            pair.user.monitor.layer1 = Layer1State.lossOfSignal.rawValue
            let leg = pair.user.newLeg()
            pair.command(pair.user, .setup(leg, pair.request()))
            #expect(pair.user.ends(leg).map(\.cause) == [.networkOutOfOrder])
            pair.run(seconds: 1)
            #expect(
                pair.user.events.contains(
                    .spanState(pair.spans[0], SpanState(layer1: .lossOfSignal, layer2Up: true, layer3Up: true))))
        }

        @Test(
            "a number no element can carry ends with 28",
            arguments: ["", "12 34", "é", String(repeating: "1", count: 64)])
        func badNumber(number: String) {
            let pair = PRIPair()
            let leg = pair.user.newLeg()
            pair.command(pair.user, .setup(leg, pair.request(number)))
            #expect(pair.user.ends(leg).map(\.cause) == [.invalidNumberFormat])
            pair.expectQuiet()
        }

        @Test("when the D channel is lost, calls that are not active end and active ones after T309")
        func outage() throws {
            let pair = PRIPair()
            let (active, theirs) = try pair.connect(from: pair.user)
            let (ringing, alerting) = try pair.place(from: pair.network)
            pair.command(pair.user, .send(alerting, .alerting([])))
            pair.exchange()
            pair.cut(true)
            pair.run(seconds: 60)
            #expect(pair.user.ends(active).map(\.initiator) == [.line])
            #expect(pair.user.ends(active).map(\.cause) == [.destinationOutOfOrder])
            #expect(pair.user.ends(alerting).map(\.initiator) == [.line])
            #expect(pair.network.ends(theirs).count == 1)
            #expect(pair.network.ends(ringing).count == 1)
            #expect(pair.user.counter(.spanDown) == 1)
            pair.cut(false)
            pair.run(seconds: 10)
            pair.expectQuiet()
            _ = try pair.connect(from: pair.user)
        }

        @Test("a short outage leaves an active call alone")
        func shortOutage() throws {
            let pair = PRIPair()
            let (mine, theirs) = try pair.connect(from: pair.user)
            pair.cut(true)
            pair.run(seconds: 2)
            pair.cut(false)
            pair.run(seconds: 60)
            #expect(pair.user.ends(mine).isEmpty)
            #expect(pair.network.ends(theirs).isEmpty)
            pair.command(pair.network, .clear(theirs, .normalCallClearing))
            pair.exchange()
            #expect(pair.user.ends(mine).count == 1)
            pair.expectQuiet()
        }

        @Test("RESTART of a channel clears the call on it at both ends and frees it", arguments: bothDirections)
        func restartClears(side: InterfaceRole) throws {
            let pair = PRIPair()
            let (mine, theirs) = try pair.connect(from: pair.user)
            let (other, _) = try pair.connect(from: pair.user)
            let channel = try #require(pair.user.seized(mine))
            let restarting = pair.end(side)
            let (near, far) = side == .te ? (mine, theirs) : (theirs, mine)
            pair.command(restarting, .restart(channel))
            pair.run(seconds: 1)
            #expect(restarting.ends(near).map(\.initiator) == [.control])
            #expect(pair.other(restarting).ends(far).map(\.initiator) == [.remote])
            #expect(pair.other(restarting).ends(far).map(\.cause) == [.temporaryFailure])
            #expect(pair.user.ends(other).isEmpty)
            pair.command(pair.user, .clear(other, .normalCallClearing))
            pair.exchange()
            pair.expectQuiet()
            let (again, _) = try pair.connect(from: pair.user)
            #expect(pair.user.seized(again) == channel)
        }

        @Test("a channel that does not exist cannot be restarted")
        func restartNowhere() {
            let pair = PRIPair()
            for channel in [
                ChannelID(span: pair.spans[0], timeslot: 16), ChannelID(span: pair.spans[0], timeslot: 32),
                ChannelID(span: SpanID(77), timeslot: 1),
            ] {
                pair.user.forgetOutputs()
                pair.command(pair.user, .restart(channel))
                #expect(
                    pair.user.events.contains { if case .refused(.channel(channel), _) = $0 { true } else { false } })
            }
        }

        @Test("a far end that never acknowledges RESTART is given up, and its channels are used")
        func restartUnanswered() throws {
            let pair = PRIPair(start: false)
            pair.network.channels[0].makeStrange([0x4E])
            pair.run(seconds: 230)
            #expect(
                !pair.user.events.contains(
                    .spanState(pair.spans[0], SpanState(layer1: .up, layer2Up: true, layer3Up: true))))
            pair.run(seconds: 20)
            #expect(
                pair.user.events.contains(
                    .spanState(pair.spans[0], SpanState(layer1: .up, layer2Up: true, layer3Up: true))))
            #expect(pair.user.counter(.restartsSent) == 1)
            _ = try pair.connect(from: pair.user)
        }
    }
}
