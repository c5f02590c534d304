// SPDX-License-Identifier: GPL-2.0-or-later
import ArgumentParser

/// Which errors the argument parser prints: its own, help and exit codes among them.
enum ArgumentErrors {
    static func has(_ error: any Error) -> Bool {
        if error is ExitCode || error is CleanExit || error is ValidationError { return true }
        // Its parser's errors are not public; they are of its own module.
        return String(reflecting: type(of: error)).hasPrefix("ArgumentParser.")
    }
}
