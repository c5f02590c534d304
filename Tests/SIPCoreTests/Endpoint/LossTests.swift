// SPDX-License-Identifier: GPL-2.0-or-later
import SIPCore
import SIPMessages
import Testing

/// Whole calls over a wire that loses and reorders. What must hold whatever is lost: both ends come to an end, each tells
/// it once, and nothing is left over.
@Suite("Calls over a lossy wire")
struct LossTests {
    enum Scenario: CaseIterable { case callerEnds, calleeEnds, cancel, reinvite, refuse, cancelRace }

    struct Outcome {
        var isQuiet = false
        var ends: [Pair.Side: Int] = [:]
        var completed = false
        var messages = 0
    }

    static func run(_ scenario: Scenario, seed: UInt64, loss: Int) -> Outcome {
        var pair = Pair(seed: seed)
        pair.loss = loss
        pair.jitter = 30 * millisecond
        let id = pair.call()
        var callee: SessionID?
        func script(_ pair: inout Pair, _ side: Pair.Side, _ event: SIPEvent) {
            switch event {
            case .inviteReceived(let session, _, _):
                callee = session
                pair.perform(side) { $0.respond(session, 180, now: $1) }
                switch scenario {
                case .callerEnds, .calleeEnds, .reinvite:
                    pair.perform(side) { $0.respond(session, 200, body: [1], now: $1) }
                case .refuse: pair.perform(side) { $0.respond(session, 486, now: $1) }
                case .cancel, .cancelRace: break
                }
            case .reinviteReceived(let session, _):
                pair.perform(side) { $0.respond(session, 200, body: [1], now: $1) }
            case .ackTimedOut(let session):
                pair.perform(side) { $0.bye(session, now: $1) }
            default: break
            }
        }
        pair.drive(for: 40 * second, script)
        switch scenario {
        case .callerEnds, .refuse: break
        case .calleeEnds: if let callee { pair.perform(.callee) { $0.bye(callee, now: $1) } }
        case .cancel, .cancelRace:
            pair.perform(.caller) { $0.cancel(id, now: $1) }
            if scenario == .cancelRace, let callee { pair.perform(.callee) { $0.respond(callee, 200, now: $1) } }
        case .reinvite:
            pair.perform(.caller) { _ = $0.reinvite(id, body: [1], now: $1) }
            pair.drive(for: 40 * second, script)
        }
        pair.drive(for: 80 * second, script)
        // Whatever did not end by itself is ended now, as a transaction user with a timer would.
        pair.perform(.caller) { $0.bye(id, now: $1) }
        pair.drive(for: 80 * second, script)
        if let callee { pair.perform(.callee) { $0.bye(callee, now: $1) } }
        pair.drive(for: 200 * second, script)
        var outcome = Outcome()
        outcome.isQuiet = pair.isQuiet
        for side in [Pair.Side.caller, .callee] {
            outcome.ends[side] = pair.names(side).filter { $0 == "ended" }.count
        }
        outcome.completed =
            pair.names(.caller).contains("answered") || pair.names(.caller).contains { $0.hasPrefix("failed") }
        outcome.messages = pair.ladder.count
        return outcome
    }

    @Test("every call ends once on both sides and leaves nothing", arguments: Scenario.allCases, [0, 10, 30])
    func ends(_ scenario: Scenario, _ loss: Int) {
        for seed in UInt64(1)...40 {
            let outcome = Self.run(scenario, seed: seed, loss: loss)
            #expect(outcome.isQuiet, "seed \(seed)")
            #expect(outcome.ends[.caller] == 1, "seed \(seed)")
            #expect((outcome.ends[.callee] ?? 0) <= 1, "seed \(seed)")
            #expect(outcome.completed, "seed \(seed)")
            // Retransmission has a bound.
            #expect(outcome.messages < 150, "seed \(seed)")
        }
    }

    @Test("at 30 % loss nearly every call is still answered")
    func answered() {
        var answered = 0
        for seed in UInt64(1)...200 {
            var pair = Pair(seed: seed)
            pair.loss = 30
            _ = pair.call()
            pair.drive(for: 40 * second, CallTests.answer)
            if pair.names(.caller).contains("answered"), pair.names(.callee).contains("ackReceived") { answered += 1 }
        }
        #expect(answered >= 195)
    }

    @Test("a thousand calls at once end and leave nothing")
    func many() {
        var pair = Pair(seed: 3)
        pair.jitter = 50 * millisecond
        let ids = (0..<1000).map { _ in pair.call() }
        pair.drive(for: 5 * second, CallTests.answer)
        #expect(pair.caller.sessionCount == 1000 && pair.callee.sessionCount == 1000)
        for id in ids { pair.perform(.caller) { $0.bye(id, now: $1) } }
        pair.drive(for: 100 * second)
        #expect(pair.names(.caller).filter { $0 == "answered" }.count == 1000)
        #expect(pair.names(.callee).filter { $0 == "byeReceived" }.count == 1000)
        #expect(pair.isQuiet)
    }
}
