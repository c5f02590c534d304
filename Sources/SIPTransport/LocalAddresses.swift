// SPDX-License-Identifier: GPL-2.0-or-later
import Glibc
import NIOCore

/// Which address of this machine a peer is reached from, as the kernel's routes say; asked once a minute for each peer.
struct LocalAddresses {
    private struct Entry {
        var address: SocketAddress?
        var until: NIODeadline
    }

    private var known: [String: Entry] = [:]
    private let lifetime = TimeAmount.minutes(1)
    private let maximumEntries = 4_096

    /// The address without a meaningful port; nil when there is no route.
    mutating func towards(_ remote: SocketAddress, now: NIODeadline) -> SocketAddress? {
        let key = remote.ipAddress ?? ""
        if let entry = known[key], entry.until > now { return entry.address }
        if known.count >= maximumEntries { known.removeAll() }
        let address = Self.ask(remote)
        known[key] = Entry(address: address, until: now + lifetime)
        return address
    }

    /// Connecting a UDP socket sends nothing; it only chooses the route and with it our address.
    static func ask(_ remote: SocketAddress) -> SocketAddress? {
        let family = remote.isIPv6 ? AF_INET6 : AF_INET
        let descriptor = socket(family, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        defer { Glibc.close(descriptor) }
        // The port matters to nobody, but some systems refuse port 0.
        var target = remote
        if target.port == 0 { target.port = 5060 }
        let connected = unsafe target.withSockAddr { address, length in
            unsafe connect(descriptor, address, socklen_t(length))
        }
        guard connected == 0 else { return nil }
        return ownAddress(of: descriptor, isIPv6: remote.isIPv6)
    }

    /// `getsockname`, read by the octets of `sockaddr_in` (address at 4) and `sockaddr_in6` (at 8).
    private static func ownAddress(of descriptor: Int32, isIPv6: Bool) -> SocketAddress? {
        var storage = [UInt8](repeating: 0, count: 128)
        var length = socklen_t(storage.count)
        let result = unsafe storage.withUnsafeMutableBytes { bytes in
            unsafe bytes.withMemoryRebound(to: sockaddr.self) {
                unsafe getsockname(descriptor, $0.baseAddress, &length)
            }
        }
        let address = isIPv6 ? 8..<24 : 4..<8
        guard result == 0, Int(length) >= address.upperBound else { return nil }
        return try? SocketAddress(packedIPAddress: ByteBuffer(bytes: storage[address]), port: 0)
    }
}
