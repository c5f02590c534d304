// SPDX-License-Identifier: GPL-2.0-or-later
import ISDN
package import LineProtocol

/// A call we set up on the line (Q.931 section 5.1, the calling side's half), in the words of the border.
///
///     call                    this machine                    line program
///      | offer ------------------->| setup ---------------------->| SETUP
///      |<--------------- proceeding|<------------ received(proceeding) CALL PROCEEDING
///      |<----------- alerting(audio)|<-------------- received(alerting) ALERTING, progress indicator 1 or 8: audio
///      |<------------------ answered|<--------------- received(connect) CONNECT
///      |                           |                              |
///      | release ----------------->| clear ---------------------->| DISCONNECT
///      |<---------------------- gone|<-------------------------- ended RELEASE COMPLETE
///
/// The line program runs T301, T304 and T310 and answers what the protocol answers. Dropped in silence: whatever comes
/// once we are clearing or over but the end itself, and messages of a state that has passed.
package struct OutgoingISDNLeg: Hashable, Sendable {
    package enum Event: Hashable, Sendable {
        case command(LegCommand)
        case received(ReceivedCallMessage)
        case glare
        case timerExpired(CallTimer)
        case ended(EndReport)
        /// The line program did not take a command for this leg.
        case refused(String)
        /// The line program died, and every leg with it.
        case lineLost
    }

    package enum State: Hashable, Sendable, CaseIterable {
        case idle, settingUp, proceeding, alerting, connected, clearing, over
    }

    package let leg: LegID
    package let route: ISDNRoute
    package private(set) var state: State
    /// The channel we asked for was the one the network side took for its own call (Q.931 section 5.7).
    private var metGlare = false

    package init(leg: LegID, route: ISDNRoute) {
        self.init(leg: leg, route: route, state: .idle)
    }

    init(leg: LegID, route: ISDNRoute, state: State) {
        self.leg = leg
        self.route = route
        self.state = state
    }

    package mutating func handle(_ event: Event) -> [LegEffect] {
        switch (state, event) {
        case (.idle, .command(.offer(let offer))):
            state = .settingUp
            return [.line(.setup(leg, request(offer)))]

        // "The call proceeding message … indicates that the requested call establishment has been initiated" (3.1.2). With
        // progress indicator 1 or 8 "the B-channel shall be connected" for what the network has to say (5.1.6).
        case (.settingUp, .received(.proceeding(let progress))):
            state = .proceeding
            return [.report(progress.announceAudio ? .progress(audio: true) : .proceeding)]
        case (.proceeding, .received(.proceeding(let progress))):
            return progress.announceAudio ? [.report(.progress(audio: true))] : []

        // Our number was complete; the network finds that out by itself, or T304 does.
        case (.settingUp, .received(.setupAcknowledge)):
            return [.note("the line waits for more digits; there are none")]

        case (.settingUp, .received(.progress(let progress, let cause))),
            (.proceeding, .received(.progress(let progress, let cause))),
            (.alerting, .received(.progress(let progress, let cause))):
            let note = cause.map { [LegEffect.note("PROGRESS with cause \($0.rawValue), \($0.name)")] } ?? []
            return note + [.report(.progress(audio: progress.announceAudio))]

        case (.settingUp, .received(.alerting(let progress))), (.proceeding, .received(.alerting(let progress))):
            state = .alerting
            return [.report(.alerting(audio: progress.announceAudio))]

        // "Upon receiving CONNECT the calling user shall … stop any user-generated alerting; attach to the B-channel" (5.1.8).
        case (.settingUp, .received(.connect)), (.proceeding, .received(.connect)), (.alerting, .received(.connect)):
            state = .connected
            return [.report(.answered)]

        case (.settingUp, .received(.disconnect(let cause, let location))),
            (.proceeding, .received(.disconnect(let cause, let location))),
            (.alerting, .received(.disconnect(let cause, let location))),
            (.connected, .received(.disconnect(let cause, let location))):
            state = .clearing
            return [.report(.released(release(cause, location, by: .peer)))]

        case (.settingUp, .ended(let end)), (.proceeding, .ended(let end)), (.alerting, .ended(let end)),
            (.connected, .ended(let end)):
            state = .over
            return [.report(.released(release(end))), .report(.gone)]

        case (.settingUp, .command(.release(let release))), (.proceeding, .command(.release(let release))),
            (.alerting, .command(.release(let release))), (.connected, .command(.release(let release))):
            state = .clearing
            return [.line(.clear(leg, release.cause))]

        case (.settingUp, .glare):
            metGlare = true
            return [.note("glare: both sides took the channel, the network side keeps it")]

        case (.settingUp, .timerExpired(let timer)), (.proceeding, .timerExpired(let timer)),
            (.alerting, .timerExpired(let timer)):
            return [.note(timer.sentence)]

        case (.settingUp, .refused(let reason)):
            state = .clearing
            let release = Release(.temporaryFailure, initiator: .gateway, text: "the line program refused: \(reason)")
            return [.line(.clear(leg, .temporaryFailure)), .report(.released(release))]
        case (.proceeding, .refused(let reason)), (.alerting, .refused(let reason)), (.connected, .refused(let reason)):
            return [.note("the line program refused: \(reason)")]

        case (.settingUp, .lineLost), (.proceeding, .lineLost), (.alerting, .lineLost), (.connected, .lineLost):
            state = .over
            return [.report(.released(.lineProgramLost)), .report(.gone)]

        // A clear that is refused was for a leg the line program no longer has.
        case (.clearing, .ended), (.clearing, .lineLost), (.clearing, .refused):
            state = .over
            return [.report(.gone)]

        case (.idle, .command(.release)), (.idle, .lineLost):
            state = .over
            return [.report(.gone)]

        // Nothing was sent, so nothing can have come.
        case (.idle, .received), (.idle, .glare), (.idle, .timerExpired), (.idle, .ended), (.idle, .refused):
            return []
        // A terminating leg is not told to ring or answer, and is offered one call.
        case (.idle, .command(.alert)), (.idle, .command(.progress)), (.idle, .command(.answer)),
            (.settingUp, .command), (.proceeding, .command), (.alerting, .command), (.connected, .command):
            return []
        // Too late, or not for the calling side.
        case (.settingUp, .received(.connectAcknowledge)),
            (.proceeding, .received(.setupAcknowledge)), (.proceeding, .received(.connectAcknowledge)),
            (.alerting, .received(.setupAcknowledge)), (.alerting, .received(.proceeding)),
            (.alerting, .received(.alerting)), (.alerting, .received(.connectAcknowledge)),
            (.connected, .received(.setupAcknowledge)), (.connected, .received(.proceeding)),
            (.connected, .received(.alerting)), (.connected, .received(.progress)), (.connected, .received(.connect)),
            (.connected, .received(.connectAcknowledge)),
            (.proceeding, .glare), (.alerting, .glare), (.connected, .glare), (.connected, .timerExpired):
            return []
        // Crossed on the way: `ended` is the only word that counts now.
        case (.clearing, .command), (.clearing, .received), (.clearing, .glare), (.clearing, .timerExpired):
            return []
        case (.over, .command), (.over, .received), (.over, .glare), (.over, .timerExpired), (.over, .ended),
            (.over, .refused), (.over, .lineLost):
            return []
        }
    }

    private func request(_ offer: CallOffer) -> SetupRequest {
        SetupRequest(
            spans: route.spans, bearer: route.bearer ?? offer.bearer, called: route.called, calling: offer.calling,
            callingName: offer.callingName, timers: route.timers)
    }

    private func release(_ end: EndReport) -> Release {
        var release = release(end.cause, end.location, by: end.initiator == .remote ? .peer : .gateway)
        release.text = end.sentence
        if end.cause == .requestedCircuitNotAvailable, end.initiator == .line { release.status = 503 }
        return release
    }

    /// RFC 3398 does not list cause 44 and would have 500; after glare the caller did nothing wrong, and trying again at once
    /// is right: 503.
    private func release(_ cause: Cause, _ location: CauseLocation?, by initiator: Release.Initiator) -> Release {
        let isGlare = metGlare && cause == .requestedCircuitNotAvailable
        return Release(cause, location: location, status: isGlare ? 503 : nil, initiator: initiator)
    }
}
