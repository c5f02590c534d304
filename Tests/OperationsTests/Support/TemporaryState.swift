// SPDX-License-Identifier: GPL-2.0-or-later
import Foundation
import Hummingbird
import Logging
import Operations
import ServiceLifecycle

let quietLogger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

/// A state directory of its own for one test, gone after it.
func withStateDirectory<Result>(
    isolation: isolated (any Actor)? = #isolation, _ body: (StateDirectory) async throws -> Result
) async throws -> Result {
    let directory = StateDirectory("/tmp/tg-\(UUID().uuidString.prefix(8))")
    try directory.create()
    defer { try? FileManager.default.removeItem(atPath: directory.path) }
    return try await body(directory)
}

/// Runs the services until the body is through, then shuts them down in order.
func withServices<Result: Sendable>(
    _ services: [any Service], _ body: @Sendable () async throws -> Result
) async throws -> Result {
    let group = ServiceGroup(services: services, logger: quietLogger)
    return try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask { try await group.run() }
        do {
            let result = try await body()
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            return result
        } catch {
            await group.triggerGracefulShutdown()
            throw error
        }
    }
}

/// Serves a router in the directory while the body runs.
func withControlServer<Result: Sendable>(
    _ directory: StateDirectory, _ router: Router<BasicRequestContext>, with services: [any Service] = [],
    _ body: @Sendable (ControlClient) async throws -> Result
) async throws -> Result {
    let (ready, continuation) = AsyncStream.makeStream(of: Void.self)
    let server = ControlServer(directory: directory, router: router, logger: quietLogger) { continuation.finish() }
    return try await withServices(services + [server]) {
        for await _ in ready {}
        return try await body(ControlClient(directory))
    }
}
