// SPDX-License-Identifier: GPL-2.0-or-later

/// One Via value (RFC 3261 20.42, RFC 3581).
package struct Via: Hashable, Sendable, CustomStringConvertible {
    /// `UDP`, `TCP`, `TLS`, … in upper case.
    package var transport: String
    /// An IPv6 address without its brackets.
    package var host: String
    package var port: UInt16?
    package var parameters: SIPParameters

    package init(
        transport: String, host: String, port: UInt16? = nil, branch: String,
        parameters: SIPParameters = SIPParameters()
    ) {
        self.transport = transport.uppercased()
        self.host = host
        self.port = port
        self.parameters = parameters
        self.parameters.set("branch", branch)
    }

    package init?(_ text: String) {
        var cursor = ByteCursor(text)
        guard let layout = Layout(&cursor), cursor.isDone else { return nil }
        self.init(cursor.bytes, layout)
    }

    /// Every branch made by an RFC 3261 element begins so (8.1.1.7).
    package static let magicCookie = "z9hG4bK"

    package var branch: String? { parameters["branch"] }

    /// The branch, when it identifies a transaction by itself: cookie and something behind it (17.2.3).
    package var uniqueBranch: String? {
        guard let branch, branch.hasPrefix(Self.magicCookie), branch.utf8.count > Self.magicCookie.utf8.count else {
            return nil
        }
        return branch
    }

    /// The sender asks for its answer to go where the request came from (RFC 3581 3).
    package var asksForRport: Bool { parameters.contains("rport") }

    package var rport: UInt16? { parameters["rport"].flatMap { UInt16($0) } }

    /// Without brackets, whichever way it was written (RFC 5118 4.5).
    package var received: String? {
        parameters["received"].map { $0.hasPrefix("[") && $0.hasSuffix("]") ? String($0.dropFirst().dropLast()) : $0 }
    }

    package var maddr: String? { parameters["maddr"] }

    package var ttl: UInt8? { parameters["ttl"].flatMap { UInt8($0) } }

    package var description: String {
        "SIP/2.0/\(transport) \(SIPURI.hostText(host))\(port.map { ":\($0)" } ?? "")\(parameters.text)"
    }

    struct Layout {
        var transport: Range<Int>
        var host: Range<Int>
        var port: UInt16?
        var parameters: Range<Int>

        init?(_ cursor: inout ByteCursor) {
            cursor.skipWhitespace()
            guard let name = cursor.token(), cursor.bytes.equalsIgnoringCase(name, "SIP"),
                cursor.consumeSeparator(0x2F), cursor.token() != nil,
                cursor.consumeSeparator(0x2F), let transport = cursor.token(),
                cursor.peek?.isLinearWhitespace ?? false
            else { return nil }
            cursor.skipWhitespace()
            guard let host = SIPURI.Layout.host(&cursor) else { return nil }
            self.transport = transport
            self.host = host
            if cursor.consumeSeparator(0x3A) {
                guard let port = cursor.number(upTo: 65535) else { return nil }
                self.port = UInt16(truncatingIfNeeded: port)
            }
            guard let parameters = cursor.parameters() else { return nil }
            self.parameters = parameters
        }
    }

    init(_ bytes: [UInt8], _ layout: Layout) {
        transport = bytes.text(layout.transport).uppercased()
        host = bytes.text(layout.host)
        port = layout.port
        parameters = SIPParameters(text: bytes.text(layout.parameters))
    }
}
