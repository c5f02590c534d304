// SPDX-License-Identifier: GPL-2.0-or-later
import Glibc
package import Hummingbird
package import Logging
import NIOCore
import ServiceLifecycle

/// Serves a router over `control.sock` of a state directory, for its owner alone.
///
/// Whoever starts this holds the directory's `StateLock`: a socket that is there already was left by a dead program.
package struct ControlServer: Service {
    private let directory: StateDirectory
    private let responder: RouterResponder<BasicRequestContext>
    private let logger: Logger
    private let ready: @Sendable () async -> Void

    /// - Parameter ready: called when the socket can be connected to.
    package init(
        directory: StateDirectory, router: Router<BasicRequestContext>, logger: Logger,
        ready: @escaping @Sendable () async -> Void = {}
    ) {
        self.directory = directory
        self.responder = router.buildResponder()
        self.logger = logger
        self.ready = ready
    }

    package func run() async throws {
        let path = directory.controlSocket
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        let ready = ready
        let application = Application(
            responder: responder, configuration: .init(address: .unixDomainSocket(path: path), serverName: nil),
            onServerRunning: { _ in
                // The directory lets nobody else in either.
                unsafe chmod(path, 0o600)
                await ready()
            }, logger: quiet)
        try await application.run()
        unsafe unlink(path)
    }
}
