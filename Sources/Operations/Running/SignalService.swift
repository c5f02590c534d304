// SPDX-License-Identifier: GPL-2.0-or-later
import Logging
import ServiceLifecycle
import UnixSignals

/// What signals mean to a gateway: SIGTERM lets calls come to their end, SIGINT or a second SIGTERM ends them.
struct SignalService: Service {
    let logger: Logger
    let drain: @Sendable () async -> Void
    let stop: @Sendable () async -> Void

    func run() async throws {
        var isDraining = false
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint, .sighup)
        for await signal in signals.cancelOnGracefulShutdown() {
            if signal == .sighup {
                logger.notice("SIGHUP: the configuration is read at the start only; restart to change it")
            } else if signal == .sigterm, !isDraining {
                isDraining = true
                logger.notice("SIGTERM: no new calls; the program ends with the last one, or at a second signal")
                // Beside this loop, which must hear the second signal.
                Task { await drain() }
            } else {
                logger.notice("ending")
                Task { await stop() }
            }
        }
    }
}
