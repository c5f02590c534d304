// SPDX-License-Identifier: GPL-2.0-or-later
import CLinux
import Glibc
import LineProtocol
import Spans
import Testing

/// A driver with one descriptor for each channel and block reads and writes, as `/dev/dahdi/chan` has them: that it fits
/// `SpanDriver` and `DChannel` is what this shows. Its clock is the first B channel: a block to read is a tick.
@safe final class ChannelFileSpan: SpanDriver, @unchecked Sendable {
    // Unchecked: the D channel's half uses one descriptor and nothing else.
    let timeslots = 31
    let descriptors: [Int32]
    let nextDeadline = UInt64.max
    private let files: [Int32]
    private let buffers = (
        received: UnsafeMutablePointer<UInt8>.allocate(capacity: 31 * octetsPerTick),
        transmit: UnsafeMutablePointer<UInt8>.allocate(capacity: 31 * octetsPerTick)
    )
    private static let dSlot = 15

    /// The descriptors of timeslots 1 to 31.
    init(files: [Int32]) {
        self.files = files
        descriptors = [files[0]]
        unsafe buffers.received.initialize(repeating: 0xD5, count: 31 * octetsPerTick)
        unsafe buffers.transmit.initialize(repeating: 0xD5, count: 31 * octetsPerTick)
    }

    deinit {
        unsafe buffers.received.deallocate()
        unsafe buffers.transmit.deallocate()
        for file in files { close(file) }
    }

    var received: UnsafePointer<UInt8> { unsafe UnsafePointer(buffers.received) }
    var transmit: UnsafeMutablePointer<UInt8> { unsafe buffers.transmit }

    func service(now: UInt64) -> Int {
        var waiting: Int32 = 0
        guard unsafe ioctl(files[0], UInt(FIONREAD), &waiting) == 0 else { return 0 }
        return waiting > 0 ? 1 : 0
    }

    func beginTick() {
        for slot in 0..<31 where slot != Self.dSlot {
            unsafe _ = read(files[slot], buffers.received + slot * octetsPerTick, octetsPerTick)
        }
    }

    func endTick() {
        for slot in 0..<31 where slot != Self.dSlot {
            unsafe _ = write(files[slot], buffers.transmit + slot * octetsPerTick, octetsPerTick)
        }
    }
}

extension ChannelFileSpan: DChannel {
    var descriptor: Int32 { files[Self.dSlot] }

    func receive(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
        let octets = unsafe read(files[Self.dSlot], buffer.baseAddress, buffer.count)
        return octets > 0 ? octets : nil
    }

    func send(_ frame: UnsafeRawBufferPointer) -> Bool {
        unsafe write(files[Self.dSlot], frame.baseAddress, frame.count) == frame.count
    }
}

@Suite struct ChannelFileSpanTests {
    @Test("one descriptor for each channel fits the driver's protocol: audio bit-exact, frames whole")
    func fits() throws {
        var ends: (a: [Int32], b: [Int32]) = ([], [])
        for _ in 0..<31 {
            var pair: [Int32] = [0, 0]
            // A packet for each block and each frame, as the card's channels keep them.
            let kind = Int32(SOCK_SEQPACKET.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
            try #require(unsafe socketpair(AF_UNIX, kind, 0, &pair) == 0)
            ends.a.append(pair[0])
            ends.b.append(pair[1])
        }
        let (a, b) = (ChannelFileSpan(files: ends.a), ChannelFileSpan(files: ends.b))
        let (left, right) = (DrivenSpan(a), DrivenSpan(b))
        // The first blocks that start the clock.
        for slot in 0..<31 where slot != 15 {
            let block = [UInt8](repeating: 0xD5, count: octetsPerTick)
            try #require(unsafe write(ends.a[slot], block, octetsPerTick) == octetsPerTick)
        }
        for n in 0..<100 as Range<UInt8> {
            #expect(a.send([n, 1, 2]))
            #expect(right.run(now: 0) == 1)
            #expect(left.run(now: 0) == 1)
            #expect(b.receiveAll() == [[n, 1, 2]])
        }
        for end in [left, right] {
            #expect(end.ticks == 100)
            #expect(end.stretches(slot: 30).count == 1)
            #expect(end.stretches(slot: 0).first.map { $0.length >= 99 * 80 } == true)
        }
        #expect(a.receiveAll().isEmpty)
    }
}
