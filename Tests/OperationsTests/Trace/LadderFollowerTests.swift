// SPDX-License-Identifier: GPL-2.0-or-later
import Gateway
import Operations
import Testing

@Suite("LadderFollower")
struct LadderFollowerTests {
    private func entry(_ call: UInt32?, _ time: UInt64, _ from: String, _ kind: LadderEntry.Kind = .sip) -> LadderEntry
    {
        LadderEntry(call: call, time: time, kind: kind, from: from, to: LadderEntry.gateway, label: "INVITE")
    }

    @Test("A heading comes with the first entry, when another call goes on, and when a lifeline is new")
    func headings() {
        var follower = LadderFollower(printer: LadderPrinter(width: 100))
        let entries = [
            entry(1, 0, "a"), entry(1, 1_000_000, "a"), entry(2, 2_000_000, "a"), entry(1, 3_000_000, "a"),
            entry(1, 4_000_000, "span", .q931),
        ]
        let lines = follower.lines(entries)
        let headings = lines.filter { $0.contains(", from ") }.map { $0.prefix(6) }
        #expect(headings == ["call 1", "call 2", "call 1", "call 1"])
        #expect(
            lines.filter { $0.contains("INVITE") }.map { $0.prefix(9) } == [
                "      0.0", "      1.0", "      0.0", "      3.0", "      4.0",
            ])
    }

    @Test("What belongs to no call is followed too")
    func noCall() {
        var follower = LadderFollower(printer: LadderPrinter())
        #expect(follower.lines([entry(nil, 0, "a")]).contains { $0.hasPrefix("no call") })
    }

    @Test("Thousands of calls do not stay in memory for ever, and none traps")
    func many() {
        var follower = LadderFollower(printer: LadderPrinter())
        for call in 0..<3000 as Range<UInt32> { #expect(follower.lines([entry(call, .max, "a")]).count >= 4) }
    }
}
