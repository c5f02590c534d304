// SPDX-License-Identifier: GPL-2.0-or-later

/// One format of an `m=` line over RTP: payload type with its `rtpmap` and `fmtp` (RFC 8866 6.6, 6.15).
package struct PayloadFormat: Hashable, Sendable {
    package var payloadType: UInt8
    package var encoding: String
    package var clockRate: UInt32
    package var channels: Int
    package var parameters: String?

    package init(
        payloadType: UInt8, encoding: String, clockRate: UInt32, channels: Int = 1, parameters: String? = nil
    ) {
        self.payloadType = payloadType
        self.encoding = encoding
        self.clockRate = clockRate
        self.channels = channels
        self.parameters = parameters
    }

    package var isTelephoneEvent: Bool { isNamed("telephone-event") && clockRate == 8000 }

    func isNamed(_ name: String) -> Bool { encoding.lowercased() == name.lowercased() }

    package func carries(_ codec: AudioCodec) -> Bool {
        isNamed(codec.encoding) && clockRate == codec.clockRate && channels == codec.channels
    }

    /// What a payload type means without an `rtpmap` (RFC 3551 table 4), as far as a telephone gateway meets it.
    static let fixed: [UInt8: (encoding: String, clockRate: UInt32)] = [
        0: ("PCMU", 8000), 3: ("GSM", 8000), 4: ("G723", 8000), 8: ("PCMA", 8000), 9: ("G722", 8000),
        13: ("CN", 8000), 15: ("G728", 8000), 18: ("G729", 8000),
    ]

    /// `rtpmap` value: `8 PCMA/8000`, `96 opus/48000/2`.
    init?(rtpmap: String) {
        let parts = rtpmap.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, let payloadType = UInt8(parts[0]), payloadType < 128 else { return nil }
        let fields = parts[1].drop { $0 == " " }.split(separator: "/")
        guard fields.count >= 2, let clockRate = UInt32(fields[1].prefix { $0.isNumber }) else { return nil }
        let channels = fields.count > 2 ? Int(fields[2].prefix { $0.isNumber }) ?? 1 : 1
        self.init(payloadType: payloadType, encoding: String(fields[0]), clockRate: clockRate, channels: channels)
    }

    var rtpmap: String { "\(payloadType) \(encoding)/\(clockRate)\(channels > 1 ? "/\(channels)" : "")" }
}
