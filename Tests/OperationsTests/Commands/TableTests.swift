// SPDX-License-Identifier: GPL-2.0-or-later
import CallControl
import Foundation
import Gateway
import Operations
import Testing

@Suite("Tables of the commands")
struct TableTests {
    private let start: UInt64 = 1_795_000_000_000_000_000

    @Test("show calls")
    func calls() {
        #expect(
            ShowTables.calls([FakeGateway.call], now: start + 63_000_000_000, in: .gmt) == """
                CALL  STATE      FROM   CALLER  TO         CALLED  CHANNEL       CODEC  STARTED       TALKING
                   7  connected  phone  100     carrier-a  90100   carrier-a/31  PCMA   11:06:40.000     1:02

                """)
        #expect(ShowTables.calls([], now: 0) == "no calls\n")
    }

    @Test("show spans")
    func spans() {
        #expect(
            ShowTables.spans([FakeGateway.span]) == """
                SPAN       DRIVER      ROLE  LAYER 1  LAYER 2  LAYER 3  IDLE  BUSY  IN WORDS
                carrier-a  pseudowire  te    up       down     down        0    30  layer 2 is down: no calls

                """)
    }

    @Test("show channels")
    func channels() {
        let idle = ChannelView(span: "carrier-a", timeslot: 1, state: "idle", call: nil, since: 0)
        #expect(
            ShowTables.channels([idle, FakeGateway.channel], now: 2_000_000_005) == """
                CHANNEL       STATE      CALL    FOR
                carrier-a/1   idle
                carrier-a/31  connected     7  2.0 s

                """)
    }

    @Test("show counters leaves zeros out unless asked")
    func counters() {
        let zero = CounterView(name: "a", value: 0, sentence: "nothing")
        let one = CounterView(name: "b", value: 1, sentence: "something")
        #expect(ShowTables.counters([zero, one], all: false) == "COUNTER  VALUE  COUNTS\nb            1  something\n")
        #expect(ShowTables.counters([zero, one], all: true).contains("nothing"))
        #expect(ShowTables.counters([zero], all: false) == "every counter is 0\n")
    }

    @Test("cdr as a table and as CSV with quotes where they are needed")
    func callRecords() {
        var record = CallRecord(call: 12, started: start, from: "phone", caller: "100", called: "90100")
        record.answered = start + 1_000_000_000
        record.ended = start + 3_005_000_000
        record.to = "carrier-a"
        record.callerName = "Doe, \"Jo\""
        record.cause = 16
        record.endedBy = .callee
        record.channel = "carrier-a/31"
        #expect(
            CallRecordText.table([record], in: .gmt) == """
                CALL  STARTED              FROM   CALLER  TO         CALLED  TALKED  CAUSE  STATUS  ENDED BY  CHANNEL       REMARK
                  12  2026-11-18 11:06:40  phone  100     carrier-a  90100    2.0 s     16          callee    carrier-a/31

                """)
        let csv = CallRecordText.csv(record)
        #expect(
            csv
                == "12,2026-11-18T11:06:40.000Z,,2026-11-18T11:06:41.000Z,2026-11-18T11:06:43.005Z,2.005,phone,carrier-a,100,"
                + "\"Doe, \"\"Jo\"\"\",90100,,16,,callee,,carrier-a/31,,,0,0,0,0\r\n")
        let columns = CallRecordText.csvHeader.count { $0 == "," }
        #expect(columns == 22)
        record.callerName = "plain"
        #expect(CallRecordText.csv(record).count { $0 == "," } == columns)
    }
}
