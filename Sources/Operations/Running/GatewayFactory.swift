// SPDX-License-Identifier: GPL-2.0-or-later
package import Gateway
package import GatewayConfiguration
package import Logging

/// Makes the gateway that `trunkgate run` runs.
package enum GatewayFactory {
    /// - Parameter lastCall: the highest number a call ever had.
    package static func make(
        settings: GatewaySettings, directory: StateDirectory, records: any CallRecordSink, lastCall: UInt32,
        logger: Logger
    ) async throws -> any GatewayRuntime {
        throw CommandFailure(.wrong, "this build of trunkgate has no gateway in it")
    }
}
