// SPDX-License-Identifier: GPL-2.0-or-later

/// A counter, with the sentence that says what one more of it means.
package struct CounterView: Sendable, Codable, Hashable {
    package var name: String
    package var value: UInt64
    package var sentence: String

    package init(name: String, value: UInt64, sentence: String) {
        self.name = name
        self.value = value
        self.sentence = sentence
    }
}
