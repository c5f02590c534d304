// SPDX-License-Identifier: GPL-2.0-or-later
package import CallControl
package import GRDB

/// The table of call records, and how a record becomes a row. Times are wall-clock nanoseconds since 1970.
package enum CallRecordSchema {
    package static let table = "call_records"

    package static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1: call records") { database in
            try database.execute(
                sql: """
                    CREATE TABLE call_records (
                        id INTEGER PRIMARY KEY AUTOINCREMENT,
                        call INTEGER NOT NULL,
                        started INTEGER NOT NULL,
                        alerting INTEGER,
                        answered INTEGER,
                        ended INTEGER NOT NULL,
                        from_trunk TEXT NOT NULL,
                        to_trunk TEXT NOT NULL,
                        caller TEXT NOT NULL,
                        caller_name TEXT NOT NULL,
                        called TEXT NOT NULL,
                        dialled TEXT NOT NULL,
                        cause INTEGER NOT NULL,
                        status INTEGER,
                        ended_by TEXT NOT NULL,
                        remark TEXT NOT NULL,
                        channel TEXT NOT NULL,
                        sip_call_id TEXT NOT NULL,
                        codec TEXT NOT NULL,
                        packets_received INTEGER NOT NULL,
                        packets_sent INTEGER NOT NULL,
                        packets_lost INTEGER NOT NULL,
                        concealed_milliseconds INTEGER NOT NULL,
                        UNIQUE (call, started)
                    );
                    CREATE INDEX call_records_started ON call_records (started);
                    -- The same for people and spreadsheets: UTC, seconds.
                    CREATE VIEW call_records_readable AS SELECT
                        call, strftime('%Y-%m-%d %H:%M:%S', started / 1000000000, 'unixepoch') AS started_utc,
                        caller, called, dialled, from_trunk, to_trunk, channel,
                        CASE WHEN answered IS NULL THEN 0 ELSE max(0, (ended - answered) / 1000000) / 1000.0 END
                            AS billed_seconds,
                        cause, status, ended_by, remark
                        FROM call_records;
                    """)
        }
        return migrator
    }

    private static let columns = [
        "call", "started", "alerting", "answered", "ended", "from_trunk", "to_trunk", "caller", "caller_name", "called",
        "dialled", "cause", "status", "ended_by", "remark", "channel", "sip_call_id", "codec", "packets_received",
        "packets_sent", "packets_lost", "concealed_milliseconds",
    ]

    /// A record of a call that is there already replaces it: it was written twice over a restart.
    private static let upsert: String = {
        let marks = columns.map { _ in "?" }.joined(separator: ", ")
        let changes = columns.dropFirst(2).map { "\($0) = excluded.\($0)" }.joined(separator: ", ")
        return "INSERT INTO call_records (\(columns.joined(separator: ", "))) VALUES (\(marks)) "
            + "ON CONFLICT (call, started) DO UPDATE SET \(changes)"
    }()

    package static func write(_ record: CallRecord, to database: Database) throws {
        let values: [(any DatabaseValueConvertible)?] = [
            Int64(record.call), integer(record.started), record.alerting.map(integer), record.answered.map(integer),
            integer(record.ended), record.from, record.to, record.caller, record.callerName, record.called,
            record.dialled, Int64(record.cause), record.status.map { Int64($0) }, record.endedBy.rawValue,
            record.remark, record.channel, record.sipCallID, record.codec, integer(record.packetsReceived),
            integer(record.packetsSent), integer(record.packetsLost), integer(record.concealedMilliseconds),
        ]
        try database.execute(sql: upsert, arguments: StatementArguments(values))
    }

    package static func read(_ row: Row) -> CallRecord {
        var record = CallRecord(
            call: UInt32(truncatingIfNeeded: row["call"] as Int64), started: unsigned(row["started"]),
            from: row["from_trunk"], caller: row["caller"], called: row["called"])
        record.alerting = (row["alerting"] as Int64?).map(unsigned)
        record.answered = (row["answered"] as Int64?).map(unsigned)
        record.ended = unsigned(row["ended"])
        record.to = row["to_trunk"]
        record.callerName = row["caller_name"]
        record.dialled = row["dialled"]
        record.cause = UInt8(truncatingIfNeeded: row["cause"] as Int64)
        record.status = (row["status"] as Int64?).map { UInt16(truncatingIfNeeded: $0) }
        record.endedBy = CallRecord.EndedBy(rawValue: row["ended_by"]) ?? .gateway
        record.remark = row["remark"]
        record.channel = row["channel"]
        record.sipCallID = row["sip_call_id"]
        record.codec = row["codec"]
        record.packetsReceived = unsigned(row["packets_received"])
        record.packetsSent = unsigned(row["packets_sent"])
        record.packetsLost = unsigned(row["packets_lost"])
        record.concealedMilliseconds = unsigned(row["concealed_milliseconds"])
        return record
    }

    /// SQLite's integers have a sign; no count or time of ours reaches it.
    package static func integer(_ value: UInt64) -> Int64 { Int64(clamping: value) }
    private static func unsigned(_ value: Int64) -> UInt64 { UInt64(max(0, value)) }
}
