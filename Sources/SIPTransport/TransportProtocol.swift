// SPDX-License-Identifier: GPL-2.0-or-later

/// What SIP travels on (RFC 3261 section 18).
package enum TransportProtocol: Hashable, Sendable, CaseIterable, CustomStringConvertible {
    case udp
    case tcp

    /// As a Via writes it.
    package var viaName: String {
        switch self {
        case .udp: "UDP"
        case .tcp: "TCP"
        }
    }

    /// As a `transport` parameter and a listen address write it.
    package var description: String {
        switch self {
        case .udp: "udp"
        case .tcp: "tcp"
        }
    }

    /// Without regard to case.
    package init?(_ name: some StringProtocol) {
        switch name.lowercased() {
        case "udp": self = .udp
        case "tcp": self = .tcp
        default: return nil
        }
    }
}
