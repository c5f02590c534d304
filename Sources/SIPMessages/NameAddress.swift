// SPDX-License-Identifier: GPL-2.0-or-later

/// A `name-addr` or `addr-spec` with the parameters behind it: From, To, Contact, Route, P-Asserted-Identity, …
package struct NameAddress: Hashable, Sendable, CustomStringConvertible {
    /// Without quotes and escapes.
    package var displayName: String?
    package var uri: SIPURI
    /// The header parameters (`tag`, `expires`, `q`, …), not those of the URI.
    package var parameters: SIPParameters

    package init(displayName: String? = nil, _ uri: SIPURI, parameters: SIPParameters = SIPParameters()) {
        self.displayName = displayName
        self.uri = uri
        self.parameters = parameters
    }

    /// Parses one address; `nil` when it is malformed.
    package init?(_ text: String) {
        var cursor = ByteCursor(text)
        guard let layout = Layout(&cursor), cursor.isDone else { return nil }
        self.init(cursor.bytes, layout)
    }

    package var tag: String? {
        get { parameters["tag"] }
        set {
            if let newValue {
                parameters.set("tag", newValue)
            } else {
                parameters.remove("tag")
            }
        }
    }

    /// Always with `< >`, so that the parameters of the URI stay its own.
    package var description: String {
        let name = displayName.map { ($0.isToken ? $0 : SIPParameters.quoted($0)) + " " } ?? ""
        return "\(name)<\(uri)>\(parameters.text)"
    }

    struct Layout {
        var displayName: Range<Int>?
        var uri: SIPURI.Layout
        var parameters: Range<Int>

        /// Reads one address and leaves the cursor behind its parameters.
        init?(_ cursor: inout ByteCursor) {
            cursor.skipWhitespace()
            let start = cursor
            if cursor.peek == 0x22 {
                guard let name = cursor.quotedString() else { return nil }
                displayName = name
                cursor.skipWhitespace()
            } else if let words = cursor.run(while: Self.isBareName), cursor.peek == 0x3C {
                displayName = Self.trimmed(cursor.bytes, words)
            } else {
                cursor = start
            }
            let range: Range<Int>
            if cursor.consume(0x3C) {
                guard let inside = cursor.run(while: { $0 != 0x3E && $0 != 0x3C }), cursor.consume(0x3E) else {
                    return nil
                }
                range = inside
            } else {
                // "If the URI is not enclosed in angle brackets, any semicolon-delimited parameters are
                // header-parameters, not URI parameters", and a comma or question mark may not be in it (20.10).
                guard displayName == nil,
                    let bare = cursor.run(while: { !$0.isLinearWhitespace && $0 != 0x3B && $0 != 0x2C }),
                    !cursor.bytes[bare].contains(0x3F)
                else { return nil }
                range = bare
            }
            guard let uri = SIPURI.Layout(cursor.bytes, range), let parameters = cursor.parameters() else { return nil }
            self.uri = uri
            self.parameters = parameters
        }

        /// The grammar has tokens alone here, but phones send names with brackets, colons or UTF-8 in them unquoted, and no
        /// call should fail for that. What would be read as something else, and control characters, stay out.
        private static func isBareName(_ byte: UInt8) -> Bool {
            switch byte {
            case 0x22, 0x2C, 0x3B, 0x3C, 0x3E: false  // " , ; < >
            default: byte >= 0x20 && byte != 0x7F || byte.isLinearWhitespace
            }
        }

        private static func trimmed(_ bytes: [UInt8], _ range: Range<Int>) -> Range<Int>? {
            var upper = range.upperBound
            while upper > range.lowerBound, bytes[upper - 1].isLinearWhitespace { upper -= 1 }
            return upper > range.lowerBound ? range.lowerBound..<upper : nil
        }
    }

    init(_ bytes: [UInt8], _ layout: Layout) {
        displayName = layout.displayName.map { SIPParameters.unquoted(bytes.text($0)) }
        uri = SIPURI(bytes, layout.uri)
        parameters = SIPParameters(text: bytes.text(layout.parameters))
    }
}
