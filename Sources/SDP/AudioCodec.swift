// SPDX-License-Identifier: GPL-2.0-or-later

/// An audio encoding we can be asked to negotiate. What it sounds like is none of this module's business.
package struct AudioCodec: Hashable, Sendable, CustomStringConvertible {
    /// As in `rtpmap`: `PCMA`.
    package var encoding: String
    package var clockRate: UInt32
    package var channels: Int
    /// The payload type we offer it under: its static one, or a dynamic one of ours.
    package var payloadType: UInt8
    package var parameters: String?

    package init(
        encoding: String, clockRate: UInt32 = 8000, channels: Int = 1, payloadType: UInt8, parameters: String? = nil
    ) {
        self.encoding = encoding
        self.clockRate = clockRate
        self.channels = channels
        self.payloadType = payloadType
        self.parameters = parameters
    }

    package static let pcma = AudioCodec(encoding: "PCMA", payloadType: 8)
    package static let pcmu = AudioCodec(encoding: "PCMU", payloadType: 0)

    package var description: String { encoding }

    var format: PayloadFormat {
        PayloadFormat(
            payloadType: payloadType, encoding: encoding, clockRate: clockRate, channels: channels,
            parameters: parameters)
    }
}
