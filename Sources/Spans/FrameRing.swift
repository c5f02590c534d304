// SPDX-License-Identifier: GPL-2.0-or-later
import Synchronization

/// Whole D-channel frames from one thread to one other, in order, with no lock and no allocation after it was made.
@safe struct FrameRing: ~Copyable {
    /// LAPD's longest frame is 260 octets of information and 4 of address and control (Q.921 section 5.9.3).
    static let maximumFrameOctets = 510
    private static let slotOctets = 512

    private let slots: UnsafeMutableRawPointer
    private let mask: Int
    private let head = Atomic<Int>(0)
    private let tail = Atomic<Int>(0)

    /// The capacity is a power of two.
    init(capacity: Int) {
        precondition(capacity > 0 && capacity & (capacity - 1) == 0)
        mask = capacity - 1
        unsafe slots = .allocate(byteCount: capacity * Self.slotOctets, alignment: 8)
        unsafe slots.initializeMemory(as: UInt8.self, repeating: 0, count: capacity * Self.slotOctets)
    }

    deinit {
        unsafe slots.deallocate()
    }

    /// The producer's. False when the ring is full or the frame too long.
    borrowing func push(_ frame: UnsafeRawBufferPointer) -> Bool {
        let end = tail.load(ordering: .relaxed)
        guard end &- head.load(ordering: .acquiring) <= mask, frame.count <= Self.maximumFrameOctets else {
            return false
        }
        let slot = unsafe slots + (end & mask) * Self.slotOctets
        unsafe slot.storeBytes(of: UInt16(frame.count), as: UInt16.self)
        if let bytes = frame.baseAddress {
            unsafe (slot + 2).copyMemory(from: bytes, byteCount: frame.count)
        }
        tail.store(end &+ 1, ordering: .releasing)
        return true
    }

    /// The consumer's. Lends the oldest frame to the body and removes it; nil when there is none.
    borrowing func pop<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result? {
        let start = head.load(ordering: .relaxed)
        guard start != tail.load(ordering: .acquiring) else { return nil }
        let slot = unsafe slots + (start & mask) * Self.slotOctets
        let count = Int(unsafe slot.load(as: UInt16.self))
        let result = unsafe body(UnsafeRawBufferPointer(start: slot + 2, count: count))
        head.store(start &+ 1, ordering: .releasing)
        return result
    }
}
