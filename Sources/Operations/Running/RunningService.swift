// SPDX-License-Identifier: GPL-2.0-or-later
import ServiceLifecycle

/// Something that runs until it is told to stop, as a service.
struct RunningService: Service {
    let running: @Sendable () async throws -> Void
    let stop: @Sendable () async -> Void

    func run() async throws {
        try await withGracefulShutdownHandler {
            try await running()
        } onGracefulShutdown: {
            Task { await stop() }
        }
    }
}
