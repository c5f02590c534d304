// SPDX-License-Identifier: GPL-2.0-or-later

/// Makes of 16-bit sequence numbers that wrap a count that does not, and tells a late packet from a stream begun anew
/// (RFC 3550 appendix A.1; without its probation, since a source here is known by its address).
package struct SequenceTracker: Hashable, Sendable, BitwiseCopyable {
    /// What a packet's number says of it. The numbers are extended ones.
    package enum Arrival: Hashable, Sendable {
        /// The next one, or one after a gap.
        case next(UInt64)
        /// Older than the newest: late, reordered or twice.
        case late(UInt64)
        /// So far off that it is dropped, unless the one after it follows on it.
        case suspect
        /// The second in a row so far off: the sender began anew, and this is the first number of the new count.
        case restarted(UInt64)
    }

    /// The newest extended number; the first begins one cycle up, so that those before it have numbers too.
    package private(set) var newest: UInt64
    /// The first extended number since the start or the last restart.
    package private(set) var first: UInt64
    /// Packets since then, late and repeated ones among them.
    package private(set) var received: UInt64
    private var suspectedNext: UInt16?

    /// Starts with the number of the first packet.
    @_noAllocation @_noLocks
    package init(first sequence: UInt16) {
        newest = 0x1_0000 | UInt64(sequence)
        first = newest
        received = 1
        suspectedNext = nil
    }

    /// How many of the numbers passed never came, by the newest; late ones that came twice hide losses (RFC 3550 A.3).
    package var lost: UInt64 {
        @_noAllocation @_noLocks get {
            let expected = newest &- first &+ 1
            return expected > received ? expected &- received : 0
        }
    }

    @_noAllocation @_noLocks
    package mutating func receive(_ sequence: UInt16) -> Arrival {
        let ahead = sequence &- UInt16(truncatingIfNeeded: newest)
        if ahead != 0, ahead < Self.maximumDropout {
            newest &+= UInt64(ahead)
            received &+= 1
            suspectedNext = nil
            return .next(newest)
        }
        let behind = 0 &- ahead
        if behind <= Self.maximumMisorder {
            received &+= 1
            return .late(newest &- UInt64(behind))
        }
        guard suspectedNext == sequence else {
            suspectedNext = sequence &+ 1
            return .suspect
        }
        newest = (newest | 0xFFFF) &+ 1 &+ UInt64(sequence)
        first = newest
        received = 1
        suspectedNext = nil
        return .restarted(newest)
    }

    private static var maximumDropout: UInt16 { @_noAllocation @_noLocks get { 3_000 } }
    private static var maximumMisorder: UInt16 { @_noAllocation @_noLocks get { 100 } }
}
