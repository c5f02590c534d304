// SPDX-License-Identifier: GPL-2.0-or-later
import CallControl
import Testing
import TestSupport

@Suite("Every state of a call takes every event")
struct CallMatrixTests {
    /// A call and what it has started, ended and said.
    private struct Watched {
        var call = Call()
        var running: Set<CallTimerName> = []
        var ended = 0
        var over = 0
        /// Releases sent to each side.
        var releases = [0, 0]

        mutating func give(_ event: Call.Event) {
            if case .expired(let timer) = event { running.remove(timer) }
            let wasOver = call.state == .over
            let actions = call.handle(event)
            if wasOver { #expect(actions.isEmpty, "\(event) after the end") }
            for action in actions {
                switch action {
                case .start(let timer): #expect(running.insert(timer).inserted, "\(timer) was running, \(event)")
                case .stop(let timer):
                    // Our own walk may let a timer fire that was never started.
                    running.remove(timer)
                case .ended: ended += 1
                case .over: over += 1
                case .originating(.release): releases[0] += 1
                case .terminating(.release): releases[1] += 1
                default: break
                }
            }
        }

        func check(_ context: String) {
            let isOver = call.state == .over
            #expect(over == (isOver ? 1 : 0), "\(context)")
            #expect(ended <= 1 && releases[0] <= 1 && releases[1] <= 1, "\(context)")
            if isOver {
                #expect(running.isEmpty, "\(context)")
                #expect(ended == 1, "\(context)")
            }
        }
    }

    @Test("no event traps, the end is the end, each timer that was started is stopped, each leg is released once")
    func everyStateEveryEvent() {
        var ways: [Call.State: Watched] = [.idle: Watched()]
        var queue: [Call.State] = [.idle]
        while let state = queue.popLast() {
            guard let way = ways[state] else { continue }
            for event in Seeds.calls {
                // A timer fires only where it runs.
                if case .expired(let timer) = event, !way.running.contains(timer) { continue }
                var next = way
                next.give(event)
                if ways[next.call.state] == nil {
                    ways[next.call.state] = next
                    queue.insert(next.call.state, at: 0)
                }
            }
        }
        #expect(Set(ways.keys) == Set(Call.State.allCases))
        var random = SplitMix64(seed: 11)
        for (state, way) in ways {
            for event in Seeds.calls {
                var walk = way
                walk.give(event)
                walk.check("\(state), \(event)")
                for _ in 0..<40 {
                    guard let next = Seeds.calls.randomElement(using: &random) else { break }
                    if case .expired(let timer) = next, !walk.running.contains(timer) { continue }
                    walk.give(next)
                }
                walk.check("\(state), \(event), and on")
            }
        }
    }
}
