// SPDX-License-Identifier: GPL-2.0-or-later
import SIPCore
import Testing

@Suite("Non-INVITE server transaction")
struct NonInviteServerTransactionTests {
    typealias Machine = NonInviteServerTransaction

    static let events: [Machine.Event] = [.request, .provisional, .final, .transportError, .fired(.j)]

    static let paths: [Machine.State: [Machine.Event]] = [
        .trying: [], .proceeding: [.provisional], .completed: [.final], .terminated: [.final, .fired(.j)],
    ]

    static func machine(in state: Machine.State) -> Machine {
        var machine = Machine(timers: SIPTimerValues(), isReliable: false)
        for event in paths[state] ?? [] { _ = machine.handle(event) }
        return machine
    }

    static let arrows: [(Machine.State, Machine.Event, Machine.State, [Machine.Action])] = [
        (.trying, .provisional, .proceeding, [.sendResponse]),
        (.trying, .final, .completed, [.sendResponse, .start(.j, after: 32 * second)]),
        (.proceeding, .request, .proceeding, [.sendResponse]),
        (.proceeding, .provisional, .proceeding, [.sendResponse]),
        (.proceeding, .final, .completed, [.sendResponse, .start(.j, after: 32 * second)]),
        (.proceeding, .transportError, .terminated, [.stop(.j), .transportFailed, .terminated]),
        (.completed, .request, .completed, [.sendResponse]),
        (.completed, .fired(.j), .terminated, [.terminated]),
        (.completed, .transportError, .terminated, [.stop(.j), .transportFailed, .terminated]),
    ]

    @Test("each arrow leads where RFC 3261 figure 8 says", arguments: arrows)
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

    @Test("over a reliable transport a final response ends it at once")
    func reliable() {
        var machine = Machine(timers: SIPTimerValues(), isReliable: true)
        #expect(machine.handle(.final) == [.sendResponse, .terminated])
        #expect(machine.state == .terminated)
    }
}
