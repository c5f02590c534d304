// SPDX-License-Identifier: GPL-2.0-or-later

/// The parts of offers and answers that hold no state.
extension AudioSession {
    static func section(
        _ audio: LocalAudio, formats: [PayloadFormat], direction: MediaDirection
    ) -> MediaDescription {
        var attributes: [SDPAttribute] = []
        for format in formats {
            attributes.append(SDPAttribute("rtpmap", format.rtpmap))
            if let parameters = format.parameters {
                attributes.append(SDPAttribute("fmtp", "\(format.payloadType) \(parameters)"))
            }
        }
        attributes.append(SDPAttribute("ptime", "\(audio.ptime)"))
        attributes.append(SDPAttribute(direction.rawValue))
        return MediaDescription(
            media: "audio", port: audio.port, formats: formats.map { "\($0.payloadType)" }, attributes: attributes)
    }

    /// Digits 0–9, *, #, A–D (RFC 4733 3.2).
    static func telephoneEvent(_ payloadType: UInt8) -> PayloadFormat {
        PayloadFormat(
            payloadType: payloadType, encoding: "telephone-event", clockRate: 8000, parameters: "0-15")
    }

    /// "To reject an offered stream, the port number in the corresponding stream in the answer MUST be set to zero" (6).
    static func refused(_ section: MediaDescription) -> MediaDescription {
        MediaDescription(
            media: section.media, port: 0, transport: section.transport, formats: section.formats)
    }

    /// Address, times and direction of a stream whose codec is chosen.
    static func agree(
        _ remote: SessionDescription, _ section: MediaDescription, codec: AudioCodec, format: PayloadFormat,
        digits: PayloadFormat?, local: LocalAudio, limit: MediaDirection
    ) -> Result<NegotiatedAudio, SDPRefusal> {
        guard let address = remote.address(of: section), address.isUnicastLiteral,
            address.family == SDPAddress(local.address).family
        else { return .failure(.unsupportedAddress) }
        let theirs = remote.direction(of: section)
        var direction = theirs.reversed.limited(to: limit)
        if address.isUnspecified { direction = direction.limited(to: .receiveOnly) }
        return .success(
            NegotiatedAudio(
                remoteAddress: address.text, remotePort: section.port,
                remoteRTCPPort: section.rtcpPort ?? (section.port == .max ? 0 : section.port + 1), codec: codec,
                sendPayloadType: format.payloadType, receivePayloadType: format.payloadType,
                sendTelephoneEvent: digits?.payloadType, receiveTelephoneEvent: digits?.payloadType,
                ptime: packetTime(section, local), direction: direction,
                isHeldByPeer: !theirs.receives || address.isUnspecified))
    }

    /// What the peer prefers, when it is a whole number of 10 ms blocks and within what it can take; else ours.
    private static func packetTime(_ section: MediaDescription, _ local: LocalAudio) -> Int {
        let limit = section.maxptime ?? 60
        for wish in [section.ptime, local.ptime] {
            if let wish, wish % 10 == 0, (10...60).contains(wish), wish <= limit { return wish }
        }
        return limit < 20 ? 10 : 20
    }
}
