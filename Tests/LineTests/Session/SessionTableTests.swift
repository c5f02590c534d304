// SPDX-License-Identifier: GPL-2.0-or-later
import ISDN
import Line
import LineProtocol
import Testing

/// Every state of a session, met with everything that can happen to it.
@Suite("Line session: every state and every event")
struct SessionTableTests {
    enum Situation: CaseIterable {
        case alone, greeted, attached, attachedDraining, attachedEnding
    }

    enum Stimulus: CaseIterable {
        case newerHello, olderHello, otherVersion, attach, acknowledge, memo, command, setup, unreadable, detach, end
        case laneEnds, strangerEnds, event, refusal, hour
    }

    /// What is left of it: who listens, what was done.
    struct Outcome: Equatable, CustomStringConvertible {
        var control: String
        var told: Int
        var done: Int
        var closed: Int
        var description: String { "\(control), told \(told), done \(done), closed \(closed)" }
    }

    static func bench(_ situation: Situation) -> SessionBench {
        var bench = SessionBench.withCall()
        switch situation {
        case .alone: bench.close(laneA)
        case .greeted:
            bench.close(laneA)
            bench.open(laneB)
            bench.say(.hello(versions: [1], epoch: 2), on: laneB)
        case .attached: break
        case .attachedDraining: bench.say(.shutdown(drain: true), on: laneA)
        case .attachedEnding: bench.say(.shutdown(drain: false), on: laneA)
        }
        bench.heard = [:]
        bench.executed = []
        bench.cleared = [:]
        return bench
    }

    static func meet(_ bench: inout SessionBench, _ stimulus: Stimulus) {
        let lane = bench.session.lane ?? laneA
        let stranger = LaneID(9)
        switch stimulus {
        case .newerHello:
            bench.open(stranger)
            bench.say(.hello(versions: [1], epoch: 50), on: stranger)
        case .olderHello:
            bench.open(stranger)
            bench.say(.hello(versions: [1], epoch: 1), on: stranger)
        case .otherVersion:
            bench.open(stranger)
            bench.say(.hello(versions: [], epoch: 50), on: stranger)
        case .attach: bench.say(.attach(lastEvent: .max), on: lane)
        case .acknowledge: bench.say(.acknowledge(event: .max), on: lane)
        case .memo: bench.say(.memo(ours, [9]), on: lane)
        case .command: bench.say(.unbridge(.channel(ours)), on: lane)
        case .setup: bench.say(.setup(LegID(epoch: bench.session.epoch, counter: 8), request), on: lane)
        case .unreadable: bench.run(bench.session.receivedUnreadable(.invalidText, from: lane, now: bench.time))
        case .detach: bench.say(.detach, on: lane)
        case .end: bench.run(bench.session.end(draining: false, now: bench.time))
        case .laneEnds: bench.close(lane)
        case .strangerEnds: bench.close(stranger)
        case .event: bench.emit(.incoming(theirs, call))
        case .refusal: bench.emit(.refused(.rtp, reason: "no"))
        case .hour: bench.pass(seconds: 3_600)
        }
    }

