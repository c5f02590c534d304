// SPDX-License-Identifier: GPL-2.0-or-later
import Foundation
import Glibc

/// Where commands print.
enum Terminal {
    /// Columns of the terminal, or of a page when the output goes elsewhere.
    static var width: Int {
        var size = winsize()
        guard unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 110 }
        return Int(size.ws_col)
    }

    /// A reader that went away is no trouble of ours.
    static func write(_ text: String) {
        try? FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
    }

    /// For programs that others depend on: a log or a terminal that went away does not end them.
    static func outliveReaders() {
        _ = signal(SIGPIPE, SIG_IGN)
    }

    static func line(_ text: String) {
        write(text + "\n")
    }

    static func complain(_ failure: CommandFailure) {
        let text = failure.isWhole ? failure.sentence : "trunkgate: \(failure.sentence)"
        try? FileHandle.standardError.write(contentsOf: Data((text + "\n").utf8))
    }

    static func json(_ value: some Encodable, onOneLine: Bool = false) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting =
            onOneLine
            ? [.sortedKeys, .withoutEscapingSlashes]
            : [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        write(String(decoding: try encoder.encode(value), as: UTF8.self) + "\n")
    }
}
