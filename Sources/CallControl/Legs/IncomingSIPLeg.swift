// SPDX-License-Identifier: GPL-2.0-or-later
import ISDN
import SDP
package import SIPMessages

/// A call that came over SIP: the user agent server's half of RFC 3261 section 13.3 and RFC 3398 section 7.
///
///     SIP session             this machine                    call
///      | invite ---------------->| offered ---------------------->|
///      |<------------ respond 180|<----------------- alert(false) | without SDP, and nothing is played
///      |<---- respond 183 and SDP|<------ alert or progress(true) | the line's audio, one way
///      |<---- respond 200 and SDP|<------------------------ answer|
///      | acknowledged ---------->|                                |
///      | reinvite -------------->| (hold: the endpoint's flags)   |
///      |<------ respondToReinvite|                                |
///      | bye ------------------->| released, gone --------------->|
///
/// The offer in the INVITE is answered at once in our own mind: a call without a common codec seizes no channel. An INVITE
/// without one gets our offer in the 200 and its answer in the ACK. Dropped in silence: whatever comes once the session is
/// releasing or over but the end itself.
package struct IncomingSIPLeg: Hashable, Sendable {
    package enum Event: Hashable, Sendable {
        case invite(CallOffer, SessionBody)
        /// CANCEL, before our final response, which the session has answered with 487; the values of its Reason.
        case cancelled([ReasonValue])
        /// The ACK of a 2xx to INVITE or re-INVITE.
        case acknowledged(SessionBody)
        /// No ACK came for 64 × T1.
        case ackTimedOut
        case bye([ReasonValue])
        /// A response of ours could not be sent before the call was answered; the sentence says why.
        case failed(String)
        /// The session's last word.
        case ended
        case reinvite(SessionBody)
        case command(LegCommand)
    }

    package enum State: Hashable, Sendable, CaseIterable {
        case idle, offered, answered, connected, releasing, over
    }

    package private(set) var state: State
    private(set) var audio: SIPAudio?
    /// What 183 and 200 will carry; nil when the INVITE had no offer.
    private var answer: SessionDescription?

    /// - Parameter media: nil when no endpoint was free: the call is refused.
    package init(media: MediaGrant?) {
        self.init(audio: media.map { SIPAudio($0) }, state: .idle)
    }

    init(audio: SIPAudio?, state: State) {
        self.audio = audio
        self.state = state
    }

    package mutating func handle(_ event: Event) -> [LegEffect] {
        switch (state, event) {
        case (.idle, .invite(let offer, let body)):
            return invited(offer, body)

        case (.offered, .command(.alert(audio: false))):
            return [.sip(.respond(SIPReply(180)))]
        // RFC 3398 7.2.5: early media needs "a 183 Session Progress with SDP"; a caller that made no offer cannot have it.
        case (.offered, .command(.alert(audio: true))):
            return answer == nil ? [.sip(.respond(SIPReply(180)))] : earlyAudio()
        case (.offered, .command(.progress(audio: true))):
            return answer == nil ? [.sip(.respond(SIPReply(183)))] : earlyAudio()
        case (.offered, .command(.progress(audio: false))):
            return [.sip(.respond(SIPReply(183)))]

        case (.offered, .command(.answer)):
            state = .answered
            let body = answer ?? audio?.offer()
            return [.sip(.respond(SIPReply(200, body: body)))] + media()

        // RFC 3398 7.2.4: the REL is answered with the status of its cause; RFC 6432 adds the cause itself.
        case (.offered, .command(.release(let release))):
            state = .over
            let reply = SIPReply(release.effectiveStatus, reasons: [CauseMapping.reason(release.cause)])
            return [.sip(.respond(reply)), .report(.gone)]

        // RFC 3398 7.2.3: a CANCEL before the answer releases the line; so does the BYE a caller may send instead
        // (RFC 3261 15).
        case (.offered, .cancelled(let reasons)), (.offered, .bye(let reasons)), (.answered, .bye(let reasons)),
            (.connected, .bye(let reasons)):
            state = .over
            return [.report(.released(.byPeer(reasons))), .report(.gone)]

        case (.answered, .acknowledged(let body)):
            state = .connected
            return acceptAnswer(body)
        // "If the server retransmits the 2xx response for 64*T1 seconds without receiving an ACK, the dialog is confirmed,
        // but the session SHOULD be terminated" (13.3.1.4); so after a re-INVITE (14.2).
        case (.answered, .ackTimedOut), (.connected, .ackTimedOut):
            return release(.unacknowledged)

        // "The callee's UA … MUST NOT send a BYE on a confirmed dialog until it has received an ACK for its 2xx response"
        // (15): the session holds it back.
        case (.answered, .command(.release(let release))), (.connected, .command(.release(let release))):
            state = .releasing
            return [.sip(.bye([CauseMapping.reason(release.cause)]))]

        case (.connected, .reinvite(let body)):
            return audio?.reinvited(body) ?? [.sip(.respondToReinvite(SIPReply(488)))]
        case (.connected, .acknowledged(let body)):
            return audio?.reinviteAcknowledged(body) ?? []
        // "491 (Request Pending)": one exchange of offer and answer at a time (14.2).
        case (.answered, .reinvite):
            return [.sip(.respondToReinvite(SIPReply(491)))]
        case (.releasing, .reinvite):
            return [.sip(.respondToReinvite(SIPReply(481)))]

        case (.offered, .failed(let text)), (.answered, .failed(let text)), (.connected, .failed(let text)):
            state = .over
            let release = Release(.temporaryFailure, initiator: .gateway, text: text)
            return [.report(.released(release)), .report(.gone)]
        // The session should have said why.
        case (.offered, .ended), (.answered, .ended), (.connected, .ended):
            state = .over
            return [.report(.released(.sessionLost)), .report(.gone)]
        case (.releasing, .ended), (.releasing, .failed):
            state = .over
            return [.report(.gone)]

        case (.idle, .command(.release)):
            state = .over
            return [.report(.gone)]

        // There is no INVITE yet.
        case (.idle, .cancelled), (.idle, .acknowledged), (.idle, .ackTimedOut), (.idle, .bye), (.idle, .failed),
            (.idle, .ended), (.idle, .reinvite), (.idle, .command(.offer)), (.idle, .command(.alert)),
            (.idle, .command(.progress)),
            (.idle, .command(.answer)):
            return []
        // One INVITE makes one session; offers are for terminating legs.
        case (.offered, .invite), (.answered, .invite), (.connected, .invite), (.releasing, .invite),
            (.offered, .command(.offer)), (.answered, .command(.offer)),
            (.connected, .command(.offer)):
            return []
        // Nothing was answered that could be acknowledged or changed.
        case (.offered, .acknowledged), (.offered, .ackTimedOut), (.offered, .reinvite):
            return []
        // "A CANCEL has no effect on a request for which a final response was sent" (9.2).
        case (.answered, .cancelled), (.connected, .cancelled), (.releasing, .cancelled):
            return []
        // Answered is answered.
        case (.answered, .command(.alert)), (.answered, .command(.progress)), (.answered, .command(.answer)),
            (.connected, .command(.alert)), (.connected, .command(.progress)), (.connected, .command(.answer)):
            return []
        // Crossed on the way; a BYE that meets ours is answered by the session, and ours still has its answer to come.
        case (.releasing, .command), (.releasing, .acknowledged), (.releasing, .ackTimedOut), (.releasing, .bye):
            return []
        case (.over, .invite), (.over, .cancelled), (.over, .acknowledged), (.over, .ackTimedOut), (.over, .bye),
            (.over, .failed), (.over, .ended), (.over, .reinvite), (.over, .command):
            return []
        }
    }

    private mutating func invited(_ offer: CallOffer, _ body: SessionBody) -> [LegEffect] {
        guard audio != nil else { return refuse(.noEndpoint, nil) }
        switch body {
        case .none:
            state = .offered
            return [.report(.offered(offer)), .note("the INVITE has no offer: ours goes out with the answer")]
        case .unreadable(let text):
            return refuse(Release(.protocolError, status: 400, initiator: .gateway, text: text), nil)
        case .description(let description):
            switch audio?.answer(description) {
            case .success(let answer):
                state = .offered
                self.answer = answer
                return [.report(.offered(offer))]
            case .failure(let refusal):
                let text = audio?.sentence(refusal, description) ?? refusal.text
                let release = Release(.bearerCapabilityNotImplemented, status: 488, initiator: .gateway, text: text)
                return refuse(release, audio?.warning(refusal))
            case nil:
                return []
            }
        }
    }

    private mutating func refuse(_ release: Release, _ warning: WarningValue?) -> [LegEffect] {
        state = .over
        let reply = SIPReply(release.effectiveStatus, reasons: [CauseMapping.reason(release.cause)], warning: warning)
        return [.sip(.respond(reply)), .report(.released(release)), .report(.gone)]
    }

    private func earlyAudio() -> [LegEffect] {
        media() + [.sip(.respond(SIPReply(183, body: answer)))]
    }

    private func media() -> [LegEffect] {
        audio?.parameters.map { [.media($0)] } ?? []
    }

    /// The answer to the offer of our 200, when that had one.
    private mutating func acceptAnswer(_ body: SessionBody) -> [LegEffect] {
        guard audio?.awaitsAnswer ?? false else { return [] }
        guard case .description(let description) = body else { return release(.noAnswerInACK) }
        guard let refusal = audio?.accept(description) else { return media() }
        return release(
            Release(.bearerCapabilityNotImplemented, initiator: .gateway, text: refusal.text))
    }

    private mutating func release(_ release: Release) -> [LegEffect] {
        state = .releasing
        return [.sip(.bye([CauseMapping.reason(release.cause)])), .report(.released(release))]
    }
}
