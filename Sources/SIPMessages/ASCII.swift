// SPDX-License-Identifier: GPL-2.0-or-later

/// The character classes of RFC 3261 section 25.1, on octets.
extension UInt8 {
    /// SP, HTAB, and the CR and LF of a folded line (a value holds no other CR or LF).
    var isLinearWhitespace: Bool { self == 0x20 || self == 0x09 || self == 0x0D || self == 0x0A }

    var isDigit: Bool { self >= 0x30 && self <= 0x39 }

    var isAlpha: Bool { (self | 0x20) >= 0x61 && (self | 0x20) <= 0x7A }

    var isAlphanumeric: Bool { isDigit || isAlpha }

    var isHexDigit: Bool { isDigit || ((self | 0x20) >= 0x61 && (self | 0x20) <= 0x66) }

    var hexValue: UInt8? {
        if isDigit { return self - 0x30 }
        return isHexDigit ? (self | 0x20) - 0x61 + 10 : nil
    }

    var lowercasedASCII: UInt8 { self >= 0x41 && self <= 0x5A ? self | 0x20 : self }

    /// `token = 1*(alphanum / "-" / "." / "!" / "%" / "*" / "_" / "+" / "`" / "'" / "~")`
    var isToken: Bool {
        if isAlphanumeric { return true }
        switch self {
        case 0x2D, 0x2E, 0x21, 0x25, 0x2A, 0x5F, 0x2B, 0x60, 0x27, 0x7E: return true
        default: return false
        }
    }

    /// What an unquoted parameter value may hold: a token, a host, an IPv6 reference and what peers put there besides.
    var isParameterValue: Bool {
        switch self {
        case 0x22, 0x2C, 0x3B, 0x3C, 0x3E: return false  // " , ; < >
        default: return self > 0x20 && self != 0x7F
        }
    }

    /// What may stand in a URI at all. Octets from 0x80 are let pass: phones send raw UTF-8 user parts.
    var isURI: Bool { self > 0x20 && self != 0x7F && self != 0x3C && self != 0x3E && self != 0x22 }
}

extension String {
    /// Equal but for the case of ASCII letters, as SIP compares everything that is not quoted.
    package func equalsIgnoringCase(_ other: String) -> Bool {
        let a = utf8
        let b = other.utf8
        guard a.count == b.count else { return false }
        return zip(a, b).allSatisfy { $0.lowercasedASCII == $1.lowercasedASCII }
    }

    var isToken: Bool { !utf8.isEmpty && utf8.allSatisfy(\.isToken) }
}

extension [UInt8] {
    /// The range as text: the CR and LF of folding are gone, what is not UTF-8 is replaced.
    func text(_ range: Range<Int>) -> String {
        let slice = self[range]
        if slice.contains(where: { $0 == 0x0D || $0 == 0x0A }) {
            return String(decoding: slice.filter { $0 != 0x0D && $0 != 0x0A }, as: UTF8.self)
        }
        return String(decoding: slice, as: UTF8.self)
    }

    func equalsIgnoringCase(_ range: Range<Int>, _ other: String) -> Bool {
        let text = other.utf8
        guard range.count == text.count else { return false }
        return zip(self[range], text).allSatisfy { $0.lowercasedASCII == $1.lowercasedASCII }
    }
}
