// SPDX-License-Identifier: GPL-2.0-or-later
import ISDN
import LineProtocol
import Media
import RTP
import TestSupport
import Testing

@Suite("Packets that do not come one after the other")
struct JitterTests {
    private let whole = (0..<120).flatMap(pattern)

    /// Whether ticks of the pattern were heard whole and in order, in one piece.
    private func heard(_ ticks: Range<Int>, _ call: Call) -> Bool {
        position(of: whole[(ticks.lowerBound * 80)..<(ticks.upperBound * 80)], in: call.heard) != nil
    }

    @Test("are put in order as long as they come in time")
    func reordered() throws {
        let call = try Call()
        // 0 2 1 3 5 4 …
        call.rig.tick(102) { tick in
            guard tick % 2 == 0 else { return }
            let number = tick / 2
            call.peer.send(frame: number % 3 == 1 ? number + 1 : number % 3 == 2 ? number - 1 : number)
        }
        #expect(heard(0..<90, call))
        let facts = try call.facts()
        #expect(facts.packetsReordered == 17)
        #expect(facts.packetsLost == 0)
        #expect(facts.concealedMilliseconds == 0)
    }

    @Test("are played from the first on, even when the second overtook it")
    func firstOvertaken() throws {
        let call = try Call()
        call.rig.tick(60) { tick in
            guard tick % 2 == 0 else { return }
            let number = tick / 2
            call.peer.send(frame: number == 0 ? 1 : number == 1 ? 0 : number)
        }
        #expect(heard(0..<48, call))
        #expect(try call.facts().packetsReordered == 1)
    }

    @Test("are counted once when they come twice")
    func duplicates() throws {
        let call = try Call()
        call.rig.tick(100) { tick in
            guard tick % 2 == 0 else { return }
            call.peer.send(frame: tick / 2)
            call.peer.send(frame: tick / 2)
        }
        #expect(heard(0..<90, call))
        let facts = try call.facts()
        #expect(facts.packetsDuplicate == 50)
        #expect(facts.packetsReceived == 100)
        #expect(facts.packetsLost == 0)
    }

    @Test("are made up for when they are lost, and the rest is untouched but for the blend")
    func loss() throws {
        let call = try Call()
        call.rig.tick(100) { tick in
            if tick % 2 == 0, tick / 2 != 20 { call.peer.send(frame: tick / 2) }
        }
        let facts = try call.facts()
        #expect(facts.packetsLost == 1)
        #expect(facts.concealedMilliseconds == 20)
        #expect(call.rig.counter(.concealedMilliseconds) == 20)
        #expect(heard(0..<40, call))
        // What follows the gap begins blended, within one tick.
        #expect(heard(43..<90, call))
        let start = try #require(position(of: whole[0..<3_200], in: call.heard))
        let madeUp = call.heard[(start + 3_200)..<(start + 3_360)]
        #expect(!madeUp.elementsEqual(whole[3_200..<3_360]))
        #expect(madeUp.contains { $0 != ALaw.idle })
    }

    @Test("are late when their time has passed, and count as lost and as made up for")
    func late() throws {
        let call = try Call()
        call.rig.tick(100) { tick in
            guard tick % 2 == 0 else { return }
            if tick / 2 != 20 { call.peer.send(frame: tick / 2) }
            if tick / 2 == 23 { call.peer.send(frame: 20) }
        }
        let facts = try call.facts()
        #expect(facts.packetsLate == 1)
        #expect(facts.packetsLost == 1)
        #expect(facts.concealedMilliseconds == 20)
        #expect(facts.bufferResets == 0)
        #expect(heard(43..<90, call))
    }

    @Test("within the buffer's depth make no gap", arguments: [20, 40, 60, 100] as [UInt16])
    func depth(milliseconds: UInt16) throws {
        let call = try Call(parameters(jitter: milliseconds))
        // Every fifth packet comes as late as the depth allows.
        let lateness = Int(milliseconds) / 10
        var waiting: [(due: Int, number: Int)] = []
        call.rig.tick(110) { tick in
            if tick % 2 == 0 {
                waiting.append((tick / 2 % 5 == 4 ? tick + lateness : tick, tick / 2))
            }
            for packet in waiting where packet.due == tick { call.peer.send(frame: packet.number) }
        }
        #expect(heard(0..<80, call))
        #expect(try call.facts().packetsLate == 0)
    }

    @Test("go on over the wrap of sequence numbers and timestamps")
    func wrap() throws {
        let call = try Call()
        call.peer.sequence = 65_520
        call.peer.timestamp = UInt32.max - 160 * 20
        call.rig.tick(100) { tick in
            if tick % 2 == 0 { call.peer.send(frame: tick / 2) }
        }
        #expect(heard(0..<90, call))
        let facts = try call.facts()
        #expect(facts.packetsLost == 0)
        #expect(facts.bufferResets == 0)
    }

