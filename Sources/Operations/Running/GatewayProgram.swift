// SPDX-License-Identifier: GPL-2.0-or-later
import Foundation
import Gateway
import GatewayConfiguration
import Logging
import ServiceLifecycle

/// `trunkgate run`: the gateway with its records and its API.
///
///     signals ─→ gateway ─→ call records
///                   ↑
///     commands ─→ control.sock
struct GatewayProgram {
    let settings: GatewaySettings
    let directory: StateDirectory

    func run() async throws {
        try directory.create()
        let lock = try StateLock(directory)
        let logger = LineLogHandler.logger("trunkgate", level: settings.process.logLevel)
        let store = try CallRecordStore(path: recordsPath, logger: logger)
        let gateway = try await GatewayFactory.make(
            settings: settings, directory: directory, records: store, lastCall: store.highestCallNumber(),
            logger: logger)
        let routes = GatewayRoutes(gateway: gateway, records: store)
        let control = ControlServer(directory: directory, router: routes.router(), logger: logger)
        let running = RunningService(running: { try await gateway.run() }, stop: { await gateway.stop() })
        let signals = SignalService(
            logger: logger, drain: { await gateway.drain() }, stop: { await gateway.stop() })
        logger.notice("trunkgate \(TrunkgateVersion.text) starts", metadata: ["state": "\(directory.path)"])
        try await ServiceGroup.run([store, control, signals], until: running, logger: logger)
        logger.notice("ended")
        extendLifetime(lock)
    }

    private var recordsPath: String {
        URL(
            fileURLWithPath: settings.callRecordDatabase,
            relativeTo: URL(fileURLWithPath: directory.path, isDirectory: true)
        )
        .path
    }
}

extension ServiceGroup {
    /// Runs the services until the last one, the program's own, comes to its end or fails; it is the first to shut down.
    static func run(_ services: [any Service], until last: RunningService, logger: Logger) async throws {
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        let others = services.map { service in
            ServiceGroupConfiguration.ServiceConfiguration(
                service: service, failureTerminationBehavior: .gracefullyShutdownGroup)
        }
        let program = ServiceGroupConfiguration.ServiceConfiguration(
            service: last, successTerminationBehavior: .gracefullyShutdownGroup,
            failureTerminationBehavior: .gracefullyShutdownGroup)
        try await ServiceGroup(
            configuration: ServiceGroupConfiguration(services: others + [program], logger: quiet)
        ).run()
    }
}
