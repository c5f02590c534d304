// SPDX-License-Identifier: GPL-2.0-or-later

/// One value of a Reason header field (RFC 3326): why a request was sent or refused.
///
///     Reason: Q.850;cause=16;text="Terminated"
package struct ReasonValue: Hashable, Sendable, CustomStringConvertible {
    /// `Q.850`, `SIP` or another.
    package var namespace: String
    package var cause: Int?
    package var text: String?

    package init(namespace: String, cause: Int?, text: String? = nil) {
        self.namespace = namespace
        self.cause = cause
        self.text = text
    }

    package static func q850(_ cause: Int, _ text: String? = nil) -> ReasonValue {
        ReasonValue(namespace: "Q.850", cause: cause, text: text)
    }

    package static func sip(_ status: Int, _ text: String? = nil) -> ReasonValue {
        ReasonValue(namespace: "SIP", cause: status, text: text)
    }

    package var isQ850: Bool { namespace.equalsIgnoringCase("Q.850") }

    init?(_ cursor: inout ByteCursor) {
        cursor.skipWhitespace()
        guard let name = cursor.token(), let range = cursor.parameters() else { return nil }
        let parameters = SIPParameters(text: cursor.bytes.text(range))
        namespace = cursor.bytes.text(name)
        cause = parameters["cause"].flatMap { Int($0) }
        text = parameters["text"]
    }

    package var description: String {
        var result = namespace
        if let cause { result += ";cause=\(cause)" }
        if let text { result += ";text=" + SIPParameters.quoted(text) }
        return result
    }
}
