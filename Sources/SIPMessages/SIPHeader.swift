// SPDX-License-Identifier: GPL-2.0-or-later

/// A header field on its way into a message: what a transaction user adds to a request or a response.
package struct SIPHeader: Hashable, Sendable, CustomStringConvertible {
    package var name: String
    package var value: String

    package init(_ name: SIPHeaderName, _ value: some CustomStringConvertible) {
        self.name = name.text
        self.value = value.description
    }

    package init(named name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    package var description: String { "\(name): \(value)" }
}
