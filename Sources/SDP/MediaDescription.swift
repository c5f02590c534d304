// SPDX-License-Identifier: GPL-2.0-or-later

/// One `m=` section (RFC 8866 5.14).
package struct MediaDescription: Hashable, Sendable {
    /// `audio`, `video`, `image`, …
    package var media: String
    /// 0 means refused or ended (RFC 3264 6, 8.2).
    package var port: UInt16
    package var portCount: Int
    /// `RTP/AVP`, `RTP/SAVP`, `udptl`, …
    package var transport: String
    /// Payload types for RTP, else what the transport says.
    package var formats: [String]
    /// Overrides that of the session.
    package var connection: SDPAddress?
    package var bandwidths: [String]
    package var attributes: [SDPAttribute]

    package init(
        media: String, port: UInt16, transport: String = "RTP/AVP", formats: [String], connection: SDPAddress? = nil,
        attributes: [SDPAttribute] = []
    ) {
        self.media = media
        self.port = port
        portCount = 1
        self.transport = transport
        self.formats = formats
        self.connection = connection
        bandwidths = []
        self.attributes = attributes
    }

    init?(line: Substring) {
        let fields = line.split(separator: " ")
        guard fields.count >= 4 else { return nil }
        let ports = fields[1].split(separator: "/", maxSplits: 1)
        guard let first = ports.first, let port = UInt16(first) else { return nil }
        self.init(
            media: String(fields[0]), port: port, transport: String(fields[2]), formats: fields[3...].map(String.init))
        if ports.count > 1 {
            guard let count = UInt16(ports[1]) else { return nil }
            portCount = Int(count)
        }
    }

    /// The formats that are RTP payload types, in the order of preference, with what `rtpmap` and `fmtp` say of them.
    ///
    /// A dynamic type without `rtpmap` means nothing and is left out.
    package var payloadFormats: [PayloadFormat] {
        var maps: [UInt8: PayloadFormat] = [:]
        var parameters: [UInt8: String] = [:]
        for attribute in attributes {
            guard let value = attribute.value else { continue }
            if attribute.name == "rtpmap", let format = PayloadFormat(rtpmap: value) {
                if maps[format.payloadType] == nil { maps[format.payloadType] = format }
            } else if attribute.name == "fmtp" {
                let parts = value.split(separator: " ", maxSplits: 1)
                if parts.count == 2, let payloadType = UInt8(parts[0]) { parameters[payloadType] = String(parts[1]) }
            }
        }
        return formats.compactMap { text in
            guard let payloadType = UInt8(text), payloadType < 128 else { return nil }
            var format = maps[payloadType]
            if format == nil, let fixed = PayloadFormat.fixed[payloadType] {
                format = PayloadFormat(
                    payloadType: payloadType, encoding: fixed.encoding, clockRate: fixed.clockRate)
            }
            format?.parameters = parameters[payloadType]
            return format
        }
    }

    /// Milliseconds; `nil` when absent or no sensible number.
    package var ptime: Int? { milliseconds("ptime") }

    package var maxptime: Int? { milliseconds("maxptime") }

    /// Of this section alone; `nil` when it does not say.
    package var direction: MediaDirection? {
        attributes.lazy.compactMap { $0.value == nil ? MediaDirection(rawValue: $0.name) : nil }.first
    }

    /// `a=rtcp:` (RFC 3605).
    package var rtcpPort: UInt16? {
        attributes["rtcp"].flatMap { $0.split(separator: " ").first }.flatMap { UInt16($0) }
    }

    private func milliseconds(_ name: String) -> Int? {
        guard let text = attributes[name]?.prefix(while: { $0 >= "0" && $0 <= "9" }), let value = Int(text),
            (1...1000).contains(value)
        else { return nil }
        return value
    }
}
