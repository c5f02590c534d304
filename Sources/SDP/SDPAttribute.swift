// SPDX-License-Identifier: GPL-2.0-or-later

/// `a=name` or `a=name:value`.
package struct SDPAttribute: Hashable, Sendable, CustomStringConvertible {
    package var name: String
    package var value: String?

    package init(_ name: String, _ value: String? = nil) {
        self.name = name
        self.value = value
    }

    init(line: Substring) {
        var line = line
        while line.utf8.last == 0x20 { line = Substring(line.utf8.dropLast()) }
        if let colon = line.firstIndex(of: ":") {
            name = String(line[..<colon])
            value = String(line[line.index(after: colon)...])
        } else {
            name = String(line)
        }
    }

    package var description: String { name + (value.map { ":" + $0 } ?? "") }
}

extension [SDPAttribute] {
    /// The value of the first of that name; `""` for one without a value.
    package subscript(name: String) -> String? { first { $0.name == name }.map { $0.value ?? "" } }
}
