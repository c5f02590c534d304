// SPDX-License-Identifier: GPL-2.0-or-later
package import ArgumentParser
import Foundation

/// `trunkgate`: everything a user types.
package struct TrunkgateCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "trunkgate",
        abstract: "A gateway between SIP and the telephone network.",
        discussion: """
            Begin with `trunkgate demo`: a gateway and an exchange on this machine, with no card in it.
            Exit codes: 0 done, 1 the thing asked about is wrong, 3 not running or not reachable, 64 usage.
            """,
        version: "trunkgate \(TrunkgateVersion.text)",
        subcommands: [
            DemoCommand.self, RunCommand.self, CheckCommand.self, ShowCommand.self, TraceCommand.self, CDRCommand.self,
            HangupCommand.self, SwitchCommand.self, SwitchCallCommand.self,
        ])

    package init() {}

    /// Parses the arguments, runs the command and ends the process with its exit code.
    package static func start() async -> Never {
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            Foundation.exit(CommandExit.done.rawValue)
        } catch let failure as CommandFailure {
            Terminal.complain(failure)
            Foundation.exit(failure.exit.rawValue)
        } catch let error where ArgumentErrors.has(error) {
            exit(withError: error)
        } catch {
            Terminal.complain(CommandFailure(.wrong, "\(error)"))
            Foundation.exit(CommandExit.wrong.rawValue)
        }
    }
}
