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

    package init(_ exit: CommandExit, _ sentence: String) {
        self.exit = exit
        self.sentence = sentence
    }

    package var description: String { sentence }
}