    @Test("of a sender that began anew are played after the second of them")
    func newSource() throws {
        let call = try Call()
        call.rig.tick(60) { tick in
            if tick == 20 {
                call.peer.source = 0x9999
                call.peer.sequence = 7
                call.peer.timestamp = 12_345
            }
            if tick % 2 == 0 { call.peer.send(audio: frame(tick / 2)) }
        }
        let facts = try call.facts()
        #expect(facts.bufferResets == 1)
        #expect(facts.packetsLost == 0)
        // What the buffer still held of the old one is dropped.
        #expect(heard(0..<16, call))
        #expect(heard(22..<50, call))
    }

    @Test("of another source, come astray, do not disturb the stream")
    func straySource() throws {
        let call = try Call()
        call.rig.tick(100) { tick in
            guard tick % 2 == 0 else { return }
            call.peer.send(frame: tick / 2)
            if tick % 20 == 10 {
                call.peer.send(
                    RTPHeader(
                        payloadType: 8, sequence: UInt16(tick * 7), timestamp: 5, synchronizationSource: 0xBAD),
                    [UInt8](repeating: 1, count: 160))
            }
        }
        #expect(heard(0..<90, call))
        #expect(try call.facts().bufferResets == 0)
    }

    @Test("whose timestamps jump set the clock anew", arguments: [1_000_000, -1_000_000, 0x7FFF_FFFF] as [Int])
    func timestampJump(samples: Int) throws {
        let call = try Call()
        call.rig.tick(60) { tick in
            if tick == 20 { call.peer.timestamp &+= UInt32(truncatingIfNeeded: samples) }
            if tick % 2 == 0 { call.peer.send(audio: frame(tick / 2)) }
        }
        let facts = try call.facts()
        #expect(facts.bufferResets == 1)
        #expect(heard(24..<50, call))
    }

    @Test("whose sequence numbers jump far go on after the second of them")
    func sequenceJump() throws {
        let call = try Call()
        call.rig.tick(60) { tick in
            if tick == 20 { call.peer.sequence &+= 20_000 }
            if tick % 2 == 0 { call.peer.send(audio: frame(tick / 2)) }
        }
        #expect(try call.facts().packetsLost == 0)
        #expect(heard(24..<50, call))
    }

    @Test("after a pause are played with the usual delay, and the pause is not made up for")
    func pause() throws {
        let call = try Call()
        call.rig.tick(20) { tick in
            if tick % 2 == 0 { call.peer.send(audio: frame(tick / 2)) }
        }
        call.rig.tick(500)
        #expect(call.heard.suffix(8_000).allSatisfy { $0 == ALaw.idle })
        let before = try call.facts()
        #expect(before.concealedMilliseconds <= 200)
        call.peer.timestamp &+= 12_345
        call.rig.tick(60) { tick in
            if tick % 2 == 0 { call.peer.send(audio: frame(tick / 2)) }
        }
        #expect(heard(0..<50, call))
        #expect(try call.facts().concealedMilliseconds == before.concealedMilliseconds)
        #expect(try call.facts().bufferResets == 1)
    }

    @Test("from a clock that is off make the buffer begin anew at times, and nothing else", arguments: [-1, 1])
    func drift(direction: Int) throws {
        let call = try Call()
        // 1 % off: every hundredth tick is left out, or done twice.
        var sent = 0
        call.rig.tick(3_000) { tick in
            var due = 1
            if tick % 100 == 99 { due += direction }
            for _ in 0..<due {
                if sent % 2 == 0 { call.peer.send(audio: frame(sent / 2)) }
                sent += 1
            }
        }
        let facts = try call.facts()
        // 300 ms of drift, 40 ms or 30 ms at a time.
        #expect((4...14).contains(facts.bufferResets))
        #expect(facts.packetsDuplicate == 0)
        #expect(facts.concealedMilliseconds < 1_000)
        #expect(facts.packetsLate < 40)
    }

    @Test("lost by hundreds are counted exactly")
    func manyLost() throws {
        let call = try Call()
        var random = SplitMix64(seed: 7)
        var missing: UInt64 = 0
        call.rig.tick(2_000) { tick in
            guard tick % 2 == 0 else { return }
            let number = tick / 2
            if number == 0 || number == 999 || (number % 300 < 200 && Int.random(in: 0..<4, using: &random) > 0) {
                call.peer.send(audio: frame(number))
            } else {
                missing += 1
                call.peer.sequence &+= 1
                call.peer.timestamp &+= 160
            }
        }
        #expect(try call.facts().packetsLost == missing)
        try call.rig.engine.close(call.endpoint)
        call.rig.tick(1)
        #expect(call.rig.counter(.rtpLost) == missing)
        #expect(try call.facts().packetsLost == missing)
    }
}
