// SPDX-License-Identifier: GPL-2.0-or-later
import ArgumentParser
import GatewayConfiguration

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "The gateway, in the foreground.",
        discussion: """
            SIGTERM takes no new calls and ends with the last one; SIGINT, or a second SIGTERM, ends the calls.
            If a line program answers in the state directory it is taken over with its calls; else one is started.
            """)

    @Option(help: ArgumentHelp("The configuration, trunkgate.yaml.", valueName: "file")) var config: String
    @Option(help: StateOption.help) var state: String?

    func run() async throws {
        Terminal.outliveReaders()
        let settings = try ConfigurationLoader.gateway(config)
        let directory = StateLocator.current.gateway(state ?? settings.process.stateDirectory)
        try await GatewayProgram(settings: settings, directory: directory).run()
    }
}

struct SwitchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "switch", abstract: "The demonstration switch, in the foreground: the carrier's end of a line.")

    @Option(help: ArgumentHelp("Its configuration: the spans, in the role nt.", valueName: "file")) var config: String
    @Option(help: StateOption.help) var state: String?

    func run() async throws {
        Terminal.outliveReaders()
        let settings = try ConfigurationLoader.switchSide(config)
        let directory = StateLocator.current.demonstrationSwitch(state ?? settings.process.stateDirectory)
        try await SwitchProgram(settings: settings, directory: directory).run()
    }
}

enum StateOption {
    static let help = ArgumentHelp(
        "Where its sockets are (default: `state` in the configuration, else the usual place).", valueName: "dir")
}
