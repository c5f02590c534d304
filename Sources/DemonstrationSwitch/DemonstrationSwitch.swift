// SPDX-License-Identifier: GPL-2.0-or-later
import ISDN
package import LineClient
package import LineProtocol
package import Logging
package import NIOCore

/// The carrier's switch of a demonstration: the network side of the gateway's lines, driven over the same border as the
/// gateway itself. It runs a `SwitchBoard` on its event loop.
///
///     gateway ── pseudowire ── trunkgate-line ── border ── DemonstrationSwitch
///                                                          you are here
package actor DemonstrationSwitch {
    package nonisolated let eventLoop: any EventLoop
    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe eventLoop.executor.asUnownedSerialExecutor()
    }

    private let configuration: [SpanConfiguration]
    private let stateDirectory: String
    private let executable: String?
    private let logger: Logger

    private var line: LineConnection?
    private var board: SwitchBoard?
    private var askers: [LegID: AsyncStream<CallInProgress>.Continuation] = [:]
    private var timer: (at: UInt64, task: Scheduled<Void>)?
    private var loss: LineLoss?
    private var waiter: CheckedContinuation<LineLoss, Never>?
    private var isStopping = false

    private static let retryDelay = Duration.seconds(1)
    private static let shutdownLimit = TimeAmount.seconds(3)

    /// - Parameters:
    ///   - stateDirectory: where the sockets of its own line program are.
    ///   - executable: `trunkgate-line`; nil looks beside the running program and along PATH.
    package init(
        configuration: [SpanConfiguration], stateDirectory: String, executable: String? = nil,
        eventLoop: any EventLoop, logger: Logger
    ) {
        self.configuration = configuration
        self.stateDirectory = stateDirectory
        self.executable = executable
        self.eventLoop = eventLoop
        self.logger = logger
    }

    // MARK: Running

    /// Runs until `shutdown`. A line program that dies is started again. Throws `LineClientError` when there is none at
    /// the first attempt, or when another control program has taken ours over. A cancelled task shuts down as well.
    package func run() async throws {
        let eventLoop = eventLoop
        try await withTaskCancellationHandler {
            try await runUntilShutdown()
        } onCancel: {
            eventLoop.execute { self.assumeIsolated { $0.shutdown() } }
        }
    }

    private func runUntilShutdown() async throws {
        var wasUp = false
        while !isStopping {
            do {
                try await connect()
                wasUp = true
                let loss = await lineLost()
                disconnected(loss)
                if case .refused = loss { throw LineClientError.lost(loss) }
            } catch {
                if isStopping { return }
                if !wasUp { throw error }
                if case LineClientError.lost(.refused) = error { throw error }
                logger.error("\(error); trying again")
                try await Task.sleep(for: Self.retryDelay)
            }
        }
    }

    private func connect() async throws {
        let started = try await LineProgram.startUnlessRunning(
            stateDirectory: stateDirectory, executable: executable, on: eventLoop
        ).get()
        if let started {
            logger.notice("started \(started.executable), process \(started.processID), log in \(started.logPath)")
        } else {
            logger.notice("attached to the line program that was running in \(stateDirectory)")
        }
        let connection = try await LineConnection.open(stateDirectory: stateDirectory, on: eventLoop).get()
        guard !isStopping else { return connection.shutdown(drain: false) }
        program = started
        line = connection
        loss = nil
        board = SwitchBoard(epoch: connection.welcome.epoch, spans: configuration.map(\.id))
        connection.attach(lastEvent: 0, handler: self)
        for span in configuration { connection.send(.configure(span)) }
    }

    /// Kept so that a line program of ours that ended is taken off the process table.
    private var program: LineProgram?

    private func lineLost() async -> LineLoss {
        if let loss { return loss }
        return await withCheckedContinuation { waiter = $0 }
    }

    private func disconnected(_ loss: LineLoss) {
        if !isStopping { logger.error("\(loss); every call of the switch has ended") }
        line = nil
        _ = program?.hasEnded()
        program = nil
        timer?.task.cancel()
        timer = nil
        run(board?.lineLost(loss.description) ?? [])
        board = nil
    }

    /// Ends the line program, the calls with it, and then `run`.
    package func shutdown() {
        isStopping = true
        guard let line else { return }
        line.shutdown(drain: false)
        // One that does not answer is left to itself.
        eventLoop.scheduleTask(in: Self.shutdownLimit) { self.lineLost(.closed) }
    }

    /// The state of each span as it was last heard; empty while no line program is attached.
    package var spanStates: [SpanID: SpanState] { board?.spanStates ?? [:] }
    package var callCount: Int { board?.callCount ?? 0 }
    /// The calls that are up, oldest first.
    package var calls: [SwitchCall] { board?.callList ?? [] }

    /// Ends a call with cause 16. False when there is none of that number.
    package func hangUp(_ number: UInt32) -> Bool {
        guard let outputs = board?.hangUp(number, now: now) else { return false }
        run(outputs)
        return true
    }

    // MARK: Calls into the gateway

    /// Places a call; the stream ends after `CallInProgress.ended`. Whoever stops reading it before that hangs up.
    package func callIn(_ request: CallInRequest) -> AsyncStream<CallInProgress> {
        let (stream, continuation) = AsyncStream.makeStream(of: CallInProgress.self)
        guard var board = self.board else {
            let end = CallInEnd(
                cause: .networkOutOfOrder, initiator: .line, answered: false,
                reason: "the switch's line program is not running")
            continuation.yield(.ended(end))
            continuation.finish()
            return stream
        }
        let (leg, outputs) = board.call(request, now: now)
        self.board = board
        askers[leg] = continuation
        let eventLoop = eventLoop
        continuation.onTermination = { reason in
            guard case .cancelled = reason else { return }
            eventLoop.execute { self.assumeIsolated { $0.abandon(leg) } }
        }
        logger.notice("calling \(request.called.digits) over the line")
        run(outputs)
        return stream
    }

    private func abandon(_ leg: LegID) {
        guard askers.removeValue(forKey: leg) != nil else { return }
        run(board?.abandon(leg, now: now) ?? [])
    }

    // MARK: The board

    private var now: UInt64 { NIODeadline.now().uptimeNanoseconds }

    private func receive(_ event: LineEvent) {
        run(board?.receive(event, now: now) ?? [])
    }

    private func run(_ outputs: [SwitchBoard.Output]) {
        for output in outputs {
            switch output {
            case .command(let command):
                line?.send(command)
            case .progress(let leg, let progress):
                askers[leg]?.yield(progress)
                if case .ended = progress { askers.removeValue(forKey: leg)?.finish() }
            case .note(let text):
                logger.info("\(text)")
            }
        }
        schedule()
    }

    /// Keeps one timer, at the board's next deadline.
    private func schedule() {
        let next = board?.nextTimeout
        if let timer, timer.at == next { return }
        timer?.task.cancel()
        timer = next.map { at in
            let task = eventLoop.scheduleTask(deadline: .uptimeNanoseconds(at)) { self.assumeIsolated { $0.timeout() } }
            return (at, task)
        }
    }

    private func timeout() {
        timer = nil
        run(board?.handleTimeout(now: now) ?? [])
    }

    private func log(_ record: BulkRecord) {
        guard case .log(let level, let text) = record else { return }
        switch level {
        case .debug: logger.debug("line program: \(text)")
        case .info: logger.info("line program: \(text)")
        case .warning: logger.warning("line program: \(text)")
        case .error: logger.error("line program: \(text)")
        }
    }

    private func lost(_ loss: LineLoss) {
        guard self.loss == nil else { return }
        self.loss = loss
        waiter?.resume(returning: loss)
        waiter = nil
    }
}

/// Called on the event loop, which is the actor's executor.
extension DemonstrationSwitch: LineEventHandler {
    package nonisolated func line(_ event: NumberedEvent) { assumeIsolated { $0.receive(event.event) } }
    package nonisolated func bulk(_ record: BulkRecord) { assumeIsolated { $0.log(record) } }
    package nonisolated func lineLost(_ loss: LineLoss) { assumeIsolated { $0.lost(loss) } }
}
