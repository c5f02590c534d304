// SPDX-License-Identifier: GPL-2.0-or-later

/// A URI of RFC 3261 section 19.1 (`sip`, `sips`), RFC 3966 (`tel`), or any other kept as its text.
///
/// User and password are kept as they were escaped; `user` gives and takes them decoded. `==` compares the text;
/// `isEquivalent(to:)` compares as RFC 3261 19.1.4 does.
package struct SIPURI: Hashable, Sendable, CustomStringConvertible {
    package enum Scheme: Hashable, Sendable {
        case sip, sips, tel
        /// In lower case.
        case other(String)

        package var text: String {
            switch self {
            case .sip: "sip"
            case .sips: "sips"
            case .tel: "tel"
            case .other(let name): name
            }
        }
    }

    package var scheme: Scheme
    /// As on the wire, with its escapes. For `tel` the number; for other schemes all that follows the colon.
    package var escapedUser: String?
    package var escapedPassword: String?
    /// A name or an address; an IPv6 address without its brackets. Empty unless the scheme is `sip` or `sips`.
    package var host: String
    package var port: UInt16?
    package var parameters: SIPParameters
    /// The text behind `?`, without it; `nil` when there is none.
    package var headers: String?

    package init(
        scheme: Scheme = .sip, user: String? = nil, host: String, port: UInt16? = nil,
        parameters: SIPParameters = SIPParameters()
    ) {
        self.scheme = scheme
        escapedUser = user.map { Self.escape($0, allowed: Self.isUserUnescaped) }
        self.host = host
        self.port = port
        self.parameters = parameters
    }

    /// Parses a whole URI; `nil` when it is malformed.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard let uri = SIPURI(bytes, 0..<bytes.count) else { return nil }
        self = uri
    }

    /// The user part with its escapes decoded.
    package var user: String? {
        get { escapedUser.map(Self.unescape) }
        set { escapedUser = newValue.map { Self.escape($0, allowed: Self.isUserUnescaped) } }
    }

    /// The user part up to its first `;`: the number of a telephone-subscriber (RFC 3261 19.1.6), decoded.
    package var subscriber: String? {
        escapedUser.map { user in Self.unescape(String(user.prefix { $0 != ";" })) }
    }

    package var isSIP: Bool { scheme == .sip || scheme == .sips }

    /// `lr`: the next hop is a loose router (RFC 3261 19.1.1).
    package var isLooseRouter: Bool { parameters.contains("lr") }

    /// The port given, else that of the scheme.
    package var effectivePort: UInt16 { port ?? (scheme == .sips ? 5061 : 5060) }

    package var description: String {
        var text = scheme.text + ":"
        if let escapedUser {
            text += escapedUser
            if let escapedPassword { text += ":" + escapedPassword }
            if isSIP { text += "@" }
        }
        text += Self.hostText(host)
        if let port { text += ":\(port)" }
        text += parameters.text
        if let headers { text += "?" + headers }
        return text
    }

    /// With brackets around an IPv6 address.
    package static func hostText(_ host: String) -> String { host.utf8.contains(0x3A) ? "[\(host)]" : host }

    /// `%41` becomes `A`.
    package static func unescape(_ text: String) -> String {
        guard text.utf8.contains(0x25) else { return text }
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == 0x25, index + 2 < bytes.count,
                let high = bytes[index + 1].hexValue, let low = bytes[index + 2].hexValue
            {
                result.append(high << 4 | low)
                index += 3
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    static func escape(_ text: String, allowed: (UInt8) -> Bool) -> String {
        if text.utf8.allSatisfy(allowed) { return text }
        let digits = Array("0123456789ABCDEF".utf8)
        var result: [UInt8] = []
        for byte in text.utf8 {
            if allowed(byte) {
                result.append(byte)
            } else {
                result += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// `unreserved / user-unreserved`: letters, digits and `-_.!~*'()&=+$,;?/`.
    static func isUserUnescaped(_ byte: UInt8) -> Bool {
        byte.isAlphanumeric || "-_.!~*'()&=+$,;?/".utf8.contains(byte)
    }
}
