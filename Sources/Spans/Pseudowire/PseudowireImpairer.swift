// SPDX-License-Identifier: GPL-2.0-or-later
import LineProtocol

/// Loses, swaps and delays packets on their way out, the same way for the same seed: a bad network for tests.
@safe final class PseudowireImpairer {
    private let impairment: PseudowireImpairment
    private let packetOctets: Int
    private let capacity: Int
    private let queue: UnsafeMutableRawPointer
    /// When each packet of the queue leaves.
    private let due: UnsafeMutablePointer<UInt64>
    private let held: UnsafeMutableRawPointer
    private var holding = false
    private var first = 0
    private var count = 0
    private var random: UInt64

    /// Nil when there is nothing to do.
    init?(_ impairment: PseudowireImpairment, packetOctets: Int, packetMilliseconds: Int) {
        guard impairment.lossPermille > 0 || impairment.reorderPermille > 0 || impairment.delayMilliseconds > 0 else {
            return nil
        }
        self.impairment = impairment
        self.packetOctets = packetOctets
        capacity = Int(impairment.delayMilliseconds) / packetMilliseconds + 64
        unsafe queue = .allocate(byteCount: capacity * packetOctets, alignment: 8)
        unsafe due = .allocate(capacity: capacity)
        unsafe due.initialize(repeating: 0, count: capacity)
        unsafe held = .allocate(byteCount: packetOctets, alignment: 8)
        random = impairment.seed &* 0x9E37_79B9_7F4A_7C15 | 1
    }

    deinit {
        unsafe queue.deallocate()
        unsafe due.deallocate()
        unsafe held.deallocate()
    }

    /// When the next packet leaves; nil when none waits.
    var nextDeadline: UInt64? { count > 0 ? unsafe due[first] : nil }

    func submit(_ packet: UnsafeRawBufferPointer, now: UInt64) {
        guard packet.count == packetOctets, let bytes = packet.baseAddress else { return }
        if chance(impairment.lossPermille) { return }
        if !holding, chance(impairment.reorderPermille) {
            unsafe held.copyMemory(from: bytes, byteCount: packetOctets)
            holding = true
            return
        }
        unsafe enqueue(bytes, now: now)
        if holding {
            holding = false
            unsafe enqueue(UnsafeRawPointer(held), now: now)
        }
    }

    /// Lends each packet whose time has come to the body.
    func flush(now: UInt64, _ body: (UnsafeRawBufferPointer) -> Void) {
        while count > 0, unsafe due[first] <= now {
            unsafe body(UnsafeRawBufferPointer(start: queue + first * packetOctets, count: packetOctets))
            first = (first + 1) % capacity
            count -= 1
        }
    }

    private func enqueue(_ bytes: UnsafeRawPointer, now: UInt64) {
        guard count < capacity else { return }
        let place = (first + count) % capacity
        unsafe (queue + place * packetOctets).copyMemory(from: bytes, byteCount: packetOctets)
        unsafe due[place] = now &+ UInt64(impairment.delayMilliseconds) * 1_000_000
        count += 1
    }

    private func chance(_ permille: UInt16) -> Bool {
        random ^= random << 13
        random ^= random >> 7
        random ^= random << 17
        return random % 1_000 < UInt64(permille)
    }
}
