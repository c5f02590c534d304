// SPDX-License-Identifier: GPL-2.0-or-later
import LineProtocol
import Spans
import Testing

@Suite struct LoopSpanTests {
    @Test("every octet of every timeslot arrives exactly one tick later, both ways")
    func bitExact() throws {
        let (a, b) = try LoopSpan.makePair()
        let (left, right) = (DrivenSpan(a), DrivenSpan(b))
        for tick in 0..<200 {
            left.run(now: UInt64(tick) * 10 * millisecond)
            right.run(now: UInt64(tick) * 10 * millisecond)
        }
        #expect(left.ticks == 199)
        #expect(right.ticks == 199)
        for end in [left, right] {
            for slot in 0..<31 {
                #expect(end.stretches(slot: slot) == [Stretch(start: 80, frame: 0, length: 198 * 80)])
            }
        }
    }

    @Test("a thread that slept makes up its ticks in step, and loses nothing")
    func catchingUp() throws {
        let (a, b) = try LoopSpan.makePair()
        let (left, right) = (DrivenSpan(a), DrivenSpan(b))
        left.run(now: 0)
        right.run(now: 0)
        var now: UInt64 = 0
        for step in 1...40 {
            now += UInt64(step % 7) * 10 * millisecond
            while left.run(now: now) + right.run(now: now) > 0 {}
        }
        #expect(left.ticks == Int(now / (10 * millisecond)))
        #expect(left.ticks == right.ticks)
        #expect(right.stretches(slot: 4) == [Stretch(start: 80, frame: 0, length: (right.ticks - 1) * 80)])
        #expect(left.stretches(slot: 30) == [Stretch(start: 80, frame: 0, length: (left.ticks - 1) * 80)])
    }

    @Test("D-channel frames pass whole and in order, and a full queue refuses the next")
    func frames() throws {
        let (a, b) = try LoopSpan.makePair()
        let (left, right) = (DrivenSpan(a), DrivenSpan(b))
        left.run(now: 0)
        right.run(now: 0)
        let frames = (0..<64).map { n in (0..<(n + 1)).map { UInt8(truncatingIfNeeded: n &* 7 &+ $0) } }
        for frame in frames { #expect(a.dChannel.send(frame)) }
        #expect(!a.dChannel.send([1, 2, 3]))
        #expect(b.dChannel.receiveAll().isEmpty)
        left.run(now: 10 * millisecond)
        right.run(now: 10 * millisecond)
        #expect(b.dChannel.receiveAll() == frames)
        #expect(a.dChannel.receiveAll().isEmpty)
        #expect(a.status.state == .up)
    }

    @Test("an end whose peer is never serviced hears idle and goes on")
    func alone() throws {
        let (a, b) = try LoopSpan.makePair(idle: 0xD5)
        let left = DrivenSpan(a)
        for tick in 0..<50 { left.run(now: UInt64(tick) * 10 * millisecond) }
        #expect(left.ticks == 49)
        #expect(left.received.allSatisfy { $0.allSatisfy { $0 == 0xD5 } })
        withExtendedLifetime(b) {}
    }
}
