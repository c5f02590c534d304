// SPDX-License-Identifier: GPL-2.0-or-later
package import NIOCore

extension SocketAddress {
    /// `192.0.2.1:5060`, `[2001:db8::1]:5060` or either without its port.
    package init?(numeric text: String, defaultPort: UInt16) {
        var host = Substring(text)
        var port = defaultPort
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            host = text[text.index(after: text.startIndex)..<end]
            let rest = text[text.index(after: end)...]
            guard Self.readPort(rest, into: &port) else { return nil }
        } else if let colon = text.firstIndex(of: ":"), text.lastIndex(of: ":") == colon {
            host = text[..<colon]
            guard Self.readPort(text[colon...], into: &port) else { return nil }
        }
        try? self.init(ipAddress: String(host), port: Int(port))
    }

    /// Empty, or a colon and a port.
    private static func readPort(_ text: Substring, into port: inout UInt16) -> Bool {
        if text.isEmpty { return true }
        guard text.first == ":", let value = UInt16(text.dropFirst()) else { return false }
        port = value
        return true
    }

    /// The host without brackets; an IPv4 address mapped into IPv6 as the IPv4 address it is.
    package var hostText: String {
        guard let text = ipAddress else { return "" }
        let mapped = "::ffff:"
        return text.hasPrefix(mapped) && text.contains(".") ? String(text.dropFirst(mapped.count)) : text
    }

    /// Host and port, with brackets around an IPv6 address.
    package var text: String {
        let host = hostText
        return "\(host.contains(":") ? "[\(host)]" : host):\(port ?? 0)"
    }

    /// Whether it is 0.0.0.0 or ::, that is, every address of the machine.
    package var isWildcard: Bool {
        let text = ipAddress
        return text == "0.0.0.0" || text == "::"
    }

    package var isIPv6: Bool {
        if case .v6 = self { return true }
        return false
    }
}
