// SPDX-License-Identifier: GPL-2.0-or-later
import DemonstrationSwitch
import ISDN
import LineProtocol
import Testing

@Suite struct TestLineTests {
    /// A line to which these events have happened.
    private func makeLine(_ service: TestService, _ events: TestLine.Event...) -> TestLine {
        var line = TestLine(service)
        for event in events { _ = line.handle(event) }
        return line
    }

    @Test("0100 proceeds, rings, answers and echoes after half a second")
    func echo() {
        var line = TestLine(.echo)
        #expect(line.handle(.arrived) == [.send(.proceeding([])), .startTimer(milliseconds: 200)])
        #expect(line.handle(.timeout) == [.send(.alerting([])), .startTimer(milliseconds: 500)])
        #expect(line.handle(.timeout) == [.send(.connect), .echo(delayMilliseconds: 500)])
        #expect(line.handle(.disconnected) == [.stopTimer])
        #expect(line.handle(.ended) == [.stopTimer])
        #expect(line.state == .over)
    }

    @Test("0101 plays the milliwatt once it has answered")
    func milliwatt() {
        var line = makeLine(.milliwatt, .arrived, .timeout)
        #expect(line.handle(.timeout) == [.send(.connect), .play(.tone(.milliwatt))])
    }

    @Test("0102 is busy after CALL PROCEEDING")
    func busy() {
        var line = makeLine(TestService(called: "0102"), .arrived)
        #expect(line.handle(.timeout) == [.clear(.userBusy)])
        #expect(line.state == .clearing)
    }

    @Test("0103 rings and starts no timer")
    func ringing() {
        var line = makeLine(.ringing, .arrived)
        #expect(line.handle(.timeout) == [.send(.alerting([]))])
    }

    @Test("0104 is cleared at once")
    func unallocated() {
        var line = TestLine(TestService(called: "0104"))
        #expect(line.handle(.arrived) == [.clear(.unallocatedNumber)])
    }

    @Test("0106 hangs up two seconds after its answer")
    func hangup() {
        var line = makeLine(.hangup, .arrived, .timeout)
        #expect(line.handle(.timeout) == [.send(.connect), .startTimer(milliseconds: 2_000)])
        #expect(line.handle(.timeout) == [.clear(.normalCallClearing)])
    }

    /// 0105 with the answer behind it.
    private func makeCollecting() -> TestLine { makeLine(.digits, .arrived, .timeout, .timeout) }

    private func type(_ digits: String, _ line: inout TestLine) -> [TestLine.Effect] {
        digits.utf8.flatMap { line.handle(.digit($0)) }
    }

    @Test("0105 sends digits back at the #, without it, again and again")
    func digitsAtHash() {
        var line = makeCollecting()
        for digits in ["1234567890", "*ABCD"] {
            #expect(type(digits + "#", &line).suffix(2) == [.stopTimer, .sendDigits(digits)])
            #expect(line.handle(.played) == [])
            #expect(line.state == .collecting(""))
        }
    }

    @Test("0105 sends digits back after five seconds of silence")
    func digitsAtSilence() {
        var line = makeCollecting()
        #expect(type("42", &line) == [.startTimer(milliseconds: 5_000), .startTimer(milliseconds: 5_000)])
        #expect(line.handle(.timeout) == [.stopTimer, .sendDigits("42")])
    }

    @Test("0105 sends nothing back when nothing was dialled")
    func noDigits() {
        var line = makeCollecting()
        #expect(type("##", &line) == [.stopTimer, .stopTimer])
        #expect(line.state == .collecting(""))
    }

    @Test("0105 keeps what is dialled while it sends")
    func digitsWhileSending() {
        var line = makeCollecting()
        _ = type("1#", &line)
        #expect(type("23##45#6", &line) == [])
        #expect(line.handle(.played) == [.stopTimer, .sendDigits("23")])
        #expect(line.handle(.played) == [.stopTimer, .sendDigits("45")])
        #expect(line.handle(.played) == [.startTimer(milliseconds: 5_000)])
        #expect(line.handle(.timeout) == [.stopTimer, .sendDigits("6")])
    }

    @Test("0105 keeps a bounded number of digits, however many come")
    func manyDigits() {
        var line = makeCollecting()
        _ = type(String(repeating: "1", count: 1_000), &line)
        #expect(line.state == .collecting(String(repeating: "1", count: TestLine.maximumDigits)))
        _ = line.handle(.timeout)
        _ = type(String(repeating: "2", count: 1_000), &line)
        #expect(line.state == .repeating(waiting: String(repeating: "2", count: TestLine.maximumDigits)))
    }

    static let services: [TestService] = [
        .echo, .milliwatt, .ringing, .digits, .hangup, .refusal(.userBusy, afterProceeding: true),
        .refusal(.unallocatedNumber, afterProceeding: false),
    ]
    static let events: [TestLine.Event] = [
        .arrived, .timeout, .digit(UInt8(ascii: "1")), .digit(UInt8(ascii: "#")), .played, .disconnected, .ended,
    ]

    @Test("In every state of every line every event leaves it whole, and the end is the end", arguments: services)
    func everyStateEveryEvent(service: TestService) {
        var seen: Set<TestLine> = [TestLine(service)]
        var fresh = seen
        // Every state that can be reached with few enough digits.
        for _ in 0..<9 {
            var next: Set<TestLine> = []
            for line in fresh {
                for event in Self.events {
                    var after = line
                    let effects = after.handle(event)
                    check(line, event, after, effects)
                    if seen.insert(after).inserted { next.insert(after) }
                }
            }
            fresh = next
        }
        #expect(seen.contains { $0.state == .over })
    }

    private func check(_ before: TestLine, _ event: TestLine.Event, _ after: TestLine, _ effects: [TestLine.Effect]) {
        let clears = effects.contains { if case .clear = $0 { true } else { false } }
        switch before.state {
        case .over:
            #expect(after.state == .over && effects.isEmpty)
        case .clearing:
            #expect(after.state == .clearing || after.state == .over)
            #expect(!clears, "cleared twice")
        case .idle, .proceeding, .alerting, .answered, .collecting, .repeating:
            #expect(clears == (after.state == .clearing && event != .disconnected))
        }
        if after.state == .over, before.state != .over { #expect(effects.contains(.stopTimer)) }
        if event == .ended { #expect(after.state == .over) }
    }
}
