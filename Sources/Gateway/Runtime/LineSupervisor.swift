// SPDX-License-Identifier: GPL-2.0-or-later
import LineClient
import LineProtocol
import Logging
import NIOCore

/// Who hears what became of the line program, on the event loop.
protocol LineSupervisorDelegate: AnyObject {
    /// Connected. In the same life of the line program as before, events go on where they stopped; in a new one every
    /// leg and endpoint from before is void.
    func lineAttached(_ line: LineConnection, sameLife: Bool)
    func line(_ event: NumberedEvent)
    func bulk(_ record: BulkRecord)
    /// The line program is gone, or does not want us; it is being started or connected again.
    func lineLost(_ reason: String)
    /// It was away for too long: should it be alive, it is attached to as if it were new to us.
    func lineGivenUp()
}

/// Keeps one line program running and us attached to it: starts it when none answers, starts it again when it dies.
///
/// Confined to its event loop.
final class LineSupervisor: LineEventHandler {
    private let stateDirectory: String
    private let executable: String?
    private let eventLoop: any EventLoop
    private let log: Logger
    private weak var delegate: (any LineSupervisorDelegate)?

    private var connection: LineConnection?
    private var program: LineProgram?
    private var bootID: UInt64?
    private var lastEvent: UInt64 = 0
    /// Events whose consequences are not on disk yet: they and what follows are not acknowledged.
    private var held: [UInt64: Int] = [:]
    private var failures = 0
    private var giveUp: Scheduled<Void>?
    private var stopped = false

    /// The first retry comes quickly: a call waits. Later ones leave the machine alone.
    private static let retryMilliseconds: [Int64] = [100, 200, 500, 1_000, 2_000, 5_000]
    /// Calls do not wait longer to learn whether it died: when one answers again, its boot ID tells.
    private static let patience = TimeAmount.seconds(3)

    init(
        stateDirectory: String, executable: String?, eventLoop: any EventLoop, log: Logger,
        delegate: any LineSupervisorDelegate
    ) {
        self.stateDirectory = stateDirectory
        self.executable = executable
        self.eventLoop = eventLoop
        self.log = log
        self.delegate = delegate
    }

    /// Attached for the first time, or why that cannot be. After that it is kept so.
    func start() -> EventLoopFuture<Void> {
        eventLoop.preconditionInEventLoop()
        return connect()
    }

    /// Leaves; the line program and its calls go on.
    func detach() {
        stopped = true
        connection?.detach()
        connection = nil
    }

    /// Ends the line program.
    func shutdown() {
        stopped = true
        connection?.shutdown(drain: false)
        connection = nil
    }

    private func connect() -> EventLoopFuture<Void> {
        let (directory, executable, eventLoop) = (stateDirectory, executable, eventLoop)
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        return LineProgram.startUnlessRunning(stateDirectory: directory, executable: executable, on: eventLoop)
            .flatMap { program in
                if let program { bound.value.started(program) }
                return LineConnection.open(stateDirectory: directory, on: eventLoop)
            }
            .map { line in bound.value.opened(line) }
    }

    private func started(_ program: LineProgram) {
        // The child we started before is taken off the process table when it is replaced.
        _ = self.program?.hasEnded()
        self.program = program
        log.info("started the line program", metadata: ["pid": "\(program.processID)", "log": "\(program.logPath)"])
    }

    private func opened(_ line: LineConnection) {
        guard !stopped else { return line.detach() }
        failures = 0
        let sameLife = bootID == line.welcome.bootID
        if !sameLife {
            lastEvent = 0
            held = [:]
        }
        bootID = line.welcome.bootID
        connection = line
        giveUp?.cancel()
        giveUp = nil
        // To attach gives up endpoints that nobody uses; what is asked for after it stays.
        line.attach(lastEvent: lastEvent, acknowledging: .byHandler, handler: self)
        delegate?.lineAttached(line, sameLife: sameLife)
    }

    func line(_ event: NumberedEvent) {
        if event.sequence > 0 { lastEvent = event.sequence }
        delegate?.line(event)
        acknowledge()
    }

    /// Keeps the event that is being handled from being acknowledged until `release`: killed before that, we hear it again.
    func hold() -> UInt64 {
        held[lastEvent, default: 0] += 1
        return lastEvent
    }

    func release(_ event: UInt64) {
        guard let count = held[event] else { return }
        held[event] = count > 1 ? count - 1 : nil
        acknowledge()
    }

    private func acknowledge() {
        let oldest = held.keys.min() ?? lastEvent &+ 1
        guard oldest > 1 else { return }
        connection?.acknowledge(through: oldest - 1)
    }

    func bulk(_ record: BulkRecord) {
        delegate?.bulk(record)
    }

    func lineLost(_ loss: LineLoss) {
        connection = nil
        // We sent it away.
        guard !stopped else { return }
        log.error("lost the line program", metadata: ["reason": "\(loss)"])
        delegate?.lineLost(loss.description)
        giveUp?.cancel()
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        giveUp = eventLoop.scheduleTask(in: Self.patience) { bound.value.forget() }
        if case .refused = loss {
            // Another control program took the line; to fight it for the epoch would end nobody's trouble.
            stopped = true
            return
        }
        retry()
    }

    /// What we knew of the line program's legs and endpoints is void, though it may live: all of it is to be told again.
    private func forget() {
        bootID = nil
        lastEvent = 0
        delegate?.lineGivenUp()
    }

    private func retry() {
        guard !stopped else { return }
        let delay = Self.retryMilliseconds[min(failures, Self.retryMilliseconds.count - 1)]
        failures += 1
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        eventLoop.scheduleTask(in: .milliseconds(delay)) {
            guard !bound.value.stopped else { return }
            bound.value.connect().whenFailure { error in
                bound.value.log.error("cannot reach the line program", metadata: ["reason": "\(error)"])
                bound.value.retry()
            }
        }
    }
}
