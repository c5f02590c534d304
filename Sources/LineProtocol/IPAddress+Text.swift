// SPDX-License-Identifier: GPL-2.0-or-later

extension IPAddress: CustomStringConvertible {
    /// From dotted IPv4, or IPv6 with or without `::` and an IPv4 tail (RFC 4291 section 2.2); no zone, no brackets.
    package init?(text: String) {
        if let value = Self.dotted(text[...]) {
            self = .v4(value)
        } else if let groups = Self.groups(ofAddress: text) {
            let halves = [groups[..<4], groups[4...]].map { $0.reduce(UInt64(0)) { $0 << 16 | UInt64($1) } }
            self = .v6(halves[0], halves[1])
        } else {
            return nil
        }
    }

    /// As RFC 5952 writes it: the longest run of zero groups as `::`.
    package var description: String {
        switch self {
        case .v4(let value):
            return [24, 16, 8, 0].map { "\(value >> $0 & 0xFF)" }.joined(separator: ".")
        case .v6(let high, let low):
            let groups = [high, low].flatMap { half in [48, 32, 16, 0].map { UInt16(truncatingIfNeeded: half >> $0) } }
            var longest = 0..<0
            var start = 0
            for (index, group) in groups.enumerated() {
                if group != 0 { start = index + 1 }
                if index + 1 - start > max(longest.count, 1) { longest = start..<(index + 1) }
            }
            let texts = groups.map { String($0, radix: 16) }
            guard !longest.isEmpty else { return texts.joined(separator: ":") }
            let head = texts[..<longest.lowerBound].joined(separator: ":")
            let tail = texts[longest.upperBound...].joined(separator: ":")
            return head + "::" + tail
        }
    }

    private static func dotted(_ text: Substring) -> UInt32? {
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

    private static func groups(ofAddress text: String) -> [UInt16]? {
        guard text.utf8.count <= 45, text.utf8.contains(0x3A) else { return nil }
        let halves = text.split(separator: "::", omittingEmptySubsequences: false)
        guard halves.count <= 2 else { return nil }
        var sides: [[UInt16]] = []
        for (index, half) in halves.enumerated() {
            guard let side = groups(ofHalf: half, endsAddress: index == halves.count - 1) else { return nil }
            sides.append(side)
        }
        let given = sides.reduce(0) { $0 + $1.count }
        guard sides.count == 2 else { return given == 8 ? sides[0] : nil }
        guard given < 8 else { return nil }
        return sides[0] + Array(repeating: 0, count: 8 - given) + sides[1]
    }

    private static func groups(ofHalf text: Substring, endsAddress: Bool) -> [UInt16]? {
        if text.isEmpty { return [] }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        var groups: [UInt16] = []
        for (index, part) in parts.enumerated() {
            if endsAddress, index == parts.count - 1, let tail = dotted(part) {
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

extension TransportAddress: CustomStringConvertible {
    /// From `192.0.2.1:5060` or `[2001:db8::1]:5060`.
    package init?(text: String) {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        var host = text[..<colon]
        if host.first == "[" {
            guard host.last == "]", host.contains(":") else { return nil }
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        let digits = text[text.index(after: colon)...]
        guard let address = IPAddress(text: String(host)), digits.first != "+", let port = UInt16(digits) else {
            return nil
        }
        self.init(address, port: port)
    }

    package var description: String {
        switch address {
        case .v4: "\(address):\(port)"
        case .v6: "[\(address)]:\(port)"
        }
    }
}
