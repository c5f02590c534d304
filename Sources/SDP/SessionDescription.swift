// SPDX-License-Identifier: GPL-2.0-or-later

/// A session description (RFC 8866), as far as SIP endpoints use it. Lines of other kinds are skipped.
package struct SessionDescription: Hashable, Sendable, CustomStringConvertible {
    /// `o=`: names the session and counts its versions.
    package struct Origin: Hashable, Sendable {
        package var username: String
        package var sessionID: String
        /// Goes up by one when the description changes (RFC 3264 8).
        package var version: UInt64
        package var address: SDPAddress

        package init(username: String = "-", sessionID: String, version: UInt64, address: SDPAddress) {
            self.username = username
            self.sessionID = sessionID
            self.version = version
            self.address = address
        }
    }

    package var origin: Origin
    package var name: String
    package var connection: SDPAddress?
    package var bandwidths: [String]
    package var times: [String]
    package var attributes: [SDPAttribute]
    package var media: [MediaDescription]

    package init(origin: Origin, name: String = "-", connection: SDPAddress?, media: [MediaDescription] = []) {
        self.origin = origin
        self.name = name
        self.connection = connection
        bandwidths = []
        times = ["0 0"]
        attributes = []
        self.media = media
    }

    /// Where that stream's packets go: the `c=` of the section, else of the session.
    package func address(of media: MediaDescription) -> SDPAddress? { media.connection ?? connection }

    /// "If the media-level direction attribute is not present, that of the session applies; sendrecv is the default."
    package func direction(of media: MediaDescription) -> MediaDirection {
        if let direction = media.direction { return direction }
        let session = attributes.lazy.compactMap { $0.value == nil ? MediaDirection(rawValue: $0.name) : nil }.first
        return session ?? .sendReceive
    }

    package var description: String {
        var lines = [
            "v=0", "o=\(origin.username) \(origin.sessionID) \(origin.version) \(origin.address)", "s=\(name)",
        ]
        if let connection { lines.append("c=\(connection)") }
        lines += bandwidths.map { "b=" + $0 }
        lines += times.map { "t=" + $0 }
        lines += attributes.map { "a=\($0)" }
        for section in media {
            let ports = section.portCount == 1 ? "\(section.port)" : "\(section.port)/\(section.portCount)"
            lines.append("m=\(section.media) \(ports) \(section.transport) \(section.formats.joined(separator: " "))")
            if let connection = section.connection { lines.append("c=\(connection)") }
            lines += section.bandwidths.map { "b=" + $0 }
            lines += section.attributes.map { "a=\($0)" }
        }
        return lines.map { $0 + "\r\n" }.joined()
    }

    /// As the body of a message.
    package func encoded() -> [UInt8] { Array(description.utf8) }
}
