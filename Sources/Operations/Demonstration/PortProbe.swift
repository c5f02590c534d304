// SPDX-License-Identifier: GPL-2.0-or-later
import Glibc
import SIPCore
import SIPTransport

/// Whether ports are free, found by binding them for a moment.
package enum PortProbe {
    package enum Kind: String, Sendable, CaseIterable {
        case udp
        case tcp
    }

    /// Nil when the port is free there; else a sentence that names whoever has it.
    package static func complaint(_ kind: Kind, host: String, port: UInt16, advice: String) -> String? {
        let name = kind.rawValue.uppercased()
        switch bindError(kind, host: host, port: port) {
        case 0: return nil
        case EADDRINUSE:
            let owner = self.owner(kind, port: port) ?? "another program"
            return "\(name) port \(port) on \(host) is in use by \(owner); \(advice)"
        case EADDRNOTAVAIL:
            return "this machine has no address \(host); `ip address` lists those it has"
        case let number:
            let why = unsafe String(cString: strerror(number))
            return "\(name) port \(port) on \(host) cannot be used: \(why); \(advice)"
        }
    }

    /// Whoever has a port, in a few words.
    package static func owner(_ kind: Kind, port: UInt16) -> String? {
        var owner: PortOwner?
        // The kernel's list can miss a line while sockets come and go.
        for _ in 0..<3 where owner?.process == nil {
            owner = PortOwner.find(kind == .tcp ? .tcp : .udp, port: port) ?? owner
        }
        return owner?.description
    }

    /// How many even UDP ports of a range are free, with one that is not.
    package static func free(in range: ClosedRange<UInt16>, host: String) -> (count: Int, taken: UInt16?) {
        var count = 0
        var taken: UInt16?
        for port in range where port % 2 == 0 {
            if bindError(.udp, host: host, port: port) == 0 { count += 1 } else { taken = taken ?? port }
        }
        return (count, taken)
    }

    private static func bindError(_ kind: Kind, host: String, port: UInt16) -> Int32 {
        guard let octets = SocketName.octets(host) else { return EADDRNOTAVAIL }
        let isIPv6 = octets.count == 16
        let type = Int32((kind == .tcp ? SOCK_STREAM : SOCK_DGRAM).rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(isIPv6 ? AF_INET6 : AF_INET, type, 0)
        guard descriptor >= 0 else { return errno }
        defer { close(descriptor) }
        var on: Int32 = 1
        // Connections of a listener before us may still be winding up.
        if kind == .tcp { unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(4)) }
        if isIPv6 { unsafe setsockopt(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &on, socklen_t(4)) }
        // sockaddr_in and sockaddr_in6, by their octets: family, port, (flow,) address.
        let family = UInt16(isIPv6 ? AF_INET6 : AF_INET)
        var address = [UInt8(family & 0xFF), UInt8(family >> 8), UInt8(port >> 8), UInt8(port & 0xFF)]
        address += (isIPv6 ? [0, 0, 0, 0] : []) + octets
        address += [UInt8](repeating: 0, count: (isIPv6 ? 28 : 16) - address.count)
        let result = unsafe address.withUnsafeBytes { raw in
            unsafe bind(descriptor, raw.assumingMemoryBound(to: sockaddr.self).baseAddress, socklen_t(raw.count))
        }
        return result == 0 ? 0 : errno
    }
}
