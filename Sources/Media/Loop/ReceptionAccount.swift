// SPDX-License-Identifier: GPL-2.0-or-later
import RTP

/// What became of the packets of one RTP source, by their sequence numbers: lost, twice, out of order, begun anew.
///
/// A packet missing counts as lost once 64 later ones have come, or when the count ends; until then it is a hole.
struct ReceptionAccount: BitwiseCopyable {
    enum Verdict: BitwiseCopyable {
        case inOrder
        case reordered
        case duplicate
        /// Too old to be told from a duplicate.
        case stale
        /// Far off, or of another source, and dropped unless the next one follows on it.
        case suspect
        /// Another source, or the same begun anew: nothing before this packet counts.
        case restarted
    }

    private var tracker: SequenceTracker?
    private var newest: UInt64 = 0
    private var source: UInt32 = 0
    private var suspectSource: UInt32?
    private var suspectNext: UInt16 = 0
    /// Bit n: whether the packet n before the newest came.
    private var came: UInt64 = 1
    /// Bit n: whether the packet n before the newest was to come at all.
    private var due: UInt64 = 1
    /// Packets given up.
    private(set) var lost: UInt64 = 0

    @_noAllocation @_noLocks
    init() {}

    /// Missing among the last 64, and perhaps still on their way.
    var holes: UInt64 { @_noAllocation @_noLocks get { UInt64((due & ~came).nonzeroBitCount) } }

    @_noAllocation @_noLocks
    mutating func receive(_ sequence: UInt16, from source: UInt32) -> Verdict {
        guard var tracker else {
            begin(sequence, source)
            return .inOrder
        }
        guard source == self.source else {
            if suspectSource == source, sequence == suspectNext {
                lost &+= holes
                begin(sequence, source)
                return .restarted
            }
            suspectSource = source
            suspectNext = sequence &+ 1
            return .suspect
        }
        suspectSource = nil
        defer { self.tracker = tracker }
        switch tracker.receive(sequence) {
        case .next(let number):
            advance(by: number &- newest)
            newest = number
            return .inOrder
        case .late(let number):
            let age = newest &- number
            guard age < 64 else { return .stale }
            let bit = UInt64(1) &<< age
            guard came & bit == 0 else { return .duplicate }
            came |= bit
            return .reordered
        case .suspect:
            return .suspect
        case .restarted(let number):
            lost &+= holes
            newest = number
            came = 1
            due = 1
            return .restarted
        }
    }

    @_noAllocation @_noLocks
    private mutating func begin(_ sequence: UInt16, _ source: UInt32) {
        let begun = SequenceTracker(first: sequence)
        tracker = begun
        newest = begun.newest
        self.source = source
        suspectSource = nil
        came = 1
        due = 1
    }

    @_noAllocation @_noLocks
    private mutating func advance(by steps: UInt64) {
        if steps < 64 {
            let leaving = (due & ~came) &>> (64 &- steps)
            lost &+= UInt64(leaving.nonzeroBitCount)
            came = (came &<< steps) | 1
            due = (due &<< steps) | ((UInt64(1) &<< steps) &- 1) | 1
        } else {
            lost &+= holes &+ (steps &- 64)
            came = 1
            due = .max
        }
    }
}
