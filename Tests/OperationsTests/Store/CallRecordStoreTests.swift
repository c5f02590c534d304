// SPDX-License-Identifier: GPL-2.0-or-later
import CallControl
import Foundation
import GRDB
import Logging
import Operations
import ServiceLifecycle
import Synchronization
import Testing

@Suite("CallRecordStore")
struct CallRecordStoreTests {
    private func record(_ call: UInt32, started: UInt64 = 1_795_000_000_000_000_000) -> CallRecord {
        var record = CallRecord(call: call, started: started, from: "phone", caller: "100", called: "90100")
        record.alerting = started + 1
        record.answered = started + 1_000_000_000
        record.ended = started + 3_500_000_000
        record.to = "carrier-a"
        record.callerName = "Zoë \"Z\""
        record.dialled = "0100"
        record.cause = 16
        record.endedBy = .caller
        record.channel = "carrier-a/31"
        record.sipCallID = "a@b"
        record.codec = "PCMA"
        record.packetsReceived = 100
        record.packetsSent = 99
        record.packetsLost = 1
        record.concealedMilliseconds = 20
        return record
    }

    @Test("A record comes back as it went in, every field of it")
    func roundTrip() async throws {
        try await withStateDirectory { directory in
            let store = try CallRecordStore(path: directory.path + "/cdr.db", logger: quietLogger)
            var refused = CallRecord(call: .max, started: 5, from: "x", caller: "", called: "")
            refused.status = 486
            refused.remark = "busy"
            let records = [record(1), refused]
            #expect(try await store.highestCallNumber() == 0)
            try await withServices([store]) { records.forEach { store.record($0) } }
            #expect(try await store.highestCallNumber() == .max)
            #expect(try await store.records().records == records)
        }
    }

    @Test("A call written twice, over a restart, is one row: the later one")
    func twice() async throws {
        try await withStateDirectory { directory in
            let path = directory.path + "/cdr.db"
            let first = try CallRecordStore(path: path, logger: quietLogger)
            try await withServices([first]) { first.record(record(1)) }
            let second = try CallRecordStore(path: path, logger: quietLogger)
            var again = record(1)
            again.cause = 41
            again.ended += 1
            let changed = again
            try await withServices([second]) {
                second.record(changed)
                second.record(record(1, started: 77))
            }
            let records = try await second.records().records
            #expect(records.map(\.started) == [1_795_000_000_000_000_000, 77])
            #expect(records.first == changed)
        }
    }

    @Test("What was recorded before the shutdown is on disk after it, in order, although nobody waited")
    func drained() async throws {
        try await withStateDirectory { directory in
            let store = try CallRecordStore(path: directory.path + "/cdr.db", logger: quietLogger)
            try await withServices([store]) {
                for call in 1...200 as ClosedRange<UInt32> { store.record(record(call)) }
            }
            #expect(store.waiting == 0)
            #expect(try await store.records(limit: 1000).records.map(\.call) == Array(1...200))
        }
    }

    @Test("While the database refuses, records wait and the log says so once; then all are written")
    func fullDisk() async throws {
        let log = RecordedLog()
        try await withStateDirectory { directory in
            let path = directory.path + "/cdr.db"
            let store = try CallRecordStore(path: path, logger: log.logger, retry: .milliseconds(20))
            let other = try DatabaseQueue(path: path)
            try await other.write { database in
                try database.execute(
                    sql: """
                        CREATE TRIGGER refuse BEFORE INSERT ON call_records BEGIN
                            SELECT RAISE(ABORT, 'no room');
                        END
                        """)
            }
            try await withServices([store]) {
                store.record(record(1))
                store.record(record(2))
                await log.wait { $0.contains("no room") }
                #expect(store.waiting == 2)
                try await other.write { try $0.execute(sql: "DROP TRIGGER refuse") }
                await log.wait { $0.contains("again") && !$0.contains("no room") }
            }
            #expect(try await store.records().records.map(\.call) == [1, 2])
            #expect(log.lines.filter { $0.contains("no room") }.count == 1)
        }
    }

    @Test("What cannot be written by the end is in the log")
    func lostAtTheEnd() async throws {
        let log = RecordedLog()
        try await withStateDirectory { directory in
            let path = directory.path + "/cdr.db"
            let store = try CallRecordStore(path: path, logger: log.logger, retry: .seconds(60))
            let other = try DatabaseQueue(path: path)
            try await other.write { try $0.execute(sql: "DROP TABLE call_records") }
            try await withServices([store]) { store.record(record(4711)) }
            #expect(log.lines.contains { $0.contains("not written") && $0.contains("4711") })
        }
    }

    @Test("A file that is no database, and a folder that is not there, are named")
    func unusable() async throws {
        try await withStateDirectory { directory in
            let path = directory.path + "/cdr.db"
            try Data("this is a letter, not a database, and long enough to be one".utf8).write(
                to: URL(fileURLWithPath: path))
            #expect {
                _ = try CallRecordStore(path: path, logger: quietLogger)
            } throws: { error in
                "\(error)".contains(path) && "\(error)".contains("not an SQLite database")
            }
            #expect {
                _ = try CallRecordStore(path: directory.path + "/none/cdr.db", logger: quietLogger)
            } throws: { error in
                "\(error)".contains("folder must exist")
            }
        }
    }

    @Test("The readable view has UTC times and billed seconds")
    func readable() async throws {
        try await withStateDirectory { directory in
            let path = directory.path + "/cdr.db"
            let store = try CallRecordStore(path: path, logger: quietLogger)
            try await withServices([store]) { store.record(record(1)) }
            let other = try DatabaseQueue(path: path)
            let row = try other.read {
                try Row.fetchOne($0, sql: "SELECT started_utc, billed_seconds FROM call_records_readable")
            }
            #expect(row?["started_utc"] == "2026-11-18 11:06:40")
            #expect(row?["billed_seconds"] == 2.5)
        }
    }
}

/// A log kept in memory, that can be waited for.
final class RecordedLog: Sendable {
    private struct Handler: LogHandler {
        let log: RecordedLog
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            log.add("\(event.message) \(event.metadata ?? [:])")
        }
    }

    private struct State {
        var lines: [String] = []
        var waiters: [(match: @Sendable (String) -> Bool, done: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    var lines: [String] { state.withLock { $0.lines } }
    var logger: Logger { Logger(label: "test") { _ in Handler(log: self) } }

    private func add(_ line: String) {
        let met = state.withLock { state in
            state.lines.append(line)
            let met = state.waiters.filter { $0.match(line) }.map(\.done)
            state.waiters.removeAll { $0.match(line) }
            return met
        }
        met.forEach { $0.resume() }
    }

    /// Returns once a line matches, at once if one has.
    func wait(_ match: @escaping @Sendable (String) -> Bool) async {
        await withCheckedContinuation { continuation in
            let there = state.withLock { state in
                if state.lines.contains(where: match) { return true }
                state.waiters.append((match, continuation))
                return false
            }
            if there { continuation.resume() }
        }
    }
}
