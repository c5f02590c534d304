// SPDX-License-Identifier: GPL-2.0-or-later

/// How a command ends. The numbers are relied on by scripts.
package enum CommandExit: Int32, Sendable {
    case done = 0
    /// The thing asked about is wrong.
    case wrong = 1
    /// Not running, or not to be reached.
    case unreachable = 3
    /// EX_USAGE.
    case usage = 64
}

/// Why a command ends without having done what it was asked, in a sentence for the user.
package struct CommandFailure: Error, Hashable, Sendable, CustomStringConvertible {
    package var exit: CommandExit
    package var sentence: String
    /// Whether it stands for itself, without the program's name before it: `file:line:column: message`.
    package var isWhole: Bool

    package init(_ exit: CommandExit, _ sentence: String, isWhole: Bool = false) {
        self.exit = exit
        self.sentence = sentence
        self.isWhole = isWhole
    }

    package var description: String { sentence }
}
