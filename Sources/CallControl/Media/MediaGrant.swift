// SPDX-License-Identifier: GPL-2.0-or-later
package import LineProtocol
package import SDP

/// The RTP endpoint a SIP leg may use: bound ahead by the line program, so that an SDP answer costs no round trip.
package struct MediaGrant: Hashable, Sendable {
    package var endpoint: EndpointID
    /// The address and port of the endpoint as the peer sees them, and what the trunk may negotiate.
    package var local: LocalAudio
    /// For the `o=` line, from the generator of ids.
    package var sessionID: UInt64
    /// The fixed delay of the jitter buffer.
    package var jitterMilliseconds: UInt16

    package init(endpoint: EndpointID, local: LocalAudio, sessionID: UInt64, jitterMilliseconds: UInt16 = 40) {
        self.endpoint = endpoint
        self.local = local
        self.sessionID = sessionID
        self.jitterMilliseconds = jitterMilliseconds
    }
}
