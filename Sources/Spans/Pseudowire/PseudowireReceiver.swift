// SPDX-License-Identifier: GPL-2.0-or-later

/// The receiving half of a pseudowire: packets in as they come, 125 µs frames out in order, idle where none came.
///
///     ──▶ accept ──▶ [ n+2 | n+1 | n ] ──▶ the packet being played ──▶ read, 80 frames a tick
///                     store, by sequence number modulo its size
@safe final class PseudowireReceiver {
    private let framesPerPacket: Int
    private let payloadOctets: Int
    private let timeslots: Int
    private let idle: UInt8
    /// What is played for a lost packet: idle, and ones in the D channel's slot, which abort a frame (Q.921 section 2.10).
    private let silence: UnsafeMutablePointer<UInt8>
    /// Packets of silence played first, so that later ones may come late.
    private let delayPackets: Int
    private let capacity: Int
    private let store: UnsafeMutablePointer<UInt8>
    /// The sequence number each slot holds; -1 for none.
    private let held: UnsafeMutablePointer<Int32>
    private let current: UnsafeMutablePointer<UInt8>
    private let status: SpanStatus

    /// Frames of the current packet not yet read.
    private var framesLeft = 0
    private var prefill = 0
    /// The next packet to play.
    private var next: UInt16 = 0
    /// The newest packet that came.
    private var newest: UInt16 = 0
    private var strays = 0
    private(set) var synchronized = false

    /// So many packets in a row outside the store are a peer that started anew.
    private static let straysToFollow = 20

    init(framesPerPacket: Int, timeslots: Int, dSlot: Int, idle: UInt8, delayFrames: Int, status: SpanStatus) {
        self.framesPerPacket = framesPerPacket
        self.timeslots = timeslots
        self.idle = idle
        self.status = status
        payloadOctets = framesPerPacket * timeslots
        delayPackets = (delayFrames + framesPerPacket - 1) / framesPerPacket
        // At least 300 ms, a power of two.
        var slots = 64
        while slots * framesPerPacket < 2_400 { slots *= 2 }
        capacity = slots
        unsafe store = .allocate(capacity: slots * payloadOctets)
        unsafe store.initialize(repeating: idle, count: slots * payloadOctets)
        unsafe held = .allocate(capacity: slots)
        unsafe held.initialize(repeating: -1, count: slots)
        unsafe silence = .allocate(capacity: payloadOctets)
        unsafe silence.initialize(repeating: idle, count: payloadOctets)
        for frame in 0..<framesPerPacket { unsafe silence[frame * timeslots + dSlot] = 0xFF }
        unsafe current = .allocate(capacity: payloadOctets)
        unsafe current.initialize(repeating: idle, count: payloadOctets)
    }

    deinit {
        unsafe store.deallocate()
        unsafe held.deallocate()
        unsafe current.deallocate()
        unsafe silence.deallocate()
    }

    /// Frames that can be read before one would be missing; those of lost packets with a later one behind them count.
    var depthFrames: Int {
        guard synchronized else { return 0 }
        let packets = Int(Int16(bitPattern: newest &- next)) + 1
        return framesLeft + (prefill + max(packets, 0)) * framesPerPacket
    }

    /// Takes a packet; nil octets are those of a sender whose own line is down. False when it came too late to be played.
    @discardableResult
    func accept(_ sequence: UInt16, _ octets: UnsafeRawBufferPointer?) -> Bool {
        if !synchronized { synchronize(at: sequence) }
        var distance = Int(Int16(bitPattern: sequence &- next))
        if !(0..<capacity).contains(distance) {
            strays += 1
            guard strays >= Self.straysToFollow else {
                status.count(.late)
                return false
            }
            synchronize(at: sequence)
            distance = 0
        }
        strays = 0
        let slot = Int(sequence) & (capacity - 1)
        guard unsafe held[slot] != Int32(sequence) else {
            status.count(.late)
            return false
        }
        let place = unsafe store + slot * payloadOctets
        if let octets = unsafe octets, octets.count == payloadOctets, let bytes = octets.baseAddress {
            unsafe UnsafeMutableRawPointer(place).copyMemory(from: bytes, byteCount: payloadOctets)
        } else {
            unsafe place.update(repeating: 0xFF, count: payloadOctets)
        }
        unsafe held[slot] = Int32(sequence)
        if Int16(bitPattern: sequence &- newest) > 0 {
            newest = sequence
        } else if sequence != newest {
            status.count(.reordered)
        }
        return true
    }

    private func synchronize(at sequence: UInt16) {
        synchronized = true
        next = sequence
        newest = sequence
        prefill = delayPackets
        strays = 0
        unsafe held.update(repeating: -1, count: capacity)
    }

    /// The signal is gone: what comes next starts anew.
    func reset() {
        synchronized = false
        framesLeft = 0
        strays = 0
    }

    /// Skips to the standing delay when more has gathered, which a peer that slept and caught up leaves behind.
    func trim(toFrames limit: Int) {
        guard synchronized, depthFrames > limit else { return }
        framesLeft = 0
        prefill = 0
        while depthFrames > delayPackets * framesPerPacket {
            unsafe held[Int(next) & (capacity - 1)] = -1
            next &+= 1
            status.count(.lost)
        }
    }

    /// Reads frames into blocks of `frames` octets for each timeslot, slot 1 first.
    func read(frames: Int, into blocks: UnsafeMutablePointer<UInt8>) {
        var done = 0
        while done < frames {
            if framesLeft == 0 { loadNext() }
            let count = min(framesLeft, frames - done)
            let start = unsafe current + (framesPerPacket - framesLeft) * timeslots
            for slot in 0..<timeslots {
                let target = unsafe blocks + slot * frames + done
                for frame in 0..<count { unsafe target[frame] = unsafe start[frame * timeslots + slot] }
            }
            framesLeft -= count
            done += count
        }
    }

    private func loadNext() {
        framesLeft = framesPerPacket
        guard synchronized, prefill == 0 else {
            if prefill > 0 { prefill -= 1 }
            return unsafe current.update(repeating: idle, count: payloadOctets)
        }
        let slot = Int(next) & (capacity - 1)
        if unsafe held[slot] == Int32(next) {
            unsafe current.update(from: store + slot * payloadOctets, count: payloadOctets)
        } else {
            unsafe current.update(from: silence, count: payloadOctets)
            status.count(.lost)
        }
        unsafe held[slot] = -1
        next &+= 1
        // Nothing newer has come: what comes next is judged against where playing has got to.
        if Int16(bitPattern: newest &- next) < -1 { newest = next &- 1 }
    }
}
