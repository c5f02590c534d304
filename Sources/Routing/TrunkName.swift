// SPDX-License-Identifier: GPL-2.0-or-later

/// Where calls come from and go to, by its name in the configuration: a span or a SIP trunk. The two share their names.
package struct TrunkName: Hashable, Sendable, Comparable, ExpressibleByStringLiteral, CustomStringConvertible {
    package let text: String

    package init(_ text: String) {
        self.text = text
    }

    package init(stringLiteral text: String) {
        self.text = text
    }

    package var description: String { text }
    package static func < (a: TrunkName, b: TrunkName) -> Bool { a.text < b.text }
}
