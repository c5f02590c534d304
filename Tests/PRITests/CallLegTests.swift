// SPDX-License-Identifier: GPL-2.0-or-later
import ISDN
import LineProtocol
import PRI
import Testing

@Suite struct CallLegTests {
    static let stimuli: [CallLeg.Stimulus] =
        [
            .heard(.setupAcknowledge([])), .heard(.proceeding([])), .heard(.progress([], nil)),
            .heard(.progress([ProgressIndicator(.inbandInformation)], .normalUnspecified)), .heard(.alerting([])),
            .heard(.connect), .heard(.connectAcknowledge), .send(.proceeding([])), .send(.progress([])),
            .send(.alerting([])), .send(.connect), .clearing(.ordered(.userBusy, .control)),
            .clearing(.disconnect(.userBusy, .user)), .clearing(.released(.userBusy, nil, byTimer: false)),
            .clearing(.released(.userBusy, nil, byTimer: true)), .clearing(.freed(nil, nil)),
            .clearing(.freed(.userBusy, .user)), .clearing(.restarted(by: .remote)), .clearing(.restarted(by: .line)),
        ] + CallTimer.allCases.map { .expired($0) }

    @Test(
        "from every state, whatever comes, then its clearing, a leg ends exactly once and says so last",
        arguments: CallLeg.State.allCases)
    func everyStateAndStimulus(state: CallLeg.State) {
        for stimulus in Self.stimuli {
            var leg = CallLeg(in: state)
            var actions = leg.handle(stimulus)
            if state == .ended { #expect(actions.isEmpty) }
            actions += leg.handle(.clearing(.ordered(.normalCallClearing, .control)))
            actions += leg.handle(.clearing(.freed(nil, nil)))
            #expect(leg.state == .ended)
            let ends = actions.filter { $0 == .end }.count
            #expect(ends == (state == .ended ? 0 : 1), "\(state) on \(stimulus)")
            if ends == 1 { #expect(actions.last == .end) }
            for again in Self.stimuli { #expect(leg.handle(again).isEmpty) }
        }
    }

    @Test(
        "random lives: a timer runs in its own state alone, nothing is sent after clearing, CONNECT is acknowledged once"
    )
    func randomLives() {
        var random: UInt64 = 42
        func next(_ bound: Int) -> Int {
            random ^= random << 13
            random ^= random >> 7
            random ^= random << 17
            return Int(random % UInt64(bound))
        }
        for _ in 0..<20_000 {
            var leg = CallLeg(incoming: next(2) == 0)
            var timer: CallTimer?
            var acknowledged = 0
            for _ in 0..<12 {
                let before = leg.state
                for action in leg.handle(Self.stimuli[next(Self.stimuli.count)]) {
                    switch action {
                    case .start(let started): timer = started
                    case .stopTimer: timer = nil
                    case .reportExpiry(let expired):
                        #expect(timer == expired || timer == nil)
                        timer = nil
                    case .acknowledgeConnect: acknowledged += 1
                    case .send, .reject: #expect(before != .clearing && before != .ended)
                    case .report, .hangUp, .forget, .end: break
                    }
                }
                switch leg.state {
                case .overlapSending: #expect(timer == .t304 || timer == nil)
                case .outgoingProceeding: #expect(timer == .t310 || timer == nil)
                case .delivered: #expect(timer == .t301)
                case .initiated, .present, .incomingProceeding, .received, .connectRequest, .active, .clearing, .ended:
                    #expect(timer == nil)
                }
            }
            #expect(acknowledged <= 1)
        }
    }

    @Test("each timer clears with 102 on the line and tells why in the report")
    func expiry() {
        let table: [(CallLeg.State, CallTimer, Cause)] = [
            (.overlapSending, .t304, .recoveryOnTimerExpiry), (.outgoingProceeding, .t310, .noUserResponding),
            (.delivered, .t301, .noAnswer),
        ]
        for (state, timer, cause) in table {
            var leg = CallLeg(in: state)
            #expect(leg.handle(.expired(timer)) == [.reportExpiry(timer), .hangUp(.recoveryOnTimerExpiry)])
            #expect(leg.ending == CallLeg.Ending(cause: cause, location: nil, initiator: .line, timer: timer))
        }
    }

    @Test("the first reason of an end stands")
    func firstReason() {
        var leg = CallLeg(in: .active)
        _ = leg.handle(.clearing(.ordered(.userBusy, .control)))
        _ = leg.handle(.clearing(.disconnect(.normalCallClearing, .user)))
        _ = leg.handle(.clearing(.released(.protocolError, nil, byTimer: false)))
        #expect(leg.ending?.cause == .userBusy)
        #expect(leg.ending?.initiator == .control)
    }
}
