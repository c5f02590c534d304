// SPDX-License-Identifier: GPL-2.0-or-later
import CallControl
import ISDN
import LineProtocol
import SIPMessages
import Testing
import TestSupport

/// A leg machine as the matrix sees it.
protocol LegMachine {
    associatedtype Event
    associatedtype State: Hashable & CaseIterable
    var state: State { get }
    mutating func handle(_ event: Event) -> [LegEffect]
}

extension IncomingSIPLeg: LegMachine {}
extension OutgoingSIPLeg: LegMachine {}
extension IncomingISDNLeg: LegMachine {}
extension OutgoingISDNLeg: LegMachine {}

@Suite("Every state of every leg takes every event")
struct LegMatrixTests {
    /// Reaches every state by the shortest way there is, then gives each event in each state, and follows each of those with
    /// another hundred at random: `gone` is said once, `released` at most once and before it, and nothing after it.
    private func check<Leg: LegMachine>(_ fresh: Leg, _ events: [Leg.Event], isOver: (Leg.State) -> Bool) {
        var ways: [Leg.State: (leg: Leg, said: [LegEvent])] = [fresh.state: (fresh, [])]
        var queue = [fresh.state]
        while let state = queue.popLast() {
            guard let way = ways[state] else { continue }
            for event in events {
                var leg = way.leg
                let said = way.said + reports(leg.handle(event))
                if ways[leg.state] == nil {
                    ways[leg.state] = (leg, said)
                    queue.insert(leg.state, at: 0)
                }
            }
        }
        #expect(Set(ways.keys) == Set(Leg.State.allCases), "unreachable states")
        var random = SplitMix64(seed: 4)
        for (state, way) in ways {
            for event in events {
                var leg = way.leg
                var said = way.said + reports(leg.handle(event))
                if isOver(state) { #expect(leg.state == state, "\(event) in \(state)") }
                for _ in 0..<100 {
                    guard let next = events.randomElement(using: &random) else { break }
                    let wasOver = isOver(leg.state)
                    let effects = leg.handle(next)
                    if wasOver { #expect(effects.isEmpty, "\(next) after the end") }
                    said += reports(effects)
                }
                let gone = said.filter { $0 == .gone }.count
                let released = said.filter { if case .released = $0 { true } else { false } }.count
                #expect(gone == (isOver(leg.state) ? 1 : 0), "\(state), \(event)")
                #expect(released <= 1, "\(state), \(event)")
                if gone == 1 { #expect(said.last == .gone) }
            }
        }
    }

    private func reports(_ effects: [LegEffect]) -> [LegEvent] {
        effects.compactMap { if case .report(let event) = $0 { event } else { nil } }
    }

    @Test("the SIP leg a call came on")
    func incomingSIP() {
        check(IncomingSIPLeg(media: Given.grant()), Seeds.incomingSIP) { $0 == .over }
    }

    @Test("the SIP leg a call goes on with")
    func outgoingSIP() {
        let route = SIPRoute(target: "sip:1@b", media: Given.grant())
        check(OutgoingSIPLeg(route), Seeds.outgoingSIP) { $0 == .over }
    }

    @Test("the ISDN leg a call came on", arguments: InterfaceRole.allCases)
    func incomingISDN(role: InterfaceRole) {
        check(IncomingISDNLeg(leg: Given.lineLeg, role: role), Seeds.incomingISDN) { $0 == .over }
    }

    @Test("the ISDN leg a call goes on with")
    func outgoingISDN() {
        check(OutgoingISDNLeg(leg: Given.ourLeg, route: Given.isdnRoute), Seeds.outgoingISDN) { $0 == .over }
    }

    @Test("a leg that was told to release says no more than that it is gone")
    func released() {
        for event in Seeds.outgoingISDN {
            var leg = OutgoingISDNLeg(leg: Given.ourLeg, route: Given.isdnRoute)
            _ = leg.handle(.command(.offer(Given.offer)))
            #expect(leg.handle(.command(.release(Seeds.release))) == [.line(.clear(Given.ourLeg, .userBusy))])
            #expect(reports(leg.handle(event)).allSatisfy { $0 == .gone })
        }
        for event in Seeds.incomingSIP {
            var leg = IncomingSIPLeg(media: Given.grant())
            _ = leg.handle(.invite(Given.offer, Given.body))
            _ = leg.handle(.command(.answer))
            _ = leg.handle(.command(.release(Seeds.release)))
            #expect(reports(leg.handle(event)).allSatisfy { $0 == .gone })
        }
    }
}
