// SPDX-License-Identifier: GPL-2.0-or-later

/// Two legs made one call: an originating leg and a terminating one, of whatever protocol.
///
///     originating leg         this machine               terminating leg
///      | offered --------------->| route → routed               |
///      |                         | offer ---------------------->|
///      |                         |<-------------------proceeding|
///      |<-------------------alert|<---------------------alerting| audio: bridged towards the caller
///      |<----------------progress|<---------------------progress|
///      |<------------------answer|<---------------------answered| bridged both ways
///      |                         |                              |
///      | released -------------->| release -------------------->| or the other way round
///      | gone ------------------>|<-------------------------gone| over: media closed, record written
///
/// A leg that says `released` ends by itself; the other is told. The call is over when both are gone, or when the guard
/// timer says that one never will be. Dropped in silence: what a leg says while the call is being released except `gone`,
/// and what only the other kind of leg can say.
package struct Call: Hashable, Sendable {
    package enum Event: Hashable, Sendable {
        case originating(LegEvent)
        case terminating(LegEvent)
        /// A way was found, and the terminating leg is there to be offered the call.
        case routed
        case refused(Release)
        /// The operator, or the loss of what the call lives on.
        case hangup(Release)
        case expired(CallTimerName)
    }

    package enum Action: Hashable, Sendable {
        /// Ask for the way; to be answered with `routed` or `refused`.
        case route(CallOffer)
        case originating(LegCommand)
        case terminating(LegCommand)
        /// The terminating leg's audio to the caller.
        case bridgeEarly
        case bridgeBoth
        case quiet
        case start(CallTimerName)
        case stop(CallTimerName)
        case note(String)
        /// For the record: it rings, it is answered, it ends for this reason.
        case alerting
        case answered
        case ended(Release, by: CallRecord.EndedBy)
        /// Everything is given back.
        case over
    }

    package enum State: Hashable, Sendable, CaseIterable {
        case idle, routing, settingUp, proceeding, ringing, connected
        /// Which legs have yet to say that they are gone.
        case clearingBoth, clearingOriginating, clearingTerminating
        case over
    }

    package private(set) var state: State
    private var offer: CallOffer?

    package init() {
        self.init(state: .idle)
    }

    init(state: State) {
        self.state = state
    }

    package mutating func handle(_ event: Event) -> [Action] {
        switch (state, event) {
        case (.idle, .originating(.offered(let offer))):
            state = .routing
            self.offer = offer
            return [.route(offer)]

        case (.routing, .routed):
            state = .settingUp
            return [.start(.xNoAnswer)] + (offer.map { [.terminating(.offer($0))] } ?? [])
        case (.routing, .refused(let release)):
            state = .clearingOriginating
            return [.ended(release, by: .gateway), .originating(.release(release)), .start(.xClearing)]

        case (.settingUp, .terminating(.proceeding)):
            state = .proceeding
            return []

        // RFC 3398 7.2.5 and 8.2.3: what is to be heard before the answer is heard by the caller alone.
        case (.settingUp, .terminating(.progress(let audio))), (.proceeding, .terminating(.progress(let audio))):
            state = .proceeding
            return [.originating(.progress(audio: audio))] + (audio ? [.bridgeEarly] : [])
        case (.ringing, .terminating(.progress(let audio))):
            return [.originating(.progress(audio: audio))] + (audio ? [.bridgeEarly] : [])
        case (.settingUp, .terminating(.alerting(let audio))), (.proceeding, .terminating(.alerting(let audio))):
            state = .ringing
            return [.alerting, .originating(.alert(audio: audio))] + (audio ? [.bridgeEarly] : [])
        case (.ringing, .terminating(.alerting(let audio))):
            return audio ? [.originating(.alert(audio: true)), .bridgeEarly] : []

        case (.settingUp, .terminating(.answered)), (.proceeding, .terminating(.answered)),
            (.ringing, .terminating(.answered)):
            state = .connected
            return [.stop(.xNoAnswer), .answered, .originating(.answer), .bridgeBoth]

        // The caller gives up before there is anyone to tell.
        case (.idle, .originating(.released(let release))), (.routing, .originating(.released(let release))):
            state = .clearingOriginating
            return [.ended(release, by: release.initiator == .peer ? .caller : .gateway), .start(.xClearing)]
        case (.settingUp, .originating(.released(let release))), (.proceeding, .originating(.released(let release))),
            (.ringing, .originating(.released(let release))):
            state = .clearingBoth
            return [.stop(.xNoAnswer)] + callerReleased(release)
        case (.connected, .originating(.released(let release))):
            state = .clearingBoth
            return callerReleased(release)

        case (.settingUp, .terminating(.released(let release))), (.proceeding, .terminating(.released(let release))),
            (.ringing, .terminating(.released(let release))):
            state = .clearingBoth
            return [.stop(.xNoAnswer)] + calleeReleased(release)
        case (.connected, .terminating(.released(let release))):
            state = .clearingBoth
            return calleeReleased(release)

        case (.idle, .hangup(let release)), (.routing, .hangup(let release)):
            state = .clearingOriginating
            return [.ended(release, by: .gateway), .originating(.release(release)), .start(.xClearing)]
        case (.settingUp, .hangup(let release)), (.proceeding, .hangup(let release)), (.ringing, .hangup(let release)):
            state = .clearingBoth
            return [.stop(.xNoAnswer)] + releaseBoth(release)
        case (.connected, .hangup(let release)):
            state = .clearingBoth
            return releaseBoth(release)

        case (.settingUp, .expired(.xNoAnswer)), (.proceeding, .expired(.xNoAnswer)):
            state = .clearingBoth
            return releaseBoth(.noReply)
        case (.ringing, .expired(.xNoAnswer)):
            state = .clearingBoth
            return releaseBoth(.notAnswered)

        case (.clearingBoth, .originating(.gone)):
            state = .clearingTerminating
            return []
        case (.clearingBoth, .terminating(.gone)):
            state = .clearingOriginating
            return []
        case (.clearingOriginating, .originating(.gone)), (.clearingTerminating, .terminating(.gone)):
            state = .over
            return [.stop(.xClearing), .over]
        case (.clearingBoth, .expired(.xClearing)), (.clearingOriginating, .expired(.xClearing)),
            (.clearingTerminating, .expired(.xClearing)):
            let who = state == .clearingOriginating ? "the caller's" : state == .clearingBoth ? "either" : "the called"
            state = .over
            return [.note("\(who) leg never confirmed its release; given up"), .over]

        // A leg that is gone without a word: our own mistake, and the call must not hang on it.
        case (.idle, .originating(.gone)), (.routing, .originating(.gone)):
            state = .over
            return [.ended(.legLost, by: .gateway), .over]
        case (.settingUp, .originating(.gone)), (.proceeding, .originating(.gone)), (.ringing, .originating(.gone)):
            state = .clearingTerminating
            return [.stop(.xNoAnswer)] + callerLost
        case (.connected, .originating(.gone)):
            state = .clearingTerminating
            return callerLost
        case (.settingUp, .terminating(.gone)), (.proceeding, .terminating(.gone)), (.ringing, .terminating(.gone)):
            state = .clearingOriginating
            return [.stop(.xNoAnswer)] + calleeLost
        case (.connected, .terminating(.gone)):
            state = .clearingOriginating
            return calleeLost

        // Crossed on the way.
        case (.proceeding, .terminating(.proceeding)), (.ringing, .terminating(.proceeding)),
            (.connected, .terminating(.proceeding)), (.connected, .terminating(.progress)),
            (.connected, .terminating(.alerting)), (.connected, .terminating(.answered)),
            (.settingUp, .routed), (.proceeding, .routed), (.ringing, .routed), (.connected, .routed),
            (.settingUp, .refused), (.proceeding, .refused), (.ringing, .refused), (.connected, .refused):
            return []
        // There is no terminating leg yet, and nothing to route.
        case (.idle, .terminating), (.routing, .terminating), (.idle, .routed), (.idle, .refused):
            return []
        // An originating leg offers once and does not ring; a terminating leg offers nothing.
        case (.idle, .originating(.proceeding)), (.idle, .originating(.alerting)), (.idle, .originating(.progress)),
            (.idle, .originating(.answered)), (.routing, .originating(.offered)),
            (.routing, .originating(.proceeding)), (.routing, .originating(.alerting)),
            (.routing, .originating(.progress)), (.routing, .originating(.answered)),
            (.settingUp, .originating(.offered)), (.settingUp, .originating(.proceeding)),
            (.settingUp, .originating(.alerting)), (.settingUp, .originating(.progress)),
            (.settingUp, .originating(.answered)), (.proceeding, .originating(.offered)),
            (.proceeding, .originating(.proceeding)), (.proceeding, .originating(.alerting)),
            (.proceeding, .originating(.progress)), (.proceeding, .originating(.answered)),
            (.ringing, .originating(.offered)), (.ringing, .originating(.proceeding)),
            (.ringing, .originating(.alerting)), (.ringing, .originating(.progress)),
            (.ringing, .originating(.answered)), (.connected, .originating(.offered)),
            (.connected, .originating(.proceeding)), (.connected, .originating(.alerting)),
            (.connected, .originating(.progress)), (.connected, .originating(.answered)),
            (.settingUp, .terminating(.offered)), (.proceeding, .terminating(.offered)),
            (.ringing, .terminating(.offered)), (.connected, .terminating(.offered)):
            return []
        // A timer that fired while it was being stopped, or runs in no such state.
        case (.idle, .expired), (.routing, .expired), (.connected, .expired), (.settingUp, .expired(.xClearing)),
            (.proceeding, .expired(.xClearing)), (.ringing, .expired(.xClearing)),
            (.clearingBoth, .expired(.xNoAnswer)), (.clearingOriginating, .expired(.xNoAnswer)),
            (.clearingTerminating, .expired(.xNoAnswer)):
            return []
        // Both sides released at once, or something crossed the release: `gone` is the only word that counts now.
        case (.clearingBoth, .originating), (.clearingBoth, .terminating), (.clearingOriginating, .originating),
            (.clearingOriginating, .terminating), (.clearingTerminating, .originating),
            (.clearingTerminating, .terminating), (.clearingBoth, .routed), (.clearingOriginating, .routed),
            (.clearingTerminating, .routed), (.clearingBoth, .refused), (.clearingOriginating, .refused),
            (.clearingTerminating, .refused), (.clearingBoth, .hangup), (.clearingOriginating, .hangup),
            (.clearingTerminating, .hangup):
            return []
        case (.over, .originating), (.over, .terminating), (.over, .routed), (.over, .refused), (.over, .hangup),
            (.over, .expired):
            return []
        }
    }

    private func callerReleased(_ release: Release) -> [Action] {
        [
            .ended(release, by: release.initiator == .peer ? .caller : .gateway), .quiet,
            .terminating(.release(release)),
            .start(.xClearing),
        ]
    }

    private func calleeReleased(_ release: Release) -> [Action] {
        [
            .ended(release, by: release.initiator == .peer ? .callee : .gateway), .quiet,
            .originating(.release(release)),
            .start(.xClearing),
        ]
    }

    private func releaseBoth(_ release: Release) -> [Action] {
        [
            .ended(release, by: .gateway), .quiet, .originating(.release(release)), .terminating(.release(release)),
            .start(.xClearing),
        ]
    }

    private var callerLost: [Action] {
        [.ended(.legLost, by: .gateway), .quiet, .terminating(.release(.legLost)), .start(.xClearing)]
    }

    private var calleeLost: [Action] {
        [.ended(.legLost, by: .gateway), .quiet, .originating(.release(.legLost)), .start(.xClearing)]
    }
}
