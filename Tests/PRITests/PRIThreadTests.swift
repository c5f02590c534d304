// SPDX-License-Identifier: GPL-2.0-or-later
import CLinux
import Glibc
import ISDN
import LineProtocol
import PRI
import Spans
import Synchronization
import Testing

/// Keeps what a thread said, and answers a call by itself.
private final class ThreadEnd: PRISink {
    private let outputs = Mutex<[PRIOutput]>([])
    private let poster = Mutex<PRIThread?>(nil)

    func attach(_ thread: PRIThread) {
        poster.withLock { $0 = thread }
    }

    func take(_ outputs: [PRIOutput]) {
        self.outputs.withLock { $0 += outputs }
        for case .event(.incoming(let leg, _)) in outputs {
            poster.withLock { $0?.post(.send(leg, .alerting([]))) }
            poster.withLock { $0?.post(.send(leg, .connect)) }
        }
    }

    func detach() {
        poster.withLock { $0 = nil }
    }

    var events: [LineEvent] {
        outputs.withLock { $0.compactMap { if case .event(let event) = $0 { event } else { nil } } }
    }

    func wasSaid(_ event: LineEvent) -> Bool { events.contains(event) }
}

extension PRITests {
    @Suite struct Threads {
        @Test("two threads with a libpri each talk over loop spans: up, a call, an answer, its end, in order")
        func call() throws {
            let (a, b) = try LoopSpan.makePair()
            let span = SpanID(4)
            let (userEnd, networkEnd) = (ThreadEnd(), ThreadEnd())
            let user = try PRIThread(sink: userEnd)
            let network = try PRIThread(sink: networkEnd)
            userEnd.attach(user)
            networkEnd.attach(network)
            try user.start()
            try network.start()
            defer {
                user.stop()
                network.stop()
                userEnd.detach()
                networkEnd.detach()
            }
            for (thread, end, role, hunt) in [
                (user, a, InterfaceRole.te, HuntOrder.highest), (network, b, .nt, .lowest),
            ] {
                let configuration = SpanConfiguration(
                    id: span, name: "loop", driver: .loop(peer: span), role: role, hunt: hunt)
                thread.post(.configure(configuration, end.dChannel, end.status))
            }
            // Ticks of the loop span, as fast as the threads need them; real seconds only bound the wait.
            var now: UInt64 = 0
            let limit = cl_monotonic_nanoseconds() + 60_000_000_000
            func waitUntil(_ condition: () -> Bool) -> Bool {
                while !condition() {
                    guard cl_monotonic_nanoseconds() < limit else { return false }
                    now += 10_000_000
                    for driver in [a, b] {
                        for _ in 0..<driver.service(now: now) {
                            driver.beginTick()
                            driver.endTick()
                        }
                    }
                    sched_yield()
                }
                return true
            }
            let up = LineEvent.spanState(span, SpanState(layer1: .up, layer2Up: true, layer3Up: true))
            try #require(waitUntil { userEnd.wasSaid(up) && networkEnd.wasSaid(up) })
            let leg = LegID(epoch: 3, counter: 1)
            user.post(.setup(leg, SetupRequest(spans: [span], called: PartyNumber(digits: "0100"))))
            try #require(waitUntil { userEnd.wasSaid(.received(leg, .connect)) })
            user.post(.clear(leg, .normalCallClearing))
            try #require(
                waitUntil {
                    userEnd.events.contains { if case .ended(leg, _) = $0 { true } else { false } }
                        && networkEnd.events.contains { if case .ended = $0 { true } else { false } }
                })
            let messages = userEnd.events.compactMap {
                if case .received(leg, let message) = $0 { message } else { nil }
            }
            #expect(messages == [.proceeding([]), .alerting([]), .connect])
        }
    }
}
