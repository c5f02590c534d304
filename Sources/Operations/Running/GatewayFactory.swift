// SPDX-License-Identifier: GPL-2.0-or-later
package import Gateway
package import GatewayConfiguration
package import Logging
import NIOPosix

/// Makes the gateway that `trunkgate run` runs.
package enum GatewayFactory {
    /// - Parameter lastCall: the highest number a call ever had.
    package static func make(
        settings: GatewaySettings, directory: StateDirectory, records: any CallRecordSink, lastCall: UInt32,
        logger: Logger
    ) async throws -> any GatewayRuntime {
        try await GatewayService.start(
            settings, stateDirectory: directory.path, records: records, lastCall: lastCall,
            on: MultiThreadedEventLoopGroup.singleton.any(), log: logger)
    }
}
