// SPDX-License-Identifier: GPL-2.0-or-later
import ISDN
import LineProtocol
import PRI
import Spans
import Testing

extension PRITests {
    @Suite struct Collisions {
        /// Both ends with one free channel, the same one, and a SETUP under way from each.
        private func glare() throws -> (PRIPair, user: LegID, network: LegID) {
            let pair = PRIPair()
            for _ in 0..<29 { _ = try pair.connect(from: pair.user) }
            pair.user.forgetOutputs()
            pair.network.forgetOutputs()
            let (a, b) = (pair.user.newLeg(), pair.network.newLeg())
            pair.command(pair.user, .setup(a, pair.request("100")))
            pair.command(pair.network, .setup(b, pair.request("200")))
            #expect(pair.user.seized(a) == pair.network.seized(b))
            return (pair, a, b)
        }

        @Test(
            "when both take the last channel at once the network's call stays and the user's ends with 44, counted at both"
        )
        func glareOnLastChannel() throws {
            let (pair, mine, theirs) = try glare()
            pair.exchange()
            let channel = try #require(pair.network.seized(theirs))
            #expect(pair.user.said(of: mine).contains(.glare(mine, channel)))
            #expect(pair.user.ends(mine).map(\.cause) == [.requestedCircuitNotAvailable])
            #expect(pair.user.counter(.glare) == 1)
            #expect(pair.network.counter(.glare) == 1)
            #expect(pair.network.incoming.isEmpty)
            let incoming = try #require(pair.user.incoming.first)
            #expect(incoming.call.called.digits == "200")
            #expect(incoming.call.channel == channel)
            pair.command(pair.user, .send(incoming.leg, .connect))
            pair.exchange()
            #expect(pair.network.received(theirs).last == .connect)
            #expect(pair.network.ends(theirs).isEmpty)
            pair.command(pair.network, .clearAll(.normalCallClearing))
            pair.run(seconds: 60)
            pair.user.forgetOutputs()
            pair.network.forgetOutputs()
            pair.expectQuiet()
        }

        @Test("a SETUP for a channel that carries a call is refused with 44 and the call goes on")
        func takenChannel() throws {
            let pair = PRIPair()
            let (mine, theirs) = try pair.connect(from: pair.user)
            let timeslot = try #require(pair.user.seized(mine)?.timeslot)
            // The network forgets the call without a word, and takes the channel again.
            var replayed: [UInt8]?
            pair.network.channels[0].filter = { frame in
                if frame.count > 8, frame[8] == 0x05 { replayed = frame }
                return frame
            }
            let (other, _) = try pair.place(from: pair.network)
            var setup = try #require(replayed)
            // The same SETUP as an unnumbered frame, with another call reference, for the taken channel.
            let place = try #require((9..<(setup.count - 4)).first { setup[$0] == 0x18 })
            setup[place + 4] = 0x80 | timeslot
            setup[7] = 0x55
            setup[2] = 0x03
            setup.remove(at: 3)
            pair.user.channels[0].inbox.append(setup)
            let before = pair.user.incoming.count
            pair.exchange()
            #expect(pair.user.incoming.count == before)
            #expect(pair.user.counter(.glare) == 0)
            #expect(pair.user.ends(mine).isEmpty)
            pair.command(pair.network, .clear(theirs, .normalCallClearing))
            pair.command(pair.network, .clear(other, .normalCallClearing))
            pair.exchange()
            pair.expectQuiet()
        }

        /// Changes the channel element of the SETUPs an end sends: `18 03 A9 83 slot`.
        private func changeChannel(_ end: PRIEnd, _ change: @escaping (inout [UInt8], Int) -> Void) {
            end.channels[0].filter = { frame in
                guard frame.count > 14, frame[2] & 1 == 0, frame[8] == 0x05,
                    let place = (9..<(frame.count - 4)).first(where: { frame[$0] == 0x18 && frame[$0 + 1] == 3 })
                else { return frame }
                var changed = frame
                change(&changed, place)
                return changed
            }
        }

        @Test("a SETUP that leaves the channel to the network is given one")
        func noChannel() throws {
            let pair = PRIPair()
            changeChannel(pair.user) { frame, place in frame.removeSubrange(place..<(place + 5)) }
            let (_, theirs) = try pair.place(from: pair.user)
            #expect(pair.network.incoming.last?.call.channel.timeslot == 1)
            pair.command(pair.network, .send(theirs, .proceeding([])))
            pair.exchange()
            // The user side of ours had insisted on its own: it does not take another (Q.931 section 5.1.2).
            #expect(pair.network.ends(theirs).map(\.cause) == [.channelUnacceptable])
            pair.run(seconds: 60)
            pair.expectQuiet()
        }

        @Test("a SETUP that only prefers its channel is given another when that is taken")
        func preferredChannel() throws {
            let pair = PRIPair()
            let (first, _) = try pair.connect(from: pair.network)
            #expect(pair.network.seized(first)?.timeslot == 1)
            changeChannel(pair.user) { frame, place in
                frame[place + 2] &= ~0x08
                frame[place + 4] = 0x81
            }
            _ = try pair.place(from: pair.user)
            #expect(pair.network.incoming.last?.call.channel.timeslot == 2)
        }

        @Test("a SETUP for a channel that does not exist is refused with 82, whatever number it is")
        func wrongChannel() throws {
            let pair = PRIPair()
            for timeslot in [0, 16, 32, 127] as [UInt8] {
                changeChannel(pair.user) { frame, place in frame[place + 4] = 0x80 | timeslot }
                let leg = pair.user.newLeg()
                pair.command(pair.user, .setup(leg, pair.request()))
                pair.exchange()
                let cause = pair.user.ends(leg).first?.cause
                // Timeslot 0 names none at all: the network chooses.
                #expect(cause == (timeslot == 0 ? nil : .channelDoesNotExist))
                pair.command(pair.user, .clear(leg, .normalCallClearing))
                pair.exchange()
            }
        }

        @Test("when both clear at once the call ends once at each")
        func disconnectCollision() throws {
            let pair = PRIPair()
            for _ in 0..<5 {
                let (mine, theirs) = try pair.connect(from: pair.user)
                pair.command(pair.user, .clear(mine, .normalCallClearing))
                pair.command(pair.network, .clear(theirs, .userBusy))
                pair.exchange()
                pair.run(seconds: 60)
                #expect(pair.user.ends(mine).map(\.cause) == [.normalCallClearing])
                #expect(pair.network.ends(theirs).map(\.cause) == [.userBusy])
            }
            pair.expectQuiet()
        }

        @Test("an answer and a clearing that cross leave nothing behind")
        func answerCrossesClear() throws {
            let pair = PRIPair()
            let (mine, theirs) = try pair.place(from: pair.user)
            pair.command(pair.network, .send(theirs, .alerting([])))
            pair.exchange()
            pair.command(pair.user, .clear(mine, .normalCallClearing))
            pair.command(pair.network, .send(theirs, .connect))
            pair.exchange()
            pair.run(seconds: 60)
            #expect(pair.user.ends(mine).count == 1)
            #expect(pair.network.ends(theirs).count == 1)
            pair.expectQuiet()
        }
    }
}
