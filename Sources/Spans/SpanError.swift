// SPDX-License-Identifier: GPL-2.0-or-later

/// Why a span could not be opened, as a sentence for the one who configured it.
package struct SpanError: Error, Hashable, Sendable, CustomStringConvertible {
    package var description: String

    package init(_ description: String) {
        self.description = description
    }
}
