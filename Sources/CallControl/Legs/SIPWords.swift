// SPDX-License-Identifier: GPL-2.0-or-later
import ISDN
import SDP
import SIPMessages

extension Release {
    /// BYE or CANCEL. RFC 3398 7.2.3 and 8.2.8 release with cause 16; a Q.850 cause in a Reason says it better.
    static func byPeer(_ reasons: [ReasonValue]) -> Release {
        Release(CauseMapping.cause(in: reasons) ?? .normalCallClearing, initiator: .peer)
    }

    static let unacknowledged = Release(
        .recoveryOnTimerExpiry, initiator: .gateway, text: "the SIP peer never acknowledged our 200")

    static let sessionLost = Release(
        .temporaryFailure, initiator: .gateway, text: "the SIP session ended without a word")

    static let dataCall = Release(
        .bearerCapabilityNotImplemented, initiator: .gateway, text: "a data call cannot go on over SIP")

    static let noAnswerInACK = Release(
        .bearerCapabilityNotImplemented, initiator: .gateway, text: "the ACK had no answer to the offer in our 200")
}

extension BearerCapability {
    var isAudio: Bool { transfer == .speech || transfer == .audio3k1 }
}

extension SIPAudio {
    /// RFC 3261 14.2, with RFC 3264 8.4: hold is answered with what it leaves us to do, and changes the endpoint's flags.
    mutating func reinvited(_ body: SessionBody) -> [LegEffect] {
        switch body {
        case .none:
            return [.sip(.respondToReinvite(SIPReply(200, body: offer())))]
        case .unreadable(let text):
            return [.sip(.respondToReinvite(SIPReply(400))), .note(text)]
        case .description(let description):
            let wasHeld = agreed?.isHeldByPeer ?? false
            switch answer(description) {
            case .success(let answer):
                return changed(wasHeld) + [.sip(.respondToReinvite(SIPReply(200, body: answer)))]
            // "If the new session description is not acceptable, the UAS can reject it by returning a 488"; the session
            // goes on as it was.
            case .failure(let refusal):
                return [
                    .sip(.respondToReinvite(SIPReply(488, warning: warning(refusal)))),
                    .note(sentence(refusal, description)),
                ]
            }
        }
    }

    /// The answer to the offer we gave a re-INVITE without one. Without a good one the session goes on as it was.
    mutating func reinviteAcknowledged(_ body: SessionBody) -> [LegEffect] {
        guard awaitsAnswer, case .description(let description) = body else { return [] }
        let wasHeld = agreed?.isHeldByPeer ?? false
        if let refusal = accept(description) { return [.note(refusal.text)] }
        return changed(wasHeld)
    }

    private func changed(_ wasHeld: Bool) -> [LegEffect] {
        let isHeld = agreed?.isHeldByPeer ?? false
        let note = isHeld == wasHeld ? [] : [LegEffect.note(isHeld ? "put on hold by SIP" : "resumed by SIP")]
        return (parameters.map { [.media($0)] } ?? []) + note
    }

    /// What does not fit, in both sides' words.
    func sentence(_ refusal: SDPRefusal, _ offer: SessionDescription) -> String {
        switch refusal {
        case .noCommonCodec:
            let theirs = offer.media.filter { $0.media == "audio" }.flatMap(\.payloadFormats)
                .filter { !$0.isTelephoneEvent }.map(\.encoding)
            let ours = grant.local.codecs.map(\.encoding)
            return "no codec in common: offered \(theirs.isEmpty ? "none" : theirs.joined(separator: ", ")), "
                + "ours are \(ours.joined(separator: ", ")); enable G.711 at the caller"
        case .noAudio, .unsupportedTransport, .unsupportedAddress:
            return refusal.text
        }
    }
}
