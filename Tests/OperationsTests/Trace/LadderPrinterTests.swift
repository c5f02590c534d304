// SPDX-License-Identifier: GPL-2.0-or-later
import Gateway
import Operations
import Testing

@Suite("LadderPrinter")
struct LadderPrinterTests {
    private func entry(
        _ microseconds: UInt64, _ kind: LadderEntry.Kind, _ from: String, _ to: String, _ label: String,
        _ detail: String = ""
    ) -> LadderEntry {
        let time = 1_795_000_000_000_000_000 + microseconds * 1000
        return LadderEntry(call: 1, time: time, kind: kind, from: from, to: to, label: label, detail: detail)
    }

    private var answered: [LadderEntry] {
        let (phone, us, span) = ("phone", LadderEntry.gateway, "carrier-a")
        return [
            entry(0, .sip, phone, us, "INVITE", "sip:90100@127.0.0.1"),
            entry(420, .sip, us, phone, "100 Trying"),
            entry(1100, .q931, us, span, "SETUP", "0100, channel 31"),
            entry(3050, .q931, span, us, "CALL PROCEEDING"),
            entry(9500, .q931, span, us, "CONNECT"),
            entry(9700, .sip, us, phone, "200 OK", "PCMA"),
            entry(9800, .media, phone, us, "RTP", "PCMA, 20 ms"),
            .note(call: 1, time: 1_795_000_000_012_000_000, "connected"),
            entry(2_500_000, .sip, phone, us, "BYE"),
        ]
    }

    @Test("An answered call is drawn with SIP on the left, the span on the right and times from its beginning")
    func golden() {
        let expected = """
                   ms  phone                         trunkgate                     carrier-a
                       |                                 |                             |
                  0.0  |-- INVITE  sip:90100@127.0.0.1 ->|                             |
                  0.4  |<------------------ 100 Trying --|                             |
                  1.1  |                                 |-- SETUP  0100, channel 31 ->|
                  3.1  |                                 |<--------- CALL PROCEEDING --|
                  9.5  |                                 |<----------------- CONNECT --|
                  9.7  |<---------------- 200 OK  PCMA --|                             |
                  9.8  |== RTP  PCMA, 20 ms ============>|                             |
                 12.0  * connected
               2500.0  |-- BYE ------------------------->|                             |
            """
        let drawn = LadderPrinter(width: 100).draw(answered)
        #expect(drawn == expected + "\n")
    }

    @Test("Lifelines keep their columns whatever is in a line", arguments: [60, 72, 100, 160])
    func straight(width: Int) {
        let printer = LadderPrinter(width: width)
        var entries = answered
        entries.append(
            entry(3_000_000, .q931, "carrier-a", "trunkgate", "DISCONNECT", String(repeating: "x", count: 500)))
        let layout = printer.layout(entries)
        for line in printer.draw(entries).split(separator: "\n").dropFirst(2) where !line.contains("*") {
            #expect(line.count <= width)
            let characters = Array(line)
            for position in layout.positions {
                #expect("|".contains(characters[11 + position]), "\(line)")
            }
        }
    }

    @Test("A text that does not fit beside its label goes below; one that never fits is cut")
    func narrow() {
        let label = String(repeating: "L", count: 200)
        let drawn = LadderPrinter(width: 60).draw([entry(0, .sip, "a", "trunkgate", label, "the detail")])
        #expect(drawn.contains("LLL... "))
        #expect(drawn.contains("the detail"))
    }

    @Test("SIP to SIP and PRI to PRI stand on either side of trunkgate")
    func tandem() {
        let us = LadderEntry.gateway
        let sip = [entry(0, .sip, "a", us, "INVITE"), entry(1, .sip, us, "b", "INVITE")]
        #expect(LadderPrinter().layout(sip).names == ["a", us, "b"])
        let pri = [entry(0, .q931, "s1", us, "SETUP"), entry(1, .q931, us, "s2", "SETUP")]
        #expect(LadderPrinter().layout(pri).names == ["s1", us, "s2"])
        let inbound = [entry(0, .q931, "s1", us, "SETUP"), entry(1, .sip, us, "pbx", "INVITE")]
        #expect(LadderPrinter().layout(inbound).names == ["pbx", us, "s1"])
    }

    @Test("What a caller writes cannot drive the terminal")
    func escapes() {
        let hostile = "\u{1B}[2J\u{202E}INVITE\r\nx\u{7F}"
        let drawn = LadderPrinter().draw([
            entry(0, .sip, hostile, "trunkgate", hostile, hostile), .note(call: 1, time: 0, hostile),
        ])
        let controls = drawn.unicodeScalars.filter {
            $0.value < 0x20 && $0 != "\n" || $0.value == 0x7F || $0.value > 0x7F
        }
        #expect(controls.isEmpty)
        #expect(drawn.contains("?[2J?INVITE??x?"))
    }

    @Test("Long notes are broken between words and omissions are told")
    func notes() {
        let sentence = Array(repeating: "words", count: 60).joined(separator: " ")
        let drawn = LadderPrinter(width: 80).draw([.note(call: 1, time: 5, sentence)], omitted: 3)
        let lines = drawn.split(separator: "\n")
        #expect(lines.allSatisfy { $0.count <= 80 })
        #expect(lines.filter { $0.contains("words") }.count > 3)
        #expect(drawn.contains("3 more entries were dropped"))
        let unbroken = LadderPrinter(width: 80).draw([.note(call: 1, time: 5, String(repeating: "w", count: 300))])
        #expect(unbroken.count(where: { $0 == "w" }) == 300)
    }

    @Test("No entries, no drawing; entries that were written late stand where they belong")
    func edges() {
        #expect(LadderPrinter().draw([]) == "")
        let late = [entry(500, .sip, "a", "trunkgate", "second"), entry(0, .sip, "a", "trunkgate", "first")]
        let lines = LadderPrinter().draw(late).split(separator: "\n").dropFirst(2)
        #expect(lines.first?.contains(" 0.0  |-- first ") == true)
        #expect(lines.last?.contains(" 0.5  |-- second ") == true)
    }
}
