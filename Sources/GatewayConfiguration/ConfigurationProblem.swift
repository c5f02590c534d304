// SPDX-License-Identifier: GPL-2.0-or-later

/// One thing wrong in a configuration file, and what would be right.
package struct ConfigurationProblem: Hashable, Sendable, CustomStringConvertible {
    package var file: String
    /// Counted from 1.
    package var line: Int
    package var column: Int
    package var sentence: String

    package var description: String { "\(file):\(line):\(column): \(sentence)" }
}

/// Everything wrong in a configuration file, in the order of its lines; never empty.
package struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    package var problems: [ConfigurationProblem]

    package var description: String { problems.map(\.description).joined(separator: "\n") }
}
