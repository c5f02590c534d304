// SPDX-License-Identifier: GPL-2.0-or-later
import ArgumentParser
import CallControl

struct CDRCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cdr", abstract: "Call records, in the order the calls ended.",
        discussion:
            "The records are in SQLite: `call_records_readable` in the file that the configuration names under `cdr`.")

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case table
        case csv
        case json
    }

    @Option(
        help: ArgumentHelp(
            "Calls that began then or later: 2026-11-21, \"2026-11-21 17:45\", 90s, 15m, 2h, 7d.", valueName: "time"))
    var since: String?
    @Option(help: "table, csv or json.") var format = Format.table
    @Flag(help: "The same as --format json.") var json = false
    @OptionGroup var gateway: GatewayOption

    func run() async throws {
        var start: UInt64 = 0
        if let since {
            guard let time = TimeText.parse(since, now: TimeText.now) else {
                throw ValidationError(
                    "\"\(since)\" is no time: write 2026-11-21, \"2026-11-21 17:45\", 90s, 15m, 2h or 7d")
            }
            start = time
        }
        let client = try gateway.client()
        var records: [CallRecord] = []
        var page = try await client.callRecords(since: start)
        records += page.records
        while let next = page.next {
            page = try await client.callRecords(since: start, after: next)
            records += page.records
        }
        switch json ? .json : format {
        case .table: Terminal.write(CallRecordText.table(records))
        case .json: try Terminal.json(records)
        case .csv: Terminal.write(CallRecordText.csvHeader + records.map(CallRecordText.csv).joined())
        }
    }
}
