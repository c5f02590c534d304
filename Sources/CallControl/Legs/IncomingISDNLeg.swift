// SPDX-License-Identifier: GPL-2.0-or-later
package import ISDN
package import LineProtocol

/// A call that came from the line (Q.931 section 5.2, the called side's half), in the words of the border.
///
///     line program            this machine                    call
///      | incoming -------------->| offered ---------------------->| SETUP
///      |<------- send(proceeding)|                                | CALL PROCEEDING, at once
///      |<--------- send(alerting)|<------------------ alert(audio)| as NT with progress indicator 8 and ringback,
///      |                         |                                | as TE without either
///      |<--------- send(progress)|<-------- progress(audio: true) | PROGRESS, progress indicator 8
///      |<---------- send(connect)|<------------------------ answer| CONNECT
///      |                         |                                |
///      |<------------------ clear|<----------------------- release| DISCONNECT
///      | ended ----------------->| gone ------------------------->| RELEASE COMPLETE
///
/// Dropped in silence: whatever comes once we are clearing or over but the end itself.
package struct IncomingISDNLeg: Hashable, Sendable {
    package enum Event: Hashable, Sendable {
        case setup(IncomingCall)
        case command(LegCommand)
        case received(ReceivedCallMessage)
        case timerExpired(CallTimer)
        case ended(EndReport)
        /// The line program did not take a command for this leg.
        case refused(String)
        /// The line program died, and every leg with it.
        case lineLost
    }

    package enum State: Hashable, Sendable, CaseIterable {
        case idle, offered, alerting, connected, clearing, over
    }

    /// What the caller hears before the answer.
    private enum Audible { case nothing, ringback, farEnd }

    package let leg: LegID
    /// Ours on the span the call came from.
    package let role: InterfaceRole
    package private(set) var state: State
    private var audible = Audible.nothing

    package init(leg: LegID, role: InterfaceRole) {
        self.init(leg: leg, role: role, state: .idle)
    }

    init(leg: LegID, role: InterfaceRole, state: State) {
        self.leg = leg
        self.role = role
        self.state = state
    }

    package mutating func handle(_ event: Event) -> [LegEffect] {
        switch (state, event) {
        // "If the network can determine that access to the requested service is authorized and available, it may send a
        // CALL PROCEEDING" (5.1.5.1), the called user as well (5.2.5.1); it stops the caller's T303 and waits with T310.
        case (.idle, .setup(let call)):
            state = .offered
            return [.line(.send(leg, .proceeding([]))), .report(.offered(call.offer))]

        case (.offered, .command(.alert(let audio))):
            state = .alerting
            return ring(audio: audio)
        case (.alerting, .command(.alert(let audio))):
            return audio ? openAudio() : []
        // PROGRESS without a progress indicator is no message (3.1.8): there is nothing to say.
        case (.offered, .command(.progress(let audio))), (.alerting, .command(.progress(let audio))):
            return audio ? openAudio() : []

        case (.offered, .command(.answer)), (.alerting, .command(.answer)):
            state = .connected
            return stopRingback() + [.line(.send(leg, .connect))]

        case (.offered, .command(.release(let release))), (.alerting, .command(.release(let release))),
            (.connected, .command(.release(let release))):
            state = .clearing
            return stopRingback() + [.line(.clear(leg, release.cause))]

        case (.offered, .received(.disconnect(let cause, let location))),
            (.alerting, .received(.disconnect(let cause, let location))),
            (.connected, .received(.disconnect(let cause, let location))):
            state = .clearing
            return stopRingback() + [.report(.released(Release(cause, location: location, initiator: .peer)))]

        // With its channel goes whatever was played into it.
        case (.offered, .ended(let end)), (.alerting, .ended(let end)), (.connected, .ended(let end)):
            state = .over
            let release = Release(
                end.cause, location: end.location, initiator: end.initiator == .remote ? .peer : .gateway,
                text: end.sentence)
            return [.report(.released(release)), .report(.gone)]

        case (.offered, .timerExpired(let timer)), (.alerting, .timerExpired(let timer)),
            (.connected, .timerExpired(let timer)):
            return [.note(timer.sentence)]
        case (.offered, .refused(let reason)), (.alerting, .refused(let reason)), (.connected, .refused(let reason)):
            return [.note("the line program refused: \(reason)")]

        case (.offered, .lineLost), (.alerting, .lineLost), (.connected, .lineLost):
            state = .over
            return [.report(.released(.lineProgramLost)), .report(.gone)]

        // A clear that is refused was for a leg the line program no longer has.
        case (.clearing, .ended), (.clearing, .lineLost), (.clearing, .refused):
            state = .over
            return [.report(.gone)]

        case (.idle, .command(.release)), (.idle, .lineLost):
            state = .over
            return [.report(.gone)]

        // There is no call yet.
        case (.idle, .received), (.idle, .timerExpired), (.idle, .ended), (.idle, .refused),
            (.idle, .command(.offer)), (.idle, .command(.alert)), (.idle, .command(.progress)),
            (.idle, .command(.answer)):
            return []
        // A second SETUP on one leg, and offers, which are for terminating legs.
        case (.offered, .setup), (.alerting, .setup), (.connected, .setup), (.offered, .command(.offer)),
            (.alerting, .command(.offer)), (.connected, .command(.offer)):
            return []
        // Answered is answered.
        case (.connected, .command(.alert)), (.connected, .command(.progress)), (.connected, .command(.answer)),
            (.connected, .received(.connectAcknowledge)):
            return []
        // The calling side may say PROGRESS of an interworking behind it; the rest is not its to say.
        case (.offered, .received(.progress)), (.alerting, .received(.progress)), (.connected, .received(.progress)),
            (.offered, .received(.setupAcknowledge)), (.offered, .received(.proceeding)),
            (.offered, .received(.alerting)), (.offered, .received(.connect)),
            (.offered, .received(.connectAcknowledge)), (.alerting, .received(.setupAcknowledge)),
            (.alerting, .received(.proceeding)), (.alerting, .received(.alerting)), (.alerting, .received(.connect)),
            (.alerting, .received(.connectAcknowledge)), (.connected, .received(.setupAcknowledge)),
            (.connected, .received(.proceeding)), (.connected, .received(.alerting)),
            (.connected, .received(.connect)):
            return []
        // Crossed on the way: `ended` is the only word that counts now.
        case (.clearing, .setup), (.clearing, .command), (.clearing, .received), (.clearing, .timerExpired):
            return []
        case (.over, .setup), (.over, .command), (.over, .received), (.over, .timerExpired), (.over, .ended),
            (.over, .refused), (.over, .lineLost):
            return []
        }
    }

    /// The network side provides what its caller hears; the user side leaves that to the network.
    private mutating func ring(audio: Bool) -> [LegEffect] {
        if audio || audible == .farEnd {
            audible = .farEnd
            return [.line(.send(leg, .alerting([inband])))]
        }
        switch role {
        case .nt:
            audible = .ringback
            return [.line(.send(leg, .alerting([inband]))), .line(.play(.channel(leg), .tone(.ringback)))]
        case .te:
            return [.line(.send(leg, .alerting([])))]
        }
    }

    private mutating func openAudio() -> [LegEffect] {
        if audible == .farEnd { return [] }
        let effects = stopRingback()
        audible = .farEnd
        return effects + [.line(.send(leg, .progress([inband])))]
    }

    private mutating func stopRingback() -> [LegEffect] {
        guard audible == .ringback else { return [] }
        audible = .nothing
        return [.line(.play(.channel(leg), .none))]
    }

    private var inband: ProgressIndicator {
        ProgressIndicator(.inbandInformation, location: role == .nt ? .publicNetworkLocal : .privateNetworkLocal)
    }
}

extension IncomingCall {
    var offer: CallOffer {
        CallOffer(number: called, calling: calling, callingName: callingName, bearer: bearer)
    }
}
