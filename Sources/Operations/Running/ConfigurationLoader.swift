// SPDX-License-Identifier: GPL-2.0-or-later
import GatewayConfiguration

/// Reads configuration for a command.
enum ConfigurationLoader {
    static func gateway(_ file: String) throws -> GatewaySettings {
        try named { try ConfigurationFile.gateway(path: file) }
    }

    static func switchSide(_ file: String) throws -> SwitchSettings {
        try named { try ConfigurationFile.switchSide(path: file) }
    }

    /// The problems are `file:line:column: sentence`, each on its line, and stand for themselves.
    private static func named<Settings>(_ read: () throws -> Settings) throws -> Settings {
        do {
            return try read()
        } catch let error as ConfigurationError {
            throw CommandFailure(.wrong, error.description, isWhole: true)
        }
    }
}
