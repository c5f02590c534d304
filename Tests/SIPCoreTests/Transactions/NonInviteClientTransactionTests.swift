// SPDX-License-Identifier: GPL-2.0-or-later
import SIPCore
import Testing

@Suite("Non-INVITE client transaction")
struct NonInviteClientTransactionTests {
    typealias Machine = NonInviteClientTransaction

    static let events: [Machine.Event] =
        [.provisional, .final, .transportError] + Machine.Timer.allCases.map { .fired($0) }

    static let paths: [Machine.State: [Machine.Event]] = [
        .trying: [], .proceeding: [.provisional], .completed: [.final], .terminated: [.transportError],
    ]

    static func machine(in state: Machine.State) -> Machine {
        var machine = Machine(timers: SIPTimerValues(), isReliable: false)
        for event in paths[state] ?? [] { _ = machine.handle(event) }
        return machine
    }

    static let arrows: [(Machine.State, Machine.Event, Machine.State, [Machine.Action])] = [
        (.trying, .provisional, .proceeding, [.deliverResponse]),
        (.trying, .final, .completed, [.stop(.e), .stop(.f), .deliverResponse, .start(.k, after: 5 * second)]),
        (.trying, .transportError, .terminated, [.stop(.e), .stop(.f), .transportFailed, .terminated]),
        (.trying, .fired(.e), .trying, [.sendRequest, .start(.e, after: second)]),
        (.trying, .fired(.f), .terminated, [.stop(.e), .timedOut, .terminated]),
        (.proceeding, .provisional, .proceeding, [.deliverResponse]),
        (.proceeding, .final, .completed, [.stop(.e), .stop(.f), .deliverResponse, .start(.k, after: 5 * second)]),
        (.proceeding, .transportError, .terminated, [.stop(.e), .stop(.f), .transportFailed, .terminated]),
        (.proceeding, .fired(.e), .proceeding, [.sendRequest, .start(.e, after: 4 * second)]),
        (.proceeding, .fired(.f), .terminated, [.stop(.e), .timedOut, .terminated]),
        (.completed, .fired(.k), .terminated, [.terminated]),
    ]

    @Test("each arrow leads where RFC 3261 figure 6 says", arguments: arrows)
    func arrow(_ from: Machine.State, _ event: Machine.Event, _ to: Machine.State, _ actions: [Machine.Action]) {
        var machine = Self.machine(in: from)
        #expect(machine.state == from)
        #expect(machine.handle(event) == actions)
        #expect(machine.state == to)
    }

    @Test("every other event in every state does nothing", arguments: Machine.State.allCases)
    func silence(_ state: Machine.State) {
        for event in Self.events where !Self.arrows.contains(where: { $0.0 == state && $0.1 == event }) {
            var machine = Self.machine(in: state)
            #expect(machine.handle(event).isEmpty)
            #expect(machine.state == state)
        }
    }

    @Test("over a reliable transport nothing is sent again, and a final response ends it at once")
    func reliable() {
        var machine = Machine(timers: SIPTimerValues(), isReliable: true)
        #expect(machine.start() == [.sendRequest, .start(.f, after: 32 * second)])
        #expect(machine.handle(.final) == [.stop(.e), .stop(.f), .deliverResponse, .terminated])
    }

    @Test("the request goes out after 0.5, 1.5 and 3.5 s, then every 4 s, and fails at 32 s")
    func schedule() {
        var machine = Machine(timers: SIPTimerValues(), isReliable: false)
        let run = Schedule.run(start: machine.start(), until: 100 * second) { machine.handle(.fired($0)) }
        #expect(
            run.sends.map { $0 / (100 * millisecond) } == [0, 5, 15, 35, 75, 115, 155, 195, 235, 275, 315])
        #expect(run.ended == 32 * second)
    }

    @Test("after a provisional response the request goes out every 4 s")
    func proceeding() {
        var machine = Machine(timers: SIPTimerValues(), isReliable: false)
        _ = machine.handle(.provisional)
        let run = Schedule.run(start: machine.start(), until: 100 * second) { machine.handle(.fired($0)) }
        #expect(run.sends.map { $0 / (100 * millisecond) } == [0, 5, 45, 85, 125, 165, 205, 245, 285])
    }
}
