// SPDX-License-Identifier: GPL-2.0-or-later

extension SIPURI {
    /// RFC 3261 19.1.4: do two URIs name the same resource?
    package func isEquivalent(to other: SIPURI) -> Bool {
        guard scheme == other.scheme else { return false }
        guard isSIP else {
            return Self.sameEscaped(escapedUser, other.escapedUser, ignoringCase: scheme == .tel)
                && parametersMatch(other)
        }
        // "Comparison of the userinfo of SIP and SIPS URIs is case-sensitive. … Comparison of all other components of
        // the URI is case-insensitive unless explicitly defined otherwise."
        return Self.sameEscaped(escapedUser, other.escapedUser)
            && Self.sameEscaped(escapedPassword, other.escapedPassword)
            && host.equalsIgnoringCase(other.host)
            // "A URI omitting any component with a default value will not match a URI explicitly containing it."
            && port == other.port
            && parametersMatch(other) && Self.headerSet(headers) == Self.headerSet(other.headers)
    }

    /// "Any uri-parameter appearing in both URIs must match. A user, ttl, or method uri-parameter appearing in only one
    /// URI never matches, even if it contains the default value. A URI that includes an maddr parameter will not match a
    /// URI that contains no maddr parameter. All other uri-parameters appearing in only one URI are ignored."
    private func parametersMatch(_ other: SIPURI) -> Bool {
        let mine = Self.table(parameters)
        let theirs = Self.table(other.parameters)
        let decisive: Set<String> = ["user", "ttl", "method", "maddr", "transport"]
        for name in Set(mine.keys).union(theirs.keys) {
            switch (mine[name], theirs[name]) {
            case (let a?, let b?) where a == b: continue
            case (.some, .some): return false
            case (.none, _), (_, .none):
                if decisive.contains(name) || scheme == .tel { return false }
            }
        }
        return true
    }

    private static func table(_ parameters: SIPParameters) -> [String: String] {
        var table: [String: String] = [:]
        for (name, value) in parameters.pairs {
            table[unescape(name).lowercased()] = unescape(value ?? "").lowercased()
        }
        return table
    }

    /// "URI header components are never ignored. Any present header component MUST be present in both URIs and match."
    private static func headerSet(_ headers: String?) -> Set<String> {
        Set((headers ?? "").split(separator: "&").map { unescape(String($0)).lowercased() })
    }

    /// "Characters other than those in the 'reserved' set are equivalent to their %-escaped form."
    private static func sameEscaped(_ a: String?, _ b: String?, ignoringCase: Bool = false) -> Bool {
        switch (a, b) {
        case (nil, nil): return true
        case (let a?, let b?):
            let x = canonical(a)
            let y = canonical(b)
            return ignoringCase ? x.equalsIgnoringCase(y) : x == y
        case (.some, nil), (nil, .some): return false
        }
    }

    /// Escapes of unreserved characters decoded, all others in upper-case hexadecimal.
    private static func canonical(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            guard bytes[index] == 0x25, index + 2 < bytes.count,
                let high = bytes[index + 1].hexValue, let low = bytes[index + 2].hexValue
            else {
                result.append(bytes[index])
                index += 1
                continue
            }
            let byte = high << 4 | low
            let decoded = String(decoding: [byte], as: UTF8.self)
            let isUnreserved = byte.isAlphanumeric || "-_.!~*'()".utf8.contains(byte)
            result += isUnreserved ? Array(decoded.utf8) : [0x25] + "\(hex(high))\(hex(low))".utf8
            index += 3
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func hex(_ value: UInt8) -> String { String(value, radix: 16, uppercase: true) }
}
