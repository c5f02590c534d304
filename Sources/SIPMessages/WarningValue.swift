// SPDX-License-Identifier: GPL-2.0-or-later

/// One value of a Warning header field (RFC 3261 20.43): `305 gateway.example "Incompatible media format"`.
package struct WarningValue: Hashable, Sendable, CustomStringConvertible {
    package var code: Int
    package var agent: String
    package var text: String

    package init(code: Int, agent: String, text: String) {
        self.code = code
        self.agent = agent
        self.text = text
    }

    init?(_ cursor: inout ByteCursor) {
        cursor.skipWhitespace()
        guard let code = cursor.number(upTo: 999), cursor.peek?.isLinearWhitespace ?? false else { return nil }
        cursor.skipWhitespace()
        guard let agent = cursor.run(while: { !$0.isLinearWhitespace && $0 != 0x22 }) else { return nil }
        cursor.skipWhitespace()
        guard let text = cursor.quotedString() else { return nil }
        self.code = Int(code)
        self.agent = cursor.bytes.text(agent)
        self.text = SIPParameters.unquoted(cursor.bytes.text(text))
    }

    package var description: String { "\(code) \(agent) \(SIPParameters.quoted(text))" }
}
