// SPDX-License-Identifier: GPL-2.0-or-later
import RTP
import TestSupport
import Testing

@Suite("Extended sequence numbers")
struct SequenceTrackerTests {
    @Test("Numbers go on counting when 16 bits wrap")
    func wrap() {
        var tracker = SequenceTracker(first: 65_534)
        let start = tracker.newest
        #expect(tracker.receive(65_535) == .next(start + 1))
        #expect(tracker.receive(0) == .next(start + 2))
        #expect(tracker.receive(1) == .next(start + 3))
        #expect(tracker.lost == 0)
        for step in 4...200_000 as ClosedRange<UInt64> {
            #expect(tracker.receive(UInt16(truncatingIfNeeded: start + step)) == .next(start + step))
        }
        #expect(tracker.lost == 0)
    }

    @Test("A gap counts as lost until what is missing comes late")
    func gapAndLate() {
        var tracker = SequenceTracker(first: 10)
        let start = tracker.newest
        #expect(tracker.receive(13) == .next(start + 3))
        #expect(tracker.lost == 2)
        #expect(tracker.receive(11) == .late(start + 1))
        #expect(tracker.receive(12) == .late(start + 2))
        #expect(tracker.lost == 0)
        #expect(tracker.receive(13) == .late(start + 3))
        #expect(tracker.lost == 0)
    }

    @Test("A late packet across the wrap belongs to the cycle before")
    func lateAcrossWrap() {
        var tracker = SequenceTracker(first: 0)
        let start = tracker.newest
        #expect(tracker.receive(65_535) == .late(start - 1))
    }

    @Test("The limits: 2,999 ahead is a gap, 3,000 is suspect; 100 behind is late, 101 is suspect")
    func limits() {
        var tracker = SequenceTracker(first: 1_000)
        #expect(tracker.receive(900) == .late(tracker.newest - 100))
        #expect(tracker.receive(899) == .suspect)
        #expect(tracker.receive(4_000) == .suspect)
        #expect(tracker.receive(3_999) == .next(tracker.newest))
    }

    @Test("One packet far off changes nothing; two in a row are a sender that began anew")
    func restart() {
        var tracker = SequenceTracker(first: 1_000)
        let start = tracker.newest
        #expect(tracker.receive(30_000) == .suspect)
        #expect(tracker.receive(1_001) == .next(start + 1))
        #expect(tracker.receive(30_001) == .suspect, "the suspicion ended with the good packet between")
        guard case .restarted(let number) = tracker.receive(30_002) else {
            Issue.record("two consecutive numbers did not restart the count")
            return
        }
        #expect(number > start + 1 && UInt16(truncatingIfNeeded: number) == 30_002)
        #expect(tracker.first == number && tracker.received == 1 && tracker.lost == 0)
        #expect(tracker.receive(30_003) == .next(number + 1))
    }

    @Test("Whatever comes, the newest number never falls")
    func fuzz() {
        var generator = SplitMix64(seed: 77)
        var tracker = SequenceTracker(first: 0)
        var newest = tracker.newest
        for _ in 0..<200_000 {
            let jump = UInt16.random(in: 0...(Bool.random(using: &generator) ? 8 : .max), using: &generator)
            switch tracker.receive(UInt16(truncatingIfNeeded: tracker.newest) &+ jump &- 3) {
            case .next(let number), .restarted(let number): #expect(number > newest && number == tracker.newest)
            case .late(let number): #expect(number <= newest && tracker.newest == newest)
            case .suspect: #expect(tracker.newest == newest)
            }
            newest = tracker.newest
        }
    }
}
