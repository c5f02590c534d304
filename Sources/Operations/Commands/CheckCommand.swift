// SPDX-License-Identifier: GPL-2.0-or-later
import ArgumentParser
import GatewayConfiguration
import LineProtocol

struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Checks a configuration without running it.",
        discussion: "Everything that is wrong is listed as file:line:column: message, and the exit code is 1.")

    @Option(help: ArgumentHelp("The configuration, trunkgate.yaml.", valueName: "file")) var config: String

    func run() async throws {
        let settings = try ConfigurationLoader.gateway(config)
        let spans = settings.spans.map(\.configuration.name).joined(separator: ", ")
        let trunks = settings.trunks.map { "\($0.name)" }.joined(separator: ", ")
        Terminal.line(
            "\(config) is right: spans \(spans.isEmpty ? "none" : spans); trunks \(trunks.isEmpty ? "none" : trunks)")
    }
}
