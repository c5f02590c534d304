// SPDX-License-Identifier: GPL-2.0-or-later
package import CallControl
package import Foundation

/// Call records as a table for people or as CSV (RFC 4180) for a bill.
package enum CallRecordText {
    package static func table(_ records: [CallRecord], in zone: TimeZone = .current) -> String {
        guard !records.isEmpty else { return "no calls\n" }
        var table = TextTable([
            .init("CALL", .right), .init("STARTED"), .init("FROM"), .init("CALLER"), .init("TO"), .init("CALLED"),
            .init("TALKED", .right), .init("CAUSE", .right), .init("STATUS", .right), .init("ENDED BY"),
            .init("CHANNEL"), .init("REMARK"),
        ])
        for record in records {
            table.add([
                "\(record.call)", String(TimeText.moment(record.started, in: zone).dropLast(4)), record.from,
                record.caller,
                record.to, record.called,
                record.answered == nil ? "-" : TimeText.length(nanoseconds: record.billedMilliseconds * 1_000_000),
                "\(record.cause)", record.status.map { "\($0)" } ?? "", record.endedBy.rawValue, record.channel,
                record.remark,
            ])
        }
        return table.text
    }

    package static let csvHeader =
        "call,started,alerting,answered,ended,billed_seconds,from,to,caller,caller_name,called,dialled,cause,status,"
        + "ended_by,remark,channel,sip_call_id,codec,packets_received,packets_sent,packets_lost,concealed_milliseconds\r\n"

    /// Times are UTC, with a Z.
    package static func csv(_ record: CallRecord) -> String {
        func utc(_ time: UInt64?) -> String {
            time.map { TimeText.moment($0, in: .gmt).replacing(" ", with: "T") + "Z" } ?? ""
        }
        let billed = record.billedMilliseconds
        let thousandths = "\(1000 + billed % 1000)".dropFirst()
        let cells = [
            "\(record.call)", utc(record.started), utc(record.alerting), utc(record.answered), utc(record.ended),
            "\(billed / 1000).\(thousandths)", record.from, record.to, record.caller, record.callerName, record.called,
            record.dialled, "\(record.cause)", record.status.map { "\($0)" } ?? "", record.endedBy.rawValue,
            record.remark, record.channel, record.sipCallID, record.codec, "\(record.packetsReceived)",
            "\(record.packetsSent)", "\(record.packetsLost)", "\(record.concealedMilliseconds)",
        ]
        return cells.map(quoted).joined(separator: ",") + "\r\n"
    }

    private static func quoted(_ cell: String) -> String {
        guard cell.unicodeScalars.contains(where: { ",\"\r\n".unicodeScalars.contains($0) }) else { return cell }
        return "\"" + cell.replacing("\"", with: "\"\"") + "\""
    }
}
