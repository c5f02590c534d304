// SPDX-License-Identifier: GPL-2.0-or-later

/// The `;name=value` list behind a URI, an address, a Via or another value, kept as its text and searched when asked.
///
/// Names compare without case; values are given without their quotes.
package struct SIPParameters: Hashable, Sendable, CustomStringConvertible {
    /// As printed, from the first semicolon on; empty when there is none.
    package private(set) var text: String

    package init() { text = "" }

    init(text: String) { self.text = text }

    /// For literals in code: `[("user", "phone"), ("lr", nil)]`.
    package init(_ pairs: [(name: String, value: String?)]) {
        text = ""
        for pair in pairs { append(pair.name, pair.value) }
    }

    package var isEmpty: Bool { text.isEmpty }

    package var description: String { text }

    /// The value, `""` for a parameter without one, `nil` when absent.
    package subscript(name: String) -> String? {
        find(name).map { $0.value.map(Self.unquoted) ?? "" }
    }

    package func contains(_ name: String) -> Bool { find(name) != nil }

    /// All of them in order, values without quotes.
    package var pairs: [(name: String, value: String?)] {
        entries().map { ($0.name, $0.value.map(Self.unquoted)) }
    }

    /// Replaces the parameter or adds it at the end. Quotes are put on where the grammar wants them.
    package mutating func set(_ name: String, _ value: String? = nil) {
        guard contains(name) else { return append(name, value) }
        rebuild { entry in
            entry.name.equalsIgnoringCase(name) ? (name, value.map(Self.quotedIfNeeded)) : entry
        }
    }

    package mutating func remove(_ name: String) {
        rebuild { $0.name.equalsIgnoringCase(name) ? nil : $0 }
    }

    private mutating func append(_ name: String, _ value: String?) {
        text += ";" + name
        if let value { text += "=" + Self.quotedIfNeeded(value) }
    }

    private mutating func rebuild(_ change: ((name: String, value: String?)) -> (name: String, value: String?)?) {
        let kept = entries().compactMap(change)
        text = kept.map { ";" + $0.name + ($0.value.map { "=" + $0 } ?? "") }.joined()
    }

    private func find(_ name: String) -> (name: String, value: String?)? {
        entries().first { $0.name.equalsIgnoringCase(name) }
    }

    /// Values as written, quotes included. Leaves out what the grammar does not know, as in a URI from a peer.
    private func entries() -> [(name: String, value: String?)] {
        guard !text.isEmpty else { return [] }
        var cursor = ByteCursor(text)
        var entries: [(name: String, value: String?)] = []
        while !cursor.isAtEnd {
            guard cursor.consumeSeparator(0x3B) else { break }
            guard let name = cursor.run(while: { $0 != 0x3D && $0 != 0x3B && !$0.isLinearWhitespace }) else { continue }
            var value: String?
            if cursor.consumeSeparator(0x3D) {
                let range =
                    cursor.quotedString() ?? cursor.run(while: { $0 != 0x3B && !$0.isLinearWhitespace }) ?? 0..<0
                value = cursor.bytes.text(range)
            }
            entries.append((cursor.bytes.text(name), value))
        }
        return entries
    }

    /// The text of a quoted string without quotes and escapes; other text as it is.
    static func unquoted(_ text: String) -> String {
        guard text.utf8.first == 0x22 else { return text }
        var result: [UInt8] = []
        var escaped = false
        for byte in text.utf8.dropFirst() {
            if escaped {
                result.append(byte)
                escaped = false
            } else if byte == 0x5C {
                escaped = true
            } else if byte == 0x22 {
                break
            } else {
                result.append(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// Within quotes, with `"` and `\` escaped; line ends become spaces so that no value can begin a header of its own.
    static func quoted(_ text: String) -> String {
        var result: [UInt8] = [0x22]
        for byte in text.utf8 {
            if byte == 0x0D || byte == 0x0A {
                result.append(0x20)
                continue
            }
            if byte == 0x22 || byte == 0x5C { result.append(0x5C) }
            result.append(byte)
        }
        result.append(0x22)
        return String(decoding: result, as: UTF8.self)
    }

    static func quotedIfNeeded(_ text: String) -> String {
        let isBare = !text.isEmpty && text.utf8.allSatisfy { $0.isParameterValue && $0 < 0x80 && $0 != 0x3F }
        return isBare ? text : quoted(text)
    }
}
