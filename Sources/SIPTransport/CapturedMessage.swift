// SPDX-License-Identifier: GPL-2.0-or-later
import Glibc
package import NIOCore
package import SIPCore

/// A SIP message as it passed a socket: what ladders and packet captures are made of.
package struct CapturedMessage: Sendable {
    package enum Direction: Sendable {
        case received
        case sent
    }

    package var direction: Direction
    package var transport: SIPTransportKind
    package var monotonicNanoseconds: UInt64
    /// Since 1970.
    package var wallNanoseconds: UInt64
    package var local: SocketAddress
    package var remote: SocketAddress
    package var bytes: [UInt8]

    init(
        _ direction: Direction, _ transport: SIPTransportKind, local: SocketAddress, remote: SocketAddress,
        _ bytes: [UInt8]
    ) {
        self.direction = direction
        self.transport = transport
        monotonicNanoseconds = NIODeadline.now().uptimeNanoseconds
        wallNanoseconds = Self.wallClock()
        self.local = local
        self.remote = remote
        self.bytes = bytes
    }

    static func wallClock() -> UInt64 {
        var time = timespec()
        guard unsafe clock_gettime(CLOCK_REALTIME, &time) == 0 else { return 0 }
        return UInt64(max(0, time.tv_sec)) &* 1_000_000_000 &+ UInt64(max(0, time.tv_nsec))
    }
}
