// SPDX-License-Identifier: GPL-2.0-or-later

/// What offer and answer agreed on for the audio stream, from our view.
package struct NegotiatedAudio: Hashable, Sendable {
    package var remoteAddress: String
    package var remotePort: UInt16
    package var remoteRTCPPort: UInt16
    package var codec: AudioCodec
    /// In what we send.
    package var sendPayloadType: UInt8
    /// In what we receive.
    package var receivePayloadType: UInt8
    /// `telephone-event`, when both ends carry digits that way.
    package var sendTelephoneEvent: UInt8?
    package var receiveTelephoneEvent: UInt8?
    /// Milliseconds per packet that we send.
    package var ptime: Int
    /// What we do: `.receiveOnly` or `.inactive` while the peer holds us.
    package var direction: MediaDirection
    /// The peer put us on hold: its description says that it does not receive (RFC 3264 8.4).
    package var isHeldByPeer: Bool
}

/// Why a description cannot be agreed to: what a 488 says in its Warning (RFC 3261 20.43).
package enum SDPRefusal: Error, Hashable, Sendable, CaseIterable {
    case noAudio, noCommonCodec, unsupportedTransport, unsupportedAddress

    package var warningCode: Int {
        switch self {
        case .noAudio: 304
        case .noCommonCodec: 305
        case .unsupportedTransport: 302
        case .unsupportedAddress: 301
        }
    }

    package var text: String {
        switch self {
        case .noAudio: "Media type not available: no audio stream in the session description"
        case .noCommonCodec: "Incompatible media format: no codec in common"
        case .unsupportedTransport: "Incompatible transport protocol: only RTP/AVP"
        case .unsupportedAddress: "Incompatible network address formats"
        }
    }
}
