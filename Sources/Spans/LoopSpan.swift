// SPDX-License-Identifier: GPL-2.0-or-later
import LineProtocol

/// One end of two spans back to back in one process, bit-exact and exactly one tick late.
///
///     A transmits tick n ──▶ block n ──▶ B receives it in its tick n + 1
///
/// Ticks come from the times `service` is given alone, so a test drives it in virtual time. Neither end runs more than a
/// tick ahead of the other once both have started. Both ends belong to one thread; their D channels to libpri's.
@safe package final class LoopSpan: SpanDriver {
    package let timeslots = 31
    package let descriptors: [Int32] = []
    package let dChannel: RingDChannel
    package let status: SpanStatus

    /// The two blocks a slow peer may still have to read, and the one being written.
    private static let blocks = 4
    private static let tickNanoseconds: UInt64 = 10_000_000
    /// A thread that slept longer than this does not make up for it.
    private static let largestBacklog: UInt64 = 100

    private weak var peer: LoopSpan?
    private let idle: UInt8
    private let octets: Int
    private let sentBlocks: UnsafeMutablePointer<UInt8>
    /// The tick each block was sent in.
    private let sentTicks: UnsafeMutablePointer<UInt64>
    private let receiveBuffer: UnsafeMutablePointer<UInt8>
    private let transmitBuffer: UnsafeMutablePointer<UInt8>
    /// The time of tick 0, shared by both ends: the first `service` of either.
    private var origin: UInt64?
    /// Ticks ended, counted from `origin`; nil until the first `service`.
    private var ticks: UInt64?

    private init(idle: UInt8) throws(SpanError) {
        self.idle = idle
        octets = 31 * octetsPerTick
        status = SpanStatus(layer1: .up)
        dChannel = try RingDChannel(status: status)
        unsafe sentBlocks = .allocate(capacity: octets * Self.blocks)
        unsafe sentBlocks.initialize(repeating: idle, count: octets * Self.blocks)
        unsafe sentTicks = .allocate(capacity: Self.blocks)
        unsafe sentTicks.initialize(repeating: .max, count: Self.blocks)
        unsafe receiveBuffer = .allocate(capacity: octets)
        unsafe receiveBuffer.initialize(repeating: idle, count: octets)
        unsafe transmitBuffer = .allocate(capacity: octets)
        unsafe transmitBuffer.initialize(repeating: idle, count: octets)
    }

    deinit {
        unsafe sentBlocks.deallocate()
        unsafe sentTicks.deallocate()
        unsafe receiveBuffer.deallocate()
        unsafe transmitBuffer.deallocate()
    }

    /// Two ends joined. They hold each other weakly: keep both.
    package static func makePair(idle: UInt8 = 0xD5) throws(SpanError) -> (LoopSpan, LoopSpan) {
        let a = try LoopSpan(idle: idle)
        let b = try LoopSpan(idle: idle)
        a.peer = b
        b.peer = a
        return (a, b)
    }

    package var received: UnsafePointer<UInt8> { unsafe UnsafePointer(receiveBuffer) }
    package var transmit: UnsafeMutablePointer<UInt8> { unsafe transmitBuffer }

    package var nextDeadline: UInt64 {
        guard let origin, let ticks else { return 0 }
        return origin &+ (ticks &+ 1) &* Self.tickNanoseconds
    }

    package func service(now: UInt64) -> Int {
        let origin = self.origin ?? peer?.origin ?? now
        self.origin = origin
        let passed = now < origin ? 0 : (now - origin) / Self.tickNanoseconds
        guard var done = ticks else {
            ticks = passed
            return 0
        }
        guard passed > done else { return 0 }
        if passed - done > Self.largestBacklog {
            done = passed - 1
            ticks = done
        }
        // A peer that has fallen far behind is not serviced at all: no reason to wait for it.
        if let other = peer?.ticks, other &+ Self.largestBacklog >= done {
            return min(Int(passed - done), other >= done ? Int(min(other &- done &+ 1, 100)) : 0)
        }
        return Int(passed - done)
    }

    package func beginTick() {
        let ticks = self.ticks ?? 0
        unsafe transmitBuffer.update(repeating: idle, count: octets)
        // This is tick `ticks` + 1; the peer's tick before it bears the number `ticks`.
        let block = Int(ticks % UInt64(Self.blocks))
        if let peer, unsafe peer.sentTicks[block] == ticks {
            unsafe receiveBuffer.update(from: peer.sentBlocks + block * octets, count: octets)
        } else {
            unsafe receiveBuffer.update(repeating: idle, count: octets)
        }
    }

    package func endTick() {
        let ticks = (self.ticks ?? 0) &+ 1
        let block = Int(ticks % UInt64(Self.blocks))
        unsafe (sentBlocks + block * octets).update(from: transmitBuffer, count: octets)
        unsafe sentTicks[block] = ticks
        self.ticks = ticks
        while unsafe dChannel.nextForLine({ frame in unsafe peer?.dChannel.deliver(frame) }) != nil {}
    }
}
