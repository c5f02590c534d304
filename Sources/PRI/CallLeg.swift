// SPDX-License-Identifier: GPL-2.0-or-later
package import ISDN
package import LineProtocol

/// One call on the line, as its user sees it: the states of Q.931 section 2.1.1 and 2.1.2, and the timers libpri does not run.
///
///     outgoing                                    incoming
///     initiated ── SETUP ──────────▶              present ◀────────────── SETUP ──
///     overlapSending ◀── SETUP ACK ──  T304       incomingProceeding ── CALL PROCEEDING ─▶
///     outgoingProceeding ◀── CALL PROCEEDING T310  received ── ALERTING ──▶
///     delivered ◀── ALERTING ──        T301       connectRequest ── CONNECT ──▶
///     active ◀── CONNECT, CONNECT ACK ─▶          active ◀── CONNECT ACK ──
///
///     any ── DISCONNECT ─▶ clearing ◀─ RELEASE, RELEASE COMPLETE ─▶ ended
///
/// libpri sends and receives the messages; this decides which, and what is said of them. It does nothing of itself.
package struct CallLeg: Sendable {
    package enum State: Hashable, Sendable, CaseIterable {
        case initiated, overlapSending, outgoingProceeding, delivered
        case present, incomingProceeding, received, connectRequest
        case active, clearing, ended
    }

    /// What the far end says to our SETUP, or to our CONNECT.
    package enum Answer: Hashable, Sendable {
        case setupAcknowledge([ProgressIndicator])
        case proceeding([ProgressIndicator])
        case progress([ProgressIndicator], Cause?)
        case alerting([ProgressIndicator])
        case connect
        case connectAcknowledge
    }

    package enum Clearing: Hashable, Sendable {
        /// We are to clear.
        case ordered(Cause, EndInitiator)
        /// DISCONNECT: libpri waits to be told to release.
        case disconnect(Cause, CauseLocation?)
        /// RELEASE, RELEASE COMPLETE, or a timer of libpri's: told to hang up, it forgets the call.
        case released(Cause, CauseLocation?, byTimer: Bool)
        /// libpri has forgotten the call; a cause when a message said one.
        case freed(Cause?, CauseLocation?)
        /// RESTART of its channel.
        case restarted(by: EndInitiator)
    }

    package enum Stimulus: Hashable, Sendable {
        case heard(Answer)
        case send(OutgoingCallMessage)
        case clearing(Clearing)
        case expired(CallTimer)
    }

    package enum Action: Hashable, Sendable {
        case report(ReceivedCallMessage)
        case send(OutgoingCallMessage)
        case acknowledgeConnect
        /// `pri_hangup`, which picks the message the state asks for.
        case hangUp(Cause)
        /// The same for a SETUP that nothing was said to yet.
        case reject(Cause)
        /// `pri_destroycall`: nothing is sent.
        case forget
        case start(CallTimer)
        case stopTimer
        case reportExpiry(CallTimer)
        case end
    }

    /// How it ends: the first reason stands.
    package struct Ending: Hashable, Sendable {
        package var cause: Cause
        package var location: CauseLocation?
        package var initiator: EndInitiator
        package var timer: CallTimer?

        package init(
            cause: Cause, location: CauseLocation? = nil, initiator: EndInitiator, timer: CallTimer? = nil
        ) {
            self.cause = cause
            self.location = location
            self.initiator = initiator
            self.timer = timer
        }
    }

    package private(set) var state: State
    package private(set) var ending: Ending?

    package init(incoming: Bool) {
        state = incoming ? .present : .initiated
    }

    /// For tests: a leg brought to any state.
    package init(in state: State) {
        self.state = state
    }

    package var isConnected: Bool { state == .connectRequest || state == .active }

    package mutating func handle(_ stimulus: Stimulus) -> [Action] {
        switch stimulus {
        case .heard(let answer): hear(answer)
        case .send(let message): send(message)
        case .clearing(let clearing): clear(clearing)
        case .expired(let timer): expire(timer)
        }
    }

    private mutating func hear(_ answer: Answer) -> [Action] {
        switch (state, answer) {
        case (.initiated, .setupAcknowledge(let indicators)):
            state = .overlapSending
            return [.start(.t304), .report(.setupAcknowledge(indicators))]
        case (.initiated, .proceeding(let indicators)), (.overlapSending, .proceeding(let indicators)):
            state = .outgoingProceeding
            return [.start(.t310), .report(.proceeding(indicators))]
        // A PROGRESS with an indicator stops the timers that run before alerting (Q.931 section 5.1.6, EN 300 403-1).
        case (.initiated, .progress(let indicators, let cause)),
            (.overlapSending, .progress(let indicators, let cause)),
            (.outgoingProceeding, .progress(let indicators, let cause)):
            return (indicators.isEmpty ? [] : [.stopTimer]) + [.report(.progress(indicators, cause))]
        case (.delivered, .progress(let indicators, let cause)):
            return [.report(.progress(indicators, cause))]
        case (.initiated, .alerting(let indicators)), (.overlapSending, .alerting(let indicators)),
            (.outgoingProceeding, .alerting(let indicators)):
            state = .delivered
            return [.start(.t301), .report(.alerting(indicators))]
        case (.initiated, .connect), (.overlapSending, .connect), (.outgoingProceeding, .connect),
            (.delivered, .connect):
            state = .active
            return [.stopTimer, .acknowledgeConnect, .report(.connect)]
        case (.connectRequest, .connectAcknowledge):
            state = .active
            return [.report(.connectAcknowledge)]

        // Crossed on the way, or a far end that does not keep to the order; libpri has answered what wants an answer.
        case (.overlapSending, .setupAcknowledge), (.outgoingProceeding, .setupAcknowledge),
            (.outgoingProceeding, .proceeding), (.delivered, .setupAcknowledge), (.delivered, .proceeding),
            (.delivered, .alerting), (.initiated, .connectAcknowledge), (.overlapSending, .connectAcknowledge),
            (.outgoingProceeding, .connectAcknowledge), (.delivered, .connectAcknowledge),
            (.connectRequest, .setupAcknowledge), (.connectRequest, .proceeding), (.connectRequest, .progress),
            (.connectRequest, .alerting), (.connectRequest, .connect):
            return []
        case (.present, _), (.incomingProceeding, _), (.received, _), (.active, _), (.clearing, _), (.ended, _):
            return []
        }
    }

    private mutating func send(_ message: OutgoingCallMessage) -> [Action] {
        switch (state, message) {
        case (.present, .proceeding(let indicators)):
            state = .incomingProceeding
            return [.send(.proceeding(indicators))]
        // The first answer to a SETUP tells the channel; PROGRESS cannot be one (Q.931 section 5.2.3.2).
        case (.present, .progress(let indicators)):
            state = .incomingProceeding
            return [.send(.proceeding([])), .send(.progress(indicators))]
        case (.incomingProceeding, .progress(let indicators)), (.received, .progress(let indicators)):
            return [.send(.progress(indicators))]
        case (.present, .alerting(let indicators)), (.incomingProceeding, .alerting(let indicators)):
            state = .received
            return [.send(.alerting(indicators))]
        case (.present, .connect), (.incomingProceeding, .connect), (.received, .connect):
            state = .connectRequest
            return [.send(.connect)]

        // Said before, or too late: commands may be said twice.
        case (.incomingProceeding, .proceeding), (.received, .proceeding), (.received, .alerting):
            return []
        case (.connectRequest, _), (.active, _), (.clearing, _), (.ended, _):
            return []
        // Not for the calling side.
        case (.initiated, _), (.overlapSending, _), (.outgoingProceeding, _), (.delivered, _):
            return []
        }
    }

    private mutating func clear(_ clearing: Clearing) -> [Action] {
        switch (phase, clearing) {
        case (.unanswered, .ordered(let cause, let initiator)):
            state = .clearing
            ending = Ending(cause: cause, initiator: initiator)
            return [.reject(cause)]
        case (.underWay, .ordered(let cause, let initiator)):
            state = .clearing
            ending = Ending(cause: cause, initiator: initiator)
            return [.stopTimer, .hangUp(cause)]

        // The far end clears: answered at once (Q.931 section 5.3.3).
        case (.unanswered, .disconnect(let cause, let location)), (.underWay, .disconnect(let cause, let location)):
            state = .clearing
            ending = Ending(cause: cause, location: location, initiator: .remote)
            return [.stopTimer, .report(.disconnect(cause, location)), .hangUp(cause)]
        // Both at once (section 5.3.5): theirs is answered as if ours had not been.
        case (.clearing, .disconnect(let cause, _)):
            return [.hangUp(cause)]

        case (.unanswered, .released(let cause, let location, let byTimer)),
            (.underWay, .released(let cause, let location, let byTimer)):
            state = .ended
            ending = Ending(cause: cause, location: location, initiator: byTimer ? .line : .remote)
            let said: [Action] = byTimer ? [] : [.report(.disconnect(cause, location))]
            return [.stopTimer] + said + [.hangUp(cause), .end]
        case (.clearing, .released(let cause, _, _)):
            state = .ended
            return [.hangUp(cause), .end]

        case (.unanswered, .freed(let cause, let location)), (.underWay, .freed(let cause, let location)):
            state = .ended
            let cause = cause ?? .normalUnspecified
            ending = Ending(cause: cause, location: location, initiator: .remote)
            return [.stopTimer, .report(.disconnect(cause, location)), .end]
        case (.clearing, .freed):
            state = .ended
            return [.end]

        // "All calls on the channel are cleared" (section 5.5.1); the far end has forgotten this one.
        case (.unanswered, .restarted(let initiator)), (.underWay, .restarted(let initiator)):
            state = .ended
            ending = Ending(cause: .temporaryFailure, initiator: initiator)
            let said: [Action] = initiator == .remote ? [.report(.disconnect(.temporaryFailure, nil))] : []
            return [.stopTimer] + said + [.forget, .end]
        case (.clearing, .restarted):
            state = .ended
            return [.forget, .end]

        case (.clearing, .ordered), (.ended, _):
            return []
        }
    }

    private enum Phase {
        /// Nothing was said to their SETUP yet.
        case unanswered
        case underWay, clearing, ended
    }

    private var phase: Phase {
        switch state {
        case .present: .unanswered
        case .initiated, .overlapSending, .outgoingProceeding, .delivered, .incomingProceeding, .received,
            .connectRequest, .active:
            .underWay
        case .clearing: .clearing
        case .ended: .ended
        }
    }

    /// The network clears towards the called user with cause 102, and tells the calling side 19 for T301 and 18 for T310
    /// (section 5.2.5.3): the first goes over the line, the second into the report.
    private mutating func expire(_ timer: CallTimer) -> [Action] {
        switch (state, timer) {
        case (.overlapSending, .t304): expire(timer, reporting: .recoveryOnTimerExpiry)
        case (.outgoingProceeding, .t310): expire(timer, reporting: .noUserResponding)
        case (.delivered, .t301): expire(timer, reporting: .noAnswer)
        // Stopped as it fired.
        case (.overlapSending, .t301), (.overlapSending, .t310), (.outgoingProceeding, .t301),
            (.outgoingProceeding, .t304), (.delivered, .t304), (.delivered, .t310):
            []
        case (.initiated, _), (.present, _), (.incomingProceeding, _), (.received, _), (.connectRequest, _),
            (.active, _), (.clearing, _), (.ended, _):
            []
        }
    }

    private mutating func expire(_ timer: CallTimer, reporting cause: Cause) -> [Action] {
        state = .clearing
        ending = Ending(cause: cause, initiator: .line, timer: timer)
        return [.reportExpiry(timer), .hangUp(.recoveryOnTimerExpiry)]
    }
}
