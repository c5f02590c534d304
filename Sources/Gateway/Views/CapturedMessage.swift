// SPDX-License-Identifier: GPL-2.0-or-later

/// A message as it was on the wire, for the capture file.
package struct CapturedMessage: Sendable, Codable, Hashable {
    package enum Interface: String, Sendable, Codable, CaseIterable {
        case sip
        case lapd
    }

    /// Nil when the message belongs to no call, or nobody can tell to which (most LAPD frames).
    package var call: UInt32?
    /// Wall-clock nanoseconds since 1970.
    package var time: UInt64
    package var interface: Interface
    /// Span name for LAPD; "udp" or "tcp" for SIP.
    package var name: String
    package var sent: Bool
    /// "address:port" of both ends ("[address]:port" for IPv6); empty for LAPD.
    package var local: String
    package var remote: String
    /// A SIP message, or a LAPD frame without its FCS.
    package var octets: [UInt8]

    package init(
        call: UInt32?, time: UInt64, interface: Interface, name: String, sent: Bool, local: String = "",
        remote: String = "", octets: [UInt8]
    ) {
        self.call = call
        self.time = time
        self.interface = interface
        self.name = name
        self.sent = sent
        self.local = local
        self.remote = remote
        self.octets = octets
    }
}
