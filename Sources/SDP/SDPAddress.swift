// SPDX-License-Identifier: GPL-2.0-or-later

/// An address of a `c=` or `o=` line: `IN IP4 192.0.2.1`, `IN IP6 2001:db8::1`.
package struct SDPAddress: Hashable, Sendable, CustomStringConvertible {
    package enum Family: String, Hashable, Sendable {
        case ip4 = "IP4"
        case ip6 = "IP6"
    }

    package var family: Family
    /// A numeric address, or a host name as some peers put in `o=`; with `/ttl` when multicast.
    package var text: String

    package init(family: Family, text: String) {
        self.family = family
        self.text = text
    }

    /// From a numeric address, whose family it shows.
    package init(_ text: String) {
        self.init(family: text.utf8.contains(0x3A) ? .ip6 : .ip4, text: text)
    }

    init?(fields: [Substring]) {
        guard fields.count >= 3, fields[0] == "IN", let family = Family(rawValue: String(fields[1])) else { return nil }
        self.init(family: family, text: String(fields[2]))
    }

    /// "The connection address 0.0.0.0 … specifies that neither RTP nor RTCP should be sent to the peer" (RFC 3264 8.4).
    package var isUnspecified: Bool { text == "0.0.0.0" || text == "::" || text == "0:0:0:0:0:0:0:0" }

    /// A literal that is no host name, no multicast address and of the family that the line says.
    package var isUnicastLiteral: Bool {
        switch family {
        case .ip4:
            guard let octets = Self.octets(text) else { return false }
            return octets[0] < 224
        case .ip6:
            return Self.isIPv6(text) && !text.lowercased().hasPrefix("ff")
        }
    }

    package var description: String { "IN \(family.rawValue) \(text)" }

    private static func octets(_ text: String) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        let octets = parts.compactMap { part in part.utf8.allSatisfy(isDigit) && part.count <= 3 ? UInt8(part) : nil }
        return octets.count == 4 ? octets : nil
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

    /// Eight groups, or fewer with one `::`; the last two may be an IPv4 address.
    private static func isIPv6(_ text: String) -> Bool {
        let halves = text.split(separator: "::", omittingEmptySubsequences: false)
        guard text.utf8.count <= 45, halves.count <= 2 else { return false }
        var groups = 0
        for (index, half) in halves.enumerated() where !half.isEmpty {
            let parts = half.split(separator: ":", omittingEmptySubsequences: false)
            for (position, part) in parts.enumerated() {
                let isLast = index == halves.count - 1 && position == parts.count - 1
                if isLast, part.contains(".") {
                    guard octets(String(part)) != nil else { return false }
                    groups += 2
                } else {
                    guard (1...4).contains(part.utf8.count), UInt16(part, radix: 16) != nil, part.first != "+" else {
                        return false
                    }
                    groups += 1
                }
            }
        }
        return halves.count == 2 ? groups < 8 : groups == 8
    }
}
