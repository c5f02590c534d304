// SPDX-License-Identifier: GPL-2.0-or-later
import Foundation

/// Reads configuration from files; everything else in this module works on their text.
package enum ConfigurationFile {
    package static func gateway(path: String) throws(ConfigurationError) -> GatewaySettings {
        try GatewaySettings(yaml: try text(path), file: path)
    }

    package static func switchSide(path: String) throws(ConfigurationError) -> SwitchSettings {
        try SwitchSettings(yaml: try text(path), file: path)
    }

    private static func text(_ path: String) throws(ConfigurationError) -> String {
        do {
            let data = try Data(contentsOf: URL(filePath: path))
            if let text = String(bytes: data, encoding: .utf8) { return text }
            throw failure(path, "the file is not UTF-8 text; save it as UTF-8")
        } catch let error as ConfigurationError {
            throw error
        } catch let error as CocoaError where error.code == .fileReadNoSuchFile {
            throw failure(path, "there is no such file; name the right one with --config FILE")
        } catch let error as CocoaError where error.code == .fileReadNoPermission {
            throw failure(path, "this user may not read the file; change its owner or mode")
        } catch {
            throw failure(path, "the file cannot be read: \(error.localizedDescription)")
        }
    }

    private static func failure(_ path: String, _ sentence: String) -> ConfigurationError {
        ConfigurationError(problems: [ConfigurationProblem(file: path, line: 1, column: 1, sentence: sentence)])
    }
}
