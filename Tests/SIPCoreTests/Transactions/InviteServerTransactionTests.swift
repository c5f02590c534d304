// SPDX-License-Identifier: GPL-2.0-or-later
import SIPCore
import Testing

@Suite("INVITE server transaction")
struct InviteServerTransactionTests {
    typealias Machine = InviteServerTransaction

    static let events: [Machine.Event] =
        [.request, .acknowledgement, .provisional, .success, .failure, .transportError]
        + Machine.Timer.allCases.map { .fired($0) }

    static let paths: [Machine.State: [Machine.Event]] = [
        .proceeding: [], .completed: [.failure], .confirmed: [.failure, .acknowledgement], .accepted: [.success],
        .terminated: [.transportError],
    ]

    static func machine(in state: Machine.State) -> Machine {
        var machine = Machine(timers: SIPTimerValues(), isReliable: false)
        for event in paths[state] ?? [] { _ = machine.handle(event) }
        return machine
    }

    static let arrows: [(Machine.State, Machine.Event, Machine.State, [Machine.Action])] = [
        (.proceeding, .request, .proceeding, [.sendResponse]),
        (.proceeding, .provisional, .proceeding, [.sendResponse]),
        (.proceeding, .success, .accepted, [.sendResponse, .start(.l, after: 32 * second)]),
        (
            .proceeding, .failure, .completed,
            [.sendResponse, .start(.g, after: second / 2), .start(.h, after: 32 * second)]
        ),
        (.proceeding, .transportError, .terminated, [.stop(.g), .stop(.h), .transportFailed, .terminated]),
        (.completed, .request, .completed, [.sendResponse]),
        (.completed, .acknowledgement, .confirmed, [.stop(.g), .stop(.h), .start(.i, after: 5 * second)]),
        (.completed, .fired(.g), .completed, [.sendResponse, .start(.g, after: second)]),
        (.completed, .fired(.h), .terminated, [.stop(.g), .acknowledgementTimedOut, .terminated]),
        (.completed, .transportError, .terminated, [.stop(.g), .stop(.h), .transportFailed, .terminated]),
        (.confirmed, .fired(.i), .terminated, [.terminated]),
        (.accepted, .success, .accepted, [.sendResponse]),
        (.accepted, .fired(.l), .terminated, [.terminated]),
        (.accepted, .transportError, .accepted, [.transportFailed]),
    ]

    @Test("each arrow leads where RFC 3261 figure 7 and RFC 6026 say", arguments: arrows)
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

    @Test("over a reliable transport a failure is sent once and its ACK ends it")
    func reliable() {
        var machine = Machine(timers: SIPTimerValues(), isReliable: true)
        #expect(machine.handle(.failure) == [.sendResponse, .start(.h, after: 32 * second)])
        #expect(machine.handle(.acknowledgement) == [.stop(.g), .stop(.h), .terminated])
    }

    @Test("a failure goes out after 0.5, 1.5 and 3.5 s, then every 4 s, and is given up at 32 s")
    func schedule() {
        var machine = Machine(timers: SIPTimerValues(), isReliable: false)
        let run = Schedule.run(start: machine.handle(.failure), until: 100 * second) { machine.handle(.fired($0)) }
        #expect(
            run.sends.map { $0 / (100 * millisecond) } == [0, 5, 15, 35, 75, 115, 155, 195, 235, 275, 315])
        #expect(run.ended == 32 * second)
    }
}
