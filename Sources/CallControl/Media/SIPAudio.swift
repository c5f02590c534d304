// SPDX-License-Identifier: GPL-2.0-or-later
import ISDN
import LineProtocol
import SDP
import SIPMessages

/// One SIP leg's offers and answers, and what they make of its RTP endpoint.
struct SIPAudio: Hashable, Sendable {
    let grant: MediaGrant
    private(set) var session: AudioSession
    private(set) var agreed: NegotiatedAudio?

    init(_ grant: MediaGrant) {
        self.grant = grant
        session = AudioSession(sessionID: grant.sessionID)
    }

    /// Goes on from the description we sent last.
    init(_ grant: MediaGrant, restoring local: SessionDescription?) {
        self.grant = grant
        session = local.map { AudioSession(restoring: $0) } ?? AudioSession(sessionID: grant.sessionID)
    }

    /// What we sent last.
    var local: SessionDescription? { session.local }
    var codecName: String? { agreed?.codec.encoding }
    var awaitsAnswer: Bool { session.isOfferOutstanding }

    mutating func offer() -> SessionDescription { session.offer(grant.local) }

    /// Our answer; the old agreement stands when there is none.
    mutating func answer(_ offer: SessionDescription) -> Result<SessionDescription, SDPRefusal> {
        session.answer(to: offer, with: grant.local).map { answer in
            agreed = answer.audio
            return answer.description
        }
    }

    /// The peer's answer to our offer; a refusal leaves the old agreement.
    mutating func accept(_ answer: SessionDescription) -> SDPRefusal? {
        switch session.accept(answer) {
        case .success(let audio):
            agreed = audio
            return nil
        case .failure(let refusal):
            return refusal
        }
    }

    /// Nil until offer and answer have met.
    var parameters: EndpointParameters? {
        guard let agreed else { return nil }
        // "A port of zero … 0.0.0.0 specifies that neither RTP nor RTCP should be sent to the peer" (RFC 3264 8.4).
        let address = IPAddress(text: agreed.remoteAddress)
        let isReachable = address != nil && address?.isUnspecified == false && agreed.remotePort != 0
        return EndpointParameters(
            remote: isReachable ? address.map { TransportAddress($0, port: agreed.remotePort) } : nil,
            law: agreed.codec.encoding == AudioCodec.pcmu.encoding ? .muLaw : .aLaw,
            sendPayloadType: agreed.sendPayloadType, receivePayloadType: agreed.receivePayloadType,
            sendTelephoneEventType: agreed.sendTelephoneEvent, receiveTelephoneEventType: agreed.receiveTelephoneEvent,
            packetMilliseconds: UInt8(clamping: agreed.ptime), jitterMilliseconds: grant.jitterMilliseconds,
            sending: isReachable && agreed.direction.sends, receiving: agreed.direction.receives)
    }

    /// What a 488 says (RFC 3261 20.43); the agent is our address.
    func warning(_ refusal: SDPRefusal) -> WarningValue {
        WarningValue(code: refusal.warningCode, agent: grant.local.address, text: refusal.text)
    }
}

extension IPAddress {
    var isUnspecified: Bool {
        switch self {
        case .v4(let value): value == 0
        case .v6(let high, let low): high == 0 && low == 0
        }
    }
}