    static func outcome(_ situation: Situation, _ stimulus: Stimulus) -> Outcome {
        func make(_ control: String, told: Int = 0, done: Int = 0, closed: Int = 0) -> Outcome {
            Outcome(control: control, told: told, done: done, closed: closed)
        }
        let ending = situation == .attachedDraining || situation == .attachedEnding
        switch (situation, stimulus) {
        case (.alone, .newerHello): return make("greeted", told: 1)
        case (.alone, .olderHello), (.alone, .otherVersion): return make("alone", told: 1, closed: 1)
        // A lane that is not the control program's is told to say hello, and closed.
        case (.alone, .attach), (.alone, .acknowledge), (.alone, .memo), (.alone, .command), (.alone, .setup),
            (.alone, .detach):
            return make("alone", told: 1, closed: 1)
        case (.alone, .unreadable): return make("alone", told: 1)
        case (.alone, .end): return make("alone", done: 1)
        case (.alone, .laneEnds), (.alone, .strangerEnds), (.alone, .event), (.alone, .refusal): return make("alone")
        case (.alone, .hour): return make("alone", done: 1)

        case (.greeted, .newerHello): return make("greeted", told: 2, closed: 1)
        case (.greeted, .olderHello), (.greeted, .otherVersion): return make("greeted", told: 1, closed: 1)
        // Seized and connect are told again (the endpoint granted is in use); the snapshot of the leg and its end go ahead.
        case (.greeted, .attach): return make("attached", told: 2 + 2)
        case (.greeted, .acknowledge), (.greeted, .memo), (.greeted, .strangerEnds), (.greeted, .event):
            return make("greeted")
        case (.greeted, .command), (.greeted, .setup), (.greeted, .end), (.greeted, .hour):
            return make("greeted", done: 1)
        case (.greeted, .unreadable), (.greeted, .refusal): return make("greeted", told: 1)
        case (.greeted, .detach): return make("alone", closed: 1)
        case (.greeted, .laneEnds): return make("alone")

        case (.attached, .newerHello), (.attachedDraining, .newerHello), (.attachedEnding, .newerHello):
            return make("greeted", told: 2, closed: 1)
        case (.attached, .olderHello), (.attachedDraining, .olderHello), (.attachedEnding, .olderHello),
            (.attached, .otherVersion), (.attachedDraining, .otherVersion), (.attachedEnding, .otherVersion):
            return make("attached", told: 1, closed: 1)
        case (.attached, .attach), (.attachedDraining, .attach), (.attachedEnding, .attach):
            return make("attached", told: 2 + 2)
        case (.attached, .acknowledge), (.attachedDraining, .acknowledge), (.attachedEnding, .acknowledge),
            (.attached, .memo), (.attachedDraining, .memo), (.attachedEnding, .memo),
            (.attached, .strangerEnds), (.attachedDraining, .strangerEnds), (.attachedEnding, .strangerEnds):
            return make("attached")
        case (.attached, .command), (.attachedDraining, .command), (.attachedEnding, .command), (.attached, .setup),
            (.attached, .end), (.attachedDraining, .end):
            return make("attached", done: 1)
        case (.attachedDraining, .setup), (.attachedEnding, .setup):
            return make("attached", told: 1)
        case (.attachedEnding, .end): return make("attached")
        case (.attached, .unreadable), (.attachedDraining, .unreadable), (.attachedEnding, .unreadable),
            (.attached, .refusal), (.attachedDraining, .refusal), (.attachedEnding, .refusal):
            return make("attached", told: 1)
        case (.attached, .detach), (.attachedDraining, .detach), (.attachedEnding, .detach):
            return make("alone", closed: 1)
        case (.attached, .laneEnds), (.attachedDraining, .laneEnds), (.attachedEnding, .laneEnds):
            return make("alone")
        case (.attached, .event), (.attachedDraining, .event), (.attachedEnding, .event):
            return make("attached", told: 1, done: ending ? 1 : 0)
        case (.attached, .hour), (.attachedDraining, .hour), (.attachedEnding, .hour):
            return make("attached")
        }
    }

    @Test("Each meeting has the outcome of the table", arguments: Situation.allCases, Stimulus.allCases)
    func table(situation: Situation, stimulus: Stimulus) {
        var bench = Self.bench(situation)
        let closedBefore = bench.closed.count
        Self.meet(&bench, stimulus)
        let control =
            switch bench.session.control {
            case .alone: "alone"
            case .greeted: "greeted"
            case .attached: "attached"
            }
        let seen = Outcome(
            control: control, told: bench.heard.values.map(\.count).reduce(0, +),
            done: bench.executed.count + bench.cleared.count, closed: bench.closed.count - closedBefore)
        #expect(seen == Self.outcome(situation, stimulus))
        #expect(bench.ended == (situation == .attachedEnding && stimulus == .hour))
    }
}
