// SPDX-License-Identifier: GPL-2.0-or-later
import LineProtocol

extension IPAddress {
    /// From the text of an SDP connection address: dotted IPv4, or IPv6 with or without `::` and an IPv4 tail (RFC 4291 2.2).
    init?(text: String) {
        if let value = Self.ipv4(text[...]) {
            self = .v4(value)
        } else if let groups = Self.ipv6(text) {
            let halves = [groups[..<4], groups[4...]].map { $0.reduce(UInt64(0)) { $0 << 16 | UInt64($1) } }
            self = .v6(halves[0], halves[1])
        } else {
            return nil
        }
    }

    private static func ipv4(_ text: Substring) -> UInt32? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var value: UInt32 = 0
        for part in parts {
            guard part.utf8.count <= 3, part.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let octet = UInt8(part)
            else { return nil }
            value = value << 8 | UInt32(octet)
        }
        return value
    }

    /// The eight groups.
    private static func ipv6(_ text: String) -> [UInt16]? {
        guard text.utf8.count <= 45, text.utf8.contains(0x3A) else { return nil }
        let halves = text.split(separator: "::", omittingEmptySubsequences: false)
        guard halves.count <= 2 else { return nil }
        var sides: [[UInt16]] = []
        for (index, half) in halves.enumerated() {
            guard let side = groups(half, endsAddress: index == halves.count - 1) else { return nil }
            sides.append(side)
        }
        let given = sides.reduce(0) { $0 + $1.count }
        guard sides.count == 2 else { return given == 8 ? sides[0] : nil }
        guard given < 8 else { return nil }
        return sides[0] + Array(repeating: 0, count: 8 - given) + sides[1]
    }

    private static func groups(_ text: Substring, endsAddress: Bool) -> [UInt16]? {
        if text.isEmpty { return [] }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        var groups: [UInt16] = []
        for (index, part) in parts.enumerated() {
            if endsAddress, index == parts.count - 1, let tail = ipv4(part) {
                groups += [UInt16(truncatingIfNeeded: tail >> 16), UInt16(truncatingIfNeeded: tail)]
            } else {
                guard (1...4).contains(part.utf8.count), part.first != "+", let group = UInt16(part, radix: 16)
                else { return nil }
                groups.append(group)
            }
        }
        return groups
    }
}
