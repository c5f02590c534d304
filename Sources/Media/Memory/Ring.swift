// SPDX-License-Identifier: GPL-2.0-or-later
import CMediaRT

/// A queue of plain values from one thread to another: one writes, one reads, nobody waits. Its capacity is a power of two.
@safe struct Ring<Element: BitwiseCopyable>: BitwiseCopyable {
    private let elements: Block<Element>
    private let ends: RingEnds

    init(capacity: Int, filler: Element) {
        precondition(capacity > 0 && capacity & (capacity - 1) == 0)
        elements = Block(repeating: filler, count: capacity)
        ends = RingEnds(capacity: capacity)
    }

    func deallocate() {
        elements.deallocate()
        ends.deallocate()
    }

    /// How many were ever written, for the writer.
    var written: UInt64 { ends.writtenCount }

    /// False when it is full: the element is not taken.
    func push(_ element: Element) -> Bool {
        guard let place = ends.writable() else { return false }
        elements[place] = element
        ends.written()
        return true
    }

    func pop() -> Element? {
        guard let place = ends.readable() else { return nil }
        let element = elements[place]
        ends.taken()
        return element
    }
}

/// The two counts of a ring: written by its writer, read by its reader, each on a cache line of its own.
@safe struct RingEnds: BitwiseCopyable {
    private let words: UnsafeMutablePointer<UInt64>
    private let mask: UInt64

    private static var head: Int { @_noAllocation @_noLocks get { 16 } }

    init(capacity: Int) {
        unsafe words = .allocate(capacity: 32)
        unsafe words.initialize(repeating: 0, count: 32)
        mask = UInt64(capacity) - 1
    }

    func deallocate() {
        unsafe words.deallocate()
    }

    /// How many were ever written, for the writer.
    var writtenCount: UInt64 { unsafe rt_load(words) }

    /// Where the writer may write next; nil when the ring is full.
    @_noAllocation @_noLocks
    func writable() -> Int? {
        let tail = unsafe rt_load(words)
        guard tail &- (unsafe rt_load_acquire(words + Self.head)) <= mask else { return nil }
        return Int(truncatingIfNeeded: tail & mask)
    }

    @_noAllocation @_noLocks
    func written() {
        unsafe rt_store_release(words, rt_load(words) &+ 1)
    }

    /// Where the reader may read next; nil when the ring is empty.
    @_noAllocation @_noLocks
    func readable() -> Int? {
        let head = unsafe rt_load(words + Self.head)
        guard unsafe head != rt_load_acquire(words) else { return nil }
        return Int(truncatingIfNeeded: head & mask)
    }

    @_noAllocation @_noLocks
    func taken() {
        unsafe rt_store_release(words + Self.head, rt_load(words + Self.head) &+ 1)
    }
}
