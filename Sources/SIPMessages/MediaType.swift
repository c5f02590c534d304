// SPDX-License-Identifier: GPL-2.0-or-later

/// `application/sdp`, with parameters: the value of Content-Type and of each Accept (RFC 3261 20.15).
package struct MediaType: Hashable, Sendable, CustomStringConvertible {
    /// In lower case.
    package var type: String
    /// In lower case.
    package var subtype: String
    package var parameters: SIPParameters

    package static let sdp = MediaType(type: "application", subtype: "sdp")
    package static let dtmfRelay = MediaType(type: "application", subtype: "dtmf-relay")

    package init(type: String, subtype: String, parameters: SIPParameters = SIPParameters()) {
        self.type = type
        self.subtype = subtype
        self.parameters = parameters
    }

    init?(_ cursor: inout ByteCursor) {
        cursor.skipWhitespace()
        guard let type = cursor.token(), cursor.consumeSeparator(0x2F), let subtype = cursor.token(),
            let parameters = cursor.parameters()
        else { return nil }
        self.type = cursor.bytes.text(type).lowercased()
        self.subtype = cursor.bytes.text(subtype).lowercased()
        self.parameters = SIPParameters(text: cursor.bytes.text(parameters))
    }

    /// The same type, whatever the parameters.
    package func matches(_ other: MediaType) -> Bool { type == other.type && subtype == other.subtype }

    package var description: String { "\(type)/\(subtype)\(parameters.text)" }
}
