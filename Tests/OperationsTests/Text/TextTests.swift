// SPDX-License-Identifier: GPL-2.0-or-later
import Foundation
import Operations
import Testing

@Suite("Text for people")
struct TextTests {
    @Test("Columns are aligned, numbers to the right, without blanks at line ends")
    func table() {
        var table = TextTable([.init("NAME"), .init("VALUE", .right), .init("MEANING")])
        table.add(["a", "1", "first"])
        table.add(["longer", "1000", ""])
        table.add(["short"])
        table.add(["x", "2", "y", "left out"])
        #expect(
            table.text == """
                NAME    VALUE  MEANING
                a           1  first
                longer   1000
                short
                x           2  y

                """)
    }

    @Test("A cell cannot drive the terminal")
    func hostileCell() {
        var table = TextTable([.init("A")])
        table.add(["\u{1B}]0;title\u{07}\nx"])
        #expect(table.text == "A\n?]0;title??x\n")
    }

    @Test("Moments are written to the millisecond in the zone asked for")
    func moments() throws {
        let zone = try #require(TimeZone(secondsFromGMT: 3600))
        #expect(TimeText.moment(1_795_000_000_007_999_999, in: .gmt) == "2026-11-18 11:06:40.007")
        #expect(TimeText.moment(1_795_000_000_000_000_000, in: zone) == "2026-11-18 12:06:40.000")
        #expect(TimeText.timeOfDay(1_795_000_000_120_000_000, in: .gmt) == "11:06:40.120")
        #expect(TimeText.moment(0, in: .gmt) == "1970-01-01 00:00:00.000")
    }

    @Test(
        "Lengths grow from tenths of seconds to hours",
        arguments: [
            (0, "0.0 s"), (99_999_999, "0.0 s"), (1_250_000_000, "1.2 s"), (59_999_999_999, "59.9 s"),
            (60_000_000_000, "1:00"), (3_599_000_000_000, "59:59"), (3_723_000_000_000, "1:02:03"),
        ] as [(UInt64, String)])
    func lengths(nanoseconds: UInt64, text: String) {
        #expect(TimeText.length(nanoseconds: nanoseconds) == text)
    }

    @Test("A clock that went back gives no length and a negative time")
    func backwards() {
        #expect(TimeText.length(from: 10, to: 5) == "0.0 s")
        #expect(TimeText.milliseconds(from: 2_000_000, to: 0) == "-2.0")
        #expect(TimeText.milliseconds(from: 0, to: 1_260_000) == "1.3")
        #expect(TimeText.milliseconds(from: 1, to: 0) == "0.0")
    }

    @Test(
        "What people type as a time",
        arguments: [
            ("2026-11-18", 1_794_960_000), ("2026-11-18 11:06", 1_794_999_960), ("2026-11-18T11:06:40", 1_795_000_000),
            ("2026-11-18T11:06:40Z", 1_795_000_000), ("2026-11-18T12:06:40+01:00", 1_795_000_000),
            ("2026-11-18T11:06Z", 1_794_999_960), ("90s", 1_799_999_910), ("15m", 1_799_999_100), ("2h", 1_799_992_800),
            ("1d", 1_799_913_600), ("99999999999999999999d", nil), ("9999999999d", 0), ("yesterday", nil), ("", nil),
            ("2026-13-01", nil), ("1960-01-01", nil), ("-5m", nil),
        ] as [(String, UInt64?)])
    func since(text: String, seconds: UInt64?) {
        let now: UInt64 = 1_800_000_000_000_000_000
        #expect(TimeText.parse(text, now: now, in: .gmt) == seconds.map { $0 * 1_000_000_000 })
    }

    @Test("A time without a zone is local time")
    func localTime() throws {
        let zone = try #require(TimeZone(secondsFromGMT: 7200))
        #expect(TimeText.parse("2026-11-18 13:06:40", now: 0, in: zone) == 1_795_000_000_000_000_000)
    }

    @Test("Texts are cut with dots and padded on either side")
    func padding() {
        #expect("abcdef".clipped(to: 5) == "ab...")
        #expect("abcdef".clipped(to: 6) == "abcdef")
        #expect("abcdef".clipped(to: 2) == "ab")
        #expect("abcdef".clipped(to: -1) == "")
        #expect("ab".padded(to: 4) + "|" == "ab  |")
        #expect("ab".paddedLeft(to: 4) == "  ab")
    }
}
