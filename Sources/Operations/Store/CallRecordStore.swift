// SPDX-License-Identifier: GPL-2.0-or-later
package import CallControl
import Foundation
import GRDB
import Gateway
package import Logging
import NIOCore
import ServiceLifecycle
import Synchronization

/// The call records in SQLite: one transaction a row, in the order the calls ended, off the call path.
///
/// A record waits in memory while the disk does not take it (full, gone, read-only): writing is tried again every few seconds,
/// and the log says once that it began and once that it is over. Beyond `mostWaiting` records the newest are lost, counted.
package final class CallRecordStore: CallRecordSink, Service {
    private struct Queue {
        var waiting = CircularBuffer<(record: CallRecord, stored: @Sendable () -> Void)>()
        var lost: UInt64 = 0
    }

    package static let mostWaiting = 100_000

    private let path: String
    private let database: any DatabaseWriter
    private let logger: Logger
    private let retry: Duration
    private let queue = Mutex(Queue())
    private let wake: AsyncStream<Void>
    private let waker: AsyncStream<Void>.Continuation

    /// Opens the database, or makes it, and brings its tables up to date.
    ///
    /// - Throws: `CommandFailure` with the file's name and what is wrong with it.
    package init(path: String, logger: Logger, retry: Duration = .seconds(5)) throws {
        self.path = path
        self.logger = logger
        self.retry = retry
        (wake, waker) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        do {
            var configuration = Configuration()
            configuration.busyMode = .timeout(5)
            // A pool is in WAL mode: whoever reads a long list does not hold up a row.
            let pool = try DatabasePool(path: path, configuration: configuration)
            database = pool
            try CallRecordSchema.migrator.migrate(pool)
        } catch {
            throw CommandFailure(.wrong, "cannot open the call records in \(path): \(CallRecordStore.why(error))")
        }
    }

    package func record(_ record: CallRecord, stored: @escaping @Sendable () -> Void = {}) {
        let kept = queue.withLock { queue in
            guard queue.waiting.count < CallRecordStore.mostWaiting else {
                queue.lost += 1
                return false
            }
            queue.waiting.append((record, stored))
            return true
        }
        if !kept {
            logger.critical("call record lost: too many wait for the disk", metadata: ["call": "\(record.call)"])
        }
        waker.yield()
    }

    package var waiting: Int { queue.withLock { $0.waiting.count } }
    package var lost: UInt64 { queue.withLock { $0.lost } }

    /// Writes what comes until it is told to shut down, then what is left.
    package func run() async throws {
        await withGracefulShutdownHandler {
            for await _ in wake { await writeAll() }
            await writeAll()
        } onGracefulShutdown: {
            self.waker.finish()
        }
        // The log is the last place where the bill can be found.
        for (record, _) in queue.withLock({ Array($0.waiting) }) {
            let text = (try? JSONEncoder().encode(record)).map { String(decoding: $0, as: UTF8.self) } ?? "\(record)"
            logger.critical("call record not written to \(path)", metadata: ["record": "\(text)"])
        }
    }

    private func writeAll() async {
        var failing: String?
        while let (record, stored) = queue.withLock({ $0.waiting.first }) {
            do {
                try await database.write { try CallRecordSchema.write(record, to: $0) }
                queue.withLock { _ = $0.waiting.popFirst() }
                stored()
                if failing != nil { logger.notice("call records are written to \(path) again") }
                failing = nil
            } catch {
                let why = CallRecordStore.why(error)
                if why != failing {
                    logger.error(
                        """
                        cannot write call records to \(path): \(why); \(waiting) wait in memory and are tried again \
                        every \(retry)
                        """)
                }
                failing = why
                if Task.isCancelled || Task.isShuttingDownGracefully { return }
                try? await cancelWhenGracefulShutdown { [retry] in try await Task.sleep(for: retry) }
            }
        }
    }

    /// The records of calls that began at `since` or later, from the one after `after`, at most `limit`.
    package func records(since: UInt64 = 0, after: Int64 = 0, limit: Int = 1000) async throws -> CallRecordPage {
        try await database.read { database in
            let rows = try Row.fetchAll(
                database, sql: "SELECT * FROM call_records WHERE started >= ? AND id > ? ORDER BY id LIMIT ?",
                arguments: [CallRecordSchema.integer(since), after, max(1, limit)])
            let next = rows.count == max(1, limit) ? rows.last.map { $0["id"] as Int64 } : nil
            return CallRecordPage(records: rows.map(CallRecordSchema.read), next: next)
        }
    }

    /// The highest number a call ever had, 0 before the first: numbers go on from there.
    package func highestCallNumber() async throws -> UInt32 {
        try await database.read { database in
            let highest = try Int64.fetchOne(database, sql: "SELECT max(call) FROM call_records") ?? 0
            return UInt32(clamping: highest)
        }
    }

    static func why(_ error: any Error) -> String {
        guard let error = error as? DatabaseError else { return reason(error) }
        switch error.resultCode {
        case .SQLITE_FULL: return "the disk is full"
        case .SQLITE_READONLY: return "the file is read-only"
        case .SQLITE_CANTOPEN: return "the file cannot be opened; its folder must exist and be writable"
        case .SQLITE_NOTADB: return "the file is not an SQLite database"
        default: return error.message ?? "SQLite error \(error.resultCode.rawValue)"
        }
    }
}
