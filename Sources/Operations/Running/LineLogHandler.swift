// SPDX-License-Identifier: GPL-2.0-or-later
import Foundation
import LineProtocol
package import Logging

/// Log lines for people and journals, on the standard error:
/// `2026-11-21 17:45:03.120 notice  call ended call=12 cause=16`.
package struct LineLogHandler: LogHandler {
    package var metadata: Logger.Metadata = [:]
    package var logLevel: Logger.Level
    private let write: @Sendable (String) -> Void

    package init(level: Logger.Level, write: @escaping @Sendable (String) -> Void = LineLogHandler.toStandardError) {
        logLevel = level
        self.write = write
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        let words = all.sorted { $0.key < $1.key }.map { " \($0.key)=\(quoted("\($0.value)"))" }.joined()
        let level = event.level.rawValue.padded(to: 8)
        write("\(TimeText.moment(TimeText.now)) \(level) \("\(event.message)".printable)\(words)\n")
    }

    private func quoted(_ value: String) -> String {
        let value = value.printable
        return value.isEmpty || value.contains(" ") ? "\"" + value.replacing("\"", with: "'") + "\"" : value
    }

    @Sendable package static func toStandardError(_ line: String) {
        try? FileHandle.standardError.write(contentsOf: Data(line.utf8))
    }

    /// A logger for a whole program.
    static func logger(_ label: String, level: LogLevel) -> Logger {
        let level: Logger.Level =
            switch level {
            case .debug: .debug
            case .info: .info
            case .warning: .warning
            case .error: .error
            }
        return Logger(label: label) { _ in LineLogHandler(level: level) }
    }
}
