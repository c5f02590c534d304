// SPDX-License-Identifier: GPL-2.0-or-later
import ISDN
import LineProtocol
import PRI
import Spans
import Testing

extension PRITests {
    @Suite struct Hostile {
        @Test(
            "damaged frames by the thousand stop nothing, and no leg outlives its call",
            arguments: [1, 2, 3, 4] as [UInt64])
        func fuzz(seed: UInt64) throws {
            var random = seed &* 0x9E37_79B9_7F4A_7C15 | 1
            func next(_ bound: Int) -> Int {
                random ^= random << 13
                random ^= random >> 7
                random ^= random << 17
                return Int(random % UInt64(max(1, bound)))
            }
            let pair = PRIPair()
            var corpus: [[UInt8]] = []
            for channel in [pair.user.channels[0], pair.network.channels[0]] {
                channel.filter = { frame in
                    if frame.count > 6 { corpus.append(frame) }
                    return frame
                }
            }
            for caller in [pair.user, pair.network] {
                let (mine, _) = try pair.connect(from: caller)
                pair.command(caller, .clear(mine, .normalCallClearing))
                pair.exchange()
            }
            for channel in [pair.user.channels[0], pair.network.channels[0]] { channel.filter = nil }
            pair.toleratesStorms = true
            for round in 0..<1_500 {
                var frame = corpus[next(corpus.count)]
                for _ in 0...next(5) where frame.count > 5 {
                    let place = 4 + next(frame.count - 4)
                    switch next(4) {
                    case 0: frame[place] = UInt8(next(256))
                    case 1: frame[place] ^= 1 << UInt8(next(8))
                    case 2: frame.insert(UInt8(next(256)), at: place)
                    default: frame.remove(at: place)
                    }
                }
                if next(8) == 0 { frame = (0..<next(300)).map { _ in UInt8(next(256)) } }
                // As an unnumbered frame layer 3 sees it, whatever layer 2 counts.
                if next(3) > 0, frame.count > 4 {
                    frame[2] = 0x03
                    frame.remove(at: 3)
                }
                let target = next(2) == 0 ? pair.user : pair.network
                target.channels[0].inbox.append(frame)
                for _ in 0..<4 {
                    pair.user.core.run(now: pair.now, wall: pair.now)
                    pair.network.core.run(now: pair.now, wall: pair.now)
                    pair.user.collect()
                    pair.network.collect()
                }
                for end in [pair.user, pair.network] {
                    for call in end.incoming where next(3) == 0 {
                        pair.command(end, .send(call.leg, [.connect, .alerting([]), .proceeding([])][next(3)]))
                    }
                    if next(4) == 0 { pair.command(end, .clearAll(.normalCallClearing)) }
                    end.forgetOutputs()
                }
                if round % 25 == 24 {
                    for channel in [pair.user.channels[0], pair.network.channels[0]] { channel.inbox = [] }
                    pair.run(seconds: 2)
                }
            }
            for end in [pair.user, pair.network] { pair.command(end, .clearAll(.normalCallClearing)) }
            pair.run(seconds: 300)
            #expect(pair.user.core.legCount == 0)
            #expect(pair.network.core.legCount == 0)
            for end in [pair.user, pair.network] { #expect(end.counter(.legsStarted) == end.counter(.legsEnded)) }
            #expect(pair.user.counter(.framesRepaired) + pair.network.counter(.framesRepaired) > 0)
            pair.user.forgetOutputs()
            pair.network.forgetOutputs()
            _ = try pair.connect(from: pair.user)
        }

        @Test("frames too short or too long are dropped and counted")
        func sizes() {
            let pair = PRIPair()
            for size in [0, 1, 2, 265, 400, 512] {
                pair.user.channels[0].inbox.append([UInt8](repeating: 0x02, count: size))
            }
            pair.exchange()
            #expect(pair.user.counter(.framesMalformed) == 6)
            pair.run(seconds: 30)
            #expect(pair.user.counter(.spanDown) == 0)
        }

        @Test("a turn handles so many frames and no more; the rest is for the next")
        func bounded() {
            let pair = PRIPair()
            let before = pair.user.counter(.framesReceived)
            for _ in 0..<(3 * PRICore.framesPerTurn) { pair.user.channels[0].inbox.append([0x02, 0x01, 0x01, 0x01]) }
            #expect(pair.user.core.run(now: pair.now, wall: pair.now))
            #expect(pair.user.counter(.framesReceived) - before == UInt64(PRICore.framesPerTurn))
            #expect(pair.user.counter(.framesOverTurnLimit) == 1)
            #expect(pair.user.core.run(now: pair.now, wall: pair.now))
            _ = pair.user.core.run(now: pair.now, wall: pair.now)
            #expect(!pair.user.core.run(now: pair.now, wall: pair.now))
            #expect(pair.user.channels[0].inbox.isEmpty)
        }
    }
}
