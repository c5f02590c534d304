// SPDX-License-Identifier: GPL-2.0-or-later
import ArgumentParser
import GatewayConfiguration
import Logging
import ServiceLifecycle
import UnixSignals

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "A gateway and an exchange on this machine, and a call between them.",
        discussion: "Callers on this machine are let in; Ctrl-C ends everything it started.")

    @Flag(help: "End after the test call.") var once = false
    @Option(
        help: ArgumentHelp("Also take calls at this address of this machine, from those allowed.", valueName: "address")
    )
    var listen: String?
    @Option(
        help: ArgumentHelp(
            "Let phones of this network in, as 192.0.2.0/24; more than once for more.", valueName: "cidr"))
    var allow: [String] = []
    @Option(help: ArgumentHelp("The port for SIP.", valueName: "port")) var sipPort: UInt16 = 5060
    @Flag(help: "Print the gateway's configuration and the switch's, and end.") var printConfig = false

    func validate() throws {
        if let listen, SocketName.octets(listen) == nil {
            throw ValidationError("--listen \(listen): write an IP address of this machine")
        }
        for block in allow where AddressBlock(text: block) == nil {
            throw ValidationError("--allow \(block): write a network such as 192.0.2.0/24")
        }
        if listen == nil, !allow.isEmpty {
            throw ValidationError("--allow lets other machines in, so --listen must say at which address of this one")
        }
        if sipPort == 0 { throw ValidationError("--sip-port: write a port from 1 to 65535") }
    }

    func run() async throws {
        let plan = DemonstrationPlan(locator: .current, sipPort: sipPort, listen: listen, allow: allow)
        if printConfig {
            Terminal.line("# \(plan.gatewayFile)\n\(plan.configuration.gateway)")
            return Terminal.write("# \(plan.switchFile)\n\(plan.configuration.switchSide)")
        }
        Terminal.outliveReaders()
        let program = ServiceGroupConfiguration.ServiceConfiguration(
            service: DemonstrationProgram(plan: plan, once: once),
            successTerminationBehavior: .gracefullyShutdownGroup,
            failureTerminationBehavior: .gracefullyShutdownGroup)
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [program], gracefulShutdownSignals: [.sigint, .sigterm, .sighup],
                logger: Logger(label: "demo") { _ in SwiftLogNoOpLogHandler() }))
        try await group.run()
    }
}
