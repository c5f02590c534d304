// SPDX-License-Identifier: GPL-2.0-or-later

/// Our side of the offers and answers of one dialog, for one audio stream (RFC 3264).
///
/// Keeps the description we sent last: its version goes up when a new one differs and stays when it does not. After a
/// restart `init(restoring:)` takes it from the text of that description.
package struct AudioSession: Hashable, Sendable {
    package let sessionID: String
    /// What we sent last.
    package private(set) var local: SessionDescription?
    /// What the peer sent last and we agreed to.
    package private(set) var remote: SessionDescription?
    /// Our offer that waits for its answer.
    package private(set) var isOfferOutstanding = false
    /// What our offer said we can do.
    private var offered: LocalAudio?

    /// `sessionID` comes from the generator of ids.
    package init(sessionID: UInt64) { self.sessionID = String(sessionID) }

    /// Goes on from the description we sent last.
    package init(restoring local: SessionDescription) {
        sessionID = local.origin.sessionID
        self.local = local
    }

    /// An offer of one audio stream, every codec in order of preference.
    package mutating func offer(_ audio: LocalAudio, direction: MediaDirection = .sendReceive) -> SessionDescription {
        var formats = audio.codecs.map(\.format)
        if let payloadType = audio.telephoneEvent { formats.append(Self.telephoneEvent(payloadType)) }
        // A stream is never taken out of a session and keeps its place; those not offered again have port 0 (8.2).
        var sections = (local?.media ?? []).map(Self.refused)
        let section = Self.section(audio, formats: formats, direction: direction)
        if let index = audioIndex { sections[index] = section } else { sections.insert(section, at: 0) }
        let description = describe(audio, sections)
        offered = audio
        isOfferOutstanding = true
        return description
    }

    /// The peer's answer to our offer. The offer is outstanding no more, whether it can be agreed to or not.
    package mutating func accept(_ answer: SessionDescription) -> Result<NegotiatedAudio, SDPRefusal> {
        isOfferOutstanding = false
        guard let offered, let index = audioIndex, index < answer.media.count else { return .failure(.noAudio) }
        let section = answer.media[index]
        guard section.media == "audio", section.port != 0 else { return .failure(.noAudio) }
        guard section.transport == "RTP/AVP" else { return .failure(.unsupportedTransport) }
        let formats = section.payloadFormats
        for format in formats {
            guard let codec = offered.codecs.first(where: { format.carries($0) }) else { continue }
            let digits = offered.telephoneEvent.flatMap { _ in formats.first { $0.isTelephoneEvent } }
            let ours = local?.media[index].direction ?? .sendReceive
            let result = Self.agree(
                answer, section, codec: codec, format: format, digits: digits, local: offered, limit: ours)
            guard case .success(var agreed) = result else { return result }
            // We receive under the numbers of our offer and send under those of the answer (RFC 3264 6.1).
            agreed.receivePayloadType = codec.payloadType
            agreed.receiveTelephoneEvent = digits == nil ? nil : offered.telephoneEvent
            remote = answer
            return .success(agreed)
        }
        return .failure(.noCommonCodec)
    }

    /// Our answer to the peer's offer: its first audio stream over RTP/AVP that has a codec of ours, the others refused
    /// with port 0. The codec is the first of ours that is offered; one codec is answered, so that none can change.
    ///
    /// - Parameter direction: what we want to do; the answer does no more than the offer lets it.
    package mutating func answer(
        to offer: SessionDescription, with audio: LocalAudio, direction: MediaDirection = .sendReceive
    ) -> Result<Answer, SDPRefusal> {
        var refusal = SDPRefusal.noAudio
        for (index, section) in offer.media.enumerated() where section.media == "audio" && section.port != 0 {
            guard section.transport == "RTP/AVP" else {
                refusal = .unsupportedTransport
                continue
            }
            let formats = section.payloadFormats
            let choice = audio.codecs.lazy.compactMap { codec in
                formats.first { $0.carries(codec) }.map { (codec: codec, format: $0) }
            }.first
            guard let choice else {
                refusal = .noCommonCodec
                continue
            }
            let digits = audio.telephoneEvent.flatMap { _ in formats.first { $0.isTelephoneEvent } }
            let result = Self.agree(
                offer, section, codec: choice.codec, format: choice.format, digits: digits, local: audio,
                limit: direction)
            switch result {
            case .failure(let reason): refusal = reason
            case .success(let agreed):
                var answered = [choice.format]
                if let digits { answered.append(Self.telephoneEvent(digits.payloadType)) }
                let ours = Self.section(audio, formats: answered, direction: agreed.direction)
                var sections = offer.media.map(Self.refused)
                sections[index] = ours
                let description = describe(audio, sections)
                remote = offer
                isOfferOutstanding = false
                return .success(Answer(description: description, audio: agreed))
            }
        }
        return .failure(refusal)
    }

    /// Where our audio stream stands among the `m=` lines.
    private var audioIndex: Int? { local?.media.firstIndex { $0.media == "audio" && $0.port != 0 } }

    package struct Answer: Hashable, Sendable {
        package var description: SessionDescription
        package var audio: NegotiatedAudio
    }

    /// "When issuing an offer that modifies the session, the 'o=' line of the new SDP MUST be identical to that in the
    /// previous SDP, except that the version in the origin field MUST increment by one from the previous SDP. If the
    /// version in the origin line does not increment, the SDP MUST be identical to the SDP with that version number" (8).
    private mutating func describe(_ audio: LocalAudio, _ sections: [MediaDescription]) -> SessionDescription {
        let address = SDPAddress(audio.address)
        let version = local?.origin.version ?? 1
        let origin = SessionDescription.Origin(
            username: local?.origin.username ?? "-", sessionID: sessionID, version: version,
            address: local?.origin.address ?? address)
        var description = SessionDescription(origin: origin, connection: address, media: sections)
        if let local, local != description { description.origin.version = version &+ 1 }
        local = description
        return description
    }
}
