// SPDX-License-Identifier: GPL-2.0-or-later
import ISDN
import SDP
package import SIPMessages

/// A call we set up over SIP: the user agent client's half of RFC 3261 section 13.2 and RFC 3398 section 8.
///
///     call                    this machine                    SIP session
///      | offer ----------------->| invite, with our offer ------->|
///      |<--------- alerting(false)|<------------------ provisional| 180
///      |<--- alerting or progress(true)|<------------- provisional| 180 or 183 with SDP: the far end's audio, one way
///      |<---------------- answered|<--------------------- answered| 200
///      | release --------------->| cancel before, bye after ----->|
///      |<-------------------- gone|<-------------- failed or ended|
///
/// Dropped in silence: provisional responses that cross our CANCEL, and whatever comes once the session is over.
package struct OutgoingSIPLeg: Hashable, Sendable {
    package enum Event: Hashable, Sendable {
        case command(LegCommand)
        /// 100 to 199.
        case provisional(UInt16, SessionBody)
        case answered(SessionBody)
        /// 300 to 699; 408 when nothing came at all, 503 when it could not be sent (RFC 3261 8.1.3.1).
        case failed(UInt16, [ReasonValue], warnings: [WarningValue])
        /// The ACK of our 200 to a re-INVITE.
        case acknowledged(SessionBody)
        case ackTimedOut
        case bye([ReasonValue])
        /// The session's last word.
        case ended
        case reinvite(SessionBody)
    }

    package enum State: Hashable, Sendable, CaseIterable {
        case idle, inviting, connected, cancelling, releasing, over
    }

    package private(set) var state: State
    package let target: String
    private(set) var audio: SIPAudio
    private var releaseReasons: [ReasonValue] = []

    package init(_ route: SIPRoute) {
        self.init(target: route.target, audio: SIPAudio(route.media), state: .idle)
    }

    init(target: String, audio: SIPAudio, state: State) {
        self.target = target
        self.audio = audio
        self.state = state
    }

    package mutating func handle(_ event: Event) -> [LegEffect] {
        switch (state, event) {
        case (.idle, .command(.offer(let offer))):
            guard offer.bearer.isAudio else {
                state = .over
                return [.report(.released(.dataCall)), .report(.gone)]
            }
            state = .inviting
            let invitation = SIPInvitation(
                target: target, calling: offer.calling, callingName: offer.callingName, body: audio.offer())
            return [.sip(.invite(invitation))]

        case (.inviting, .provisional(let status, let body)):
            return early(body) + provisional(status)

        case (.inviting, .answered(let body)):
            return answered(body)

        // RFC 3398 8.2.6: the line is released with the cause in a Reason, else with that of the status.
        case (.inviting, .failed(let status, let reasons, let warnings)):
            state = .over
            let cause =
                CauseMapping.cause(in: reasons)
                ?? CauseMapping.cause(forStatus: status, warnings: warnings.map(\.code))
            let release = Release(
                cause, location: CauseMapping.location(forStatus: status), status: status, initiator: .peer)
            return [.report(.released(release)), .report(.gone)]

        // "If the caller gives up, the gateway sends a CANCEL" (RFC 3398 8.1.9); the session holds it back until a provisional
        // response has come.
        case (.inviting, .command(.release(let release))):
            state = .cancelling
            releaseReasons = [CauseMapping.reason(release.cause)]
            return [.sip(.cancel(releaseReasons))]
        case (.cancelling, .failed):
            state = .over
            return [.report(.gone)]
        // The 200 crossed our CANCEL: the dialog is there and must be released.
        case (.cancelling, .answered):
            state = .releasing
            return [.note("answered while we cancelled"), .sip(.bye(releaseReasons))]

        case (.connected, .command(.release(let release))):
            state = .releasing
            return [.sip(.bye([CauseMapping.reason(release.cause)]))]
        case (.connected, .bye(let reasons)):
            state = .over
            return [.report(.released(.byPeer(reasons))), .report(.gone)]
        case (.connected, .reinvite(let body)):
            return audio.reinvited(body)
        case (.connected, .acknowledged(let body)):
            return audio.reinviteAcknowledged(body)
        case (.connected, .ackTimedOut):
            return release(.unacknowledged)
        case (.releasing, .reinvite):
            return [.sip(.respondToReinvite(SIPReply(481)))]
        // The session should have said why.
        case (.inviting, .ended), (.connected, .ended):
            state = .over
            return [.report(.released(.sessionLost)), .report(.gone)]
        case (.releasing, .ended), (.cancelling, .ended):
            state = .over
            return [.report(.gone)]

        case (.idle, .command(.release)):
            state = .over
            return [.report(.gone)]

        // Nothing was sent, so nothing can have come.
        case (.idle, .provisional), (.idle, .answered), (.idle, .failed), (.idle, .acknowledged), (.idle, .ackTimedOut),
            (.idle, .bye), (.idle, .ended), (.idle, .reinvite):
            return []
        // A terminating leg is not told to ring or answer, and is offered one call.
        case (.idle, .command(.alert)), (.idle, .command(.progress)), (.idle, .command(.answer)),
            (.inviting, .command), (.connected, .command):
            return []
        // "The callee's UA MUST NOT send a BYE on an early dialog" (RFC 3261 15), and changes nothing in it by re-INVITE.
        case (.inviting, .bye), (.cancelling, .bye), (.inviting, .reinvite), (.cancelling, .reinvite),
            (.inviting, .acknowledged), (.cancelling, .acknowledged), (.inviting, .ackTimedOut),
            (.cancelling, .ackTimedOut):
            return []
        // The INVITE has its answer; the session sees to repetitions and forks.
        case (.connected, .provisional), (.connected, .answered), (.connected, .failed):
            return []
        // Crossed on the way.
        case (.cancelling, .command), (.cancelling, .provisional), (.releasing, .command), (.releasing, .provisional),
            (.releasing, .answered), (.releasing, .failed), (.releasing, .acknowledged), (.releasing, .ackTimedOut),
            (.releasing, .bye):
            return []
        case (.over, .command), (.over, .provisional), (.over, .answered), (.over, .failed), (.over, .acknowledged),
            (.over, .ackTimedOut), (.over, .bye), (.over, .ended), (.over, .reinvite):
            return []
        }
    }

    /// RFC 3398 8.2.3: 100 maps to nothing, 180 to ringing, the others to progress.
    private func provisional(_ status: UInt16) -> [LegEffect] {
        switch status {
        case 180: [.report(.alerting(audio: audio.agreed != nil))]
        case 181...183: [.report(.progress(audio: audio.agreed != nil))]
        default: [.report(.proceeding)]
        }
    }

    /// SDP in a provisional response: the far end sends audio before the answer.
    private mutating func early(_ body: SessionBody) -> [LegEffect] {
        switch body {
        case .none: return []
        case .unreadable(let text): return [.note(text)]
        case .description(let description):
            if let refusal = audio.accept(description) { return [.note(refusal.text)] }
            return media()
        }
    }

    private mutating func answered(_ body: SessionBody) -> [LegEffect] {
        switch body {
        case .description(let description):
            if let refusal = audio.accept(description) {
                return release(Release(.bearerCapabilityNotImplemented, initiator: .gateway, text: refusal.text))
            }
        case .none where audio.agreed != nil:
            break
        case .none:
            return release(
                Release(
                    .bearerCapabilityNotImplemented, initiator: .gateway, text: "the 200 has no session description"))
        case .unreadable(let text):
            return release(Release(.protocolError, initiator: .gateway, text: text))
        }
        state = .connected
        return media() + [.report(.answered)]
    }

    private func media() -> [LegEffect] {
        audio.parameters.map { [.media($0)] } ?? []
    }

    private mutating func release(_ release: Release) -> [LegEffect] {
        state = .releasing
        return [.sip(.bye([CauseMapping.reason(release.cause)])), .report(.released(release))]
    }
}
