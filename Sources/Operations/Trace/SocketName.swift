// SPDX-License-Identifier: GPL-2.0-or-later
import Glibc

/// "192.0.2.1:5060" or "[2001:db8::1]:5060" taken apart; what cannot be read is 0.0.0.0, port 0.
struct SocketName: Hashable {
    /// Four or sixteen, in network order.
    var octets: [UInt8]
    var port: UInt16

    init(_ text: String) {
        let colon = text.lastIndex(of: ":")
        let host = text[..<(colon ?? text.endIndex)].trimmingPrefix("[")
        port = colon.flatMap { UInt16(text[text.index(after: $0)...]) } ?? 0
        let name = String(host.last == "]" ? host.dropLast() : host)
        octets = SocketName.octets(name) ?? [0, 0, 0, 0]
    }

    /// An IPv4 address as IPv6 (RFC 4291 section 2.5.5.2); an IPv6 address as it is.
    var mapped: SocketName {
        var copy = self
        if octets.count == 4 { copy.octets = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF] + octets }
        return copy
    }

    static func octets(_ address: String) -> [UInt8]? {
        for (family, length) in [(AF_INET, 4), (AF_INET6, 16)] {
            var octets = [UInt8](repeating: 0, count: length)
            let read = unsafe octets.withUnsafeMutableBytes { unsafe inet_pton(family, address, $0.baseAddress) }
            if read == 1 { return octets }
        }
        return nil
    }
}
