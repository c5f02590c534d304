// SPDX-License-Identifier: GPL-2.0-or-later
import Glibc
import LineProtocol

/// One-line messages on standard output, errors and warnings on standard error.
struct Journal {
    var level: LogLevel

    func prints(_ level: LogLevel) -> Bool { level.rawValue >= self.level.rawValue }

    /// A failing write has nobody to be told.
    func note(_ level: LogLevel, _ text: String) {
        guard prints(level) else { return }
        let line = Array("\(level): \(text)\n".utf8)
        _ = unsafe write(level.rawValue >= LogLevel.warning.rawValue ? 2 : 1, line, line.count)
    }
}
