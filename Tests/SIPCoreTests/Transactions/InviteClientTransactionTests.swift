// SPDX-License-Identifier: GPL-2.0-or-later
import SIPCore
import Testing

@Suite("INVITE client transaction")
struct InviteClientTransactionTests {
    typealias Machine = InviteClientTransaction
    typealias Action = Machine.Action

    static let events: [Machine.Event] =
        [.provisional, .success, .failure, .transportError] + Machine.Timer.allCases.map { .fired($0) }

    /// The events that lead to each state over an unreliable transport.
    static let paths: [Machine.State: [Machine.Event]] = [
        .calling: [], .proceeding: [.provisional], .completed: [.failure], .accepted: [.success],
        .terminated: [.transportError],
    ]

    static func machine(in state: Machine.State, isReliable: Bool = false) -> Machine {
        var machine = Machine(timers: SIPTimerValues(), isReliable: isReliable)
        for event in paths[state] ?? [] { _ = machine.handle(event) }
        return machine
    }

    struct Arrow: Sendable, CustomTestStringConvertible {
        let from: Machine.State
        let event: Machine.Event
        let to: Machine.State
        let actions: [Action]

        init(_ from: Machine.State, _ event: Machine.Event, _ to: Machine.State, _ actions: [Action]) {
            self.from = from
            self.event = event
            self.to = to
            self.actions = actions
        }

        var testDescription: String { "\(from), \(event)" }
    }

    static let d = 32 * second

    /// Every arrow over an unreliable transport; every other pair of state and event does nothing.
    static let arrows: [Arrow] = [
        Arrow(.calling, .provisional, .proceeding, [.stop(.a), .stop(.b), .deliverResponse]),
        Arrow(.calling, .success, .accepted, [.stop(.a), .stop(.b), .deliverResponse, .start(.m, after: d)]),
        Arrow(
            .calling, .failure, .completed,
            [.stop(.a), .stop(.b), .sendAcknowledgement, .deliverResponse, .start(.d, after: d)]),
        Arrow(
            .calling, .transportError, .terminated,
            [.stop(.a), .stop(.b), .stop(.d), .transportFailed, .terminated]),
        Arrow(.calling, .fired(.a), .calling, [.sendRequest, .start(.a, after: second)]),
        Arrow(.calling, .fired(.b), .terminated, [.stop(.a), .timedOut, .terminated]),
        Arrow(.proceeding, .provisional, .proceeding, [.deliverResponse]),
        Arrow(.proceeding, .success, .accepted, [.stop(.a), .stop(.b), .deliverResponse, .start(.m, after: d)]),
        Arrow(
            .proceeding, .failure, .completed,
            [.stop(.a), .stop(.b), .sendAcknowledgement, .deliverResponse, .start(.d, after: d)]),
        Arrow(
            .proceeding, .transportError, .terminated,
            [.stop(.a), .stop(.b), .stop(.d), .transportFailed, .terminated]),
        Arrow(.completed, .failure, .completed, [.sendAcknowledgement]),
        Arrow(.completed, .fired(.d), .terminated, [.terminated]),
        Arrow(.completed, .transportError, .terminated, [.stop(.a), .stop(.b), .stop(.d), .terminated]),
        Arrow(.accepted, .success, .accepted, [.deliverResponse]),
        Arrow(.accepted, .fired(.m), .terminated, [.terminated]),
    ]

    @Test("each arrow leads where RFC 3261 figure 5 and RFC 6026 say", arguments: arrows)
    func arrow(_ arrow: Arrow) {
        var machine = Self.machine(in: arrow.from)
        #expect(machine.state == arrow.from)
        #expect(machine.handle(arrow.event) == arrow.actions)
        #expect(machine.state == arrow.to)
    }

    @Test("every other event in every state does nothing", arguments: Machine.State.allCases)
    func silence(_ state: Machine.State) {
        for event in Self.events where !Self.arrows.contains(where: { $0.from == state && $0.event == event }) {
            var machine = Self.machine(in: state)
            #expect(machine.handle(event).isEmpty)
            #expect(machine.state == state)
        }
    }

    @Test("over a reliable transport nothing is sent again, and a failure ends it at once")
    func reliable() {
        var machine = Machine(timers: SIPTimerValues(), isReliable: true)
        #expect(machine.start() == [.sendRequest, .start(.b, after: Self.d)])
        #expect(
            machine.handle(.failure) == [.stop(.a), .stop(.b), .sendAcknowledgement, .deliverResponse, .terminated])
        #expect(machine.state == .terminated)
    }

    @Test("the request goes out seven times, at 0, 0.5, 1.5, 3.5, 7.5, 15.5 and 31.5 s, and fails at 32 s")
    func schedule() {
        var machine = Machine(timers: SIPTimerValues(), isReliable: false)
        let run = Schedule.run(start: machine.start(), until: 100 * second) { machine.handle(.fired($0)) }
        #expect(run.sends.map { $0 / (100 * millisecond) } == [0, 5, 15, 35, 75, 155, 315])
        #expect(run.ended == 32 * second)
    }
}

/// Plays a client machine's timers in virtual time.
enum Schedule {
    static func run<Timer: Hashable & Sendable>(
        start: [ClientTransactionAction<Timer>], until limit: UInt64,
        fire: (Timer) -> [ClientTransactionAction<Timer>]
    ) -> (sends: [UInt64], ended: UInt64?) {
        var timers: [Timer: UInt64] = [:]
        var sends: [UInt64] = []
        var ended: UInt64?
        var now: UInt64 = 0
        func perform(_ actions: [ClientTransactionAction<Timer>]) {
            for action in actions {
                switch action {
                case .sendRequest, .sendAcknowledgement: sends.append(now)
                case .start(let timer, let after): timers[timer] = now + after
                case .stop(let timer): timers[timer] = nil
                case .terminated: ended = now
                case .deliverResponse, .timedOut, .transportFailed: break
                }
            }
        }
        perform(start)
        while let (timer, due) = timers.min(by: { $0.value < $1.value }), due <= limit, ended == nil {
            now = due
            timers[timer] = nil
            perform(fire(timer))
        }
        return (sends, ended)
    }

    static func run<Timer: Hashable & Sendable>(
        start: [ServerTransactionAction<Timer>], until limit: UInt64,
        fire: (Timer) -> [ServerTransactionAction<Timer>]
    ) -> (sends: [UInt64], ended: UInt64?) {
        let translated: ([ServerTransactionAction<Timer>]) -> [ClientTransactionAction<Timer>] = { actions in
            actions.map { action in
                switch action {
                case .sendResponse: .sendRequest
                case .start(let timer, let after): .start(timer, after: after)
                case .stop(let timer): .stop(timer)
                case .acknowledgementTimedOut: .timedOut
                case .transportFailed: .transportFailed
                case .terminated: .terminated
                }
            }
        }
        return run(start: translated(start), until: limit) { translated(fire($0)) }
    }
}
