// SPDX-License-Identifier: GPL-2.0-or-later
import DemonstrationSwitch
import GatewayConfiguration
import Logging
import NIOPosix
import ServiceLifecycle

/// `trunkgate switch`: the demonstration switch with its API.
struct SwitchProgram {
    let settings: SwitchSettings
    let directory: StateDirectory

    func run() async throws {
        try directory.create()
        let lock = try StateLock(directory)
        let logger = LineLogHandler.logger("switch", level: settings.process.logLevel)
        let demonstrationSwitch = DemonstrationSwitch(
            configuration: settings.spans.map(\.configuration), stateDirectory: directory.path,
            executable: settings.process.lineProgram, eventLoop: MultiThreadedEventLoopGroup.singleton.next(),
            logger: logger)
        let operating = SwitchOperating(demonstrationSwitch, spans: settings.spans)
        let routes = SwitchRoutes(demonstrationSwitch, operating: operating)
        let control = ControlServer(directory: directory, router: routes.router(), logger: logger)
        let running = RunningService(
            running: { try await demonstrationSwitch.run() }, stop: { await demonstrationSwitch.shutdown() })
        // Its calls are tests: nobody waits for their end.
        let signals = SignalService(
            logger: logger, drain: { await demonstrationSwitch.shutdown() },
            stop: { await demonstrationSwitch.shutdown() })
        logger.notice("the demonstration switch starts", metadata: ["state": "\(directory.path)"])
        try await ServiceGroup.run([control, signals], until: running, logger: logger)
        logger.notice("ended")
        extendLifetime(lock)
    }
}
