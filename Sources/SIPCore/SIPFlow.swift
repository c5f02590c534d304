// SPDX-License-Identifier: GPL-2.0-or-later
package import SIPMessages

package enum SIPTransportKind: String, Hashable, Sendable, CaseIterable {
    case udp, tcp, tls

    package var isReliable: Bool { self != .udp }

    /// As in a Via.
    package var viaName: String { rawValue.uppercased() }

    package var defaultPort: UInt16 { self == .tls ? 5061 : 5060 }

    /// From a `transport` parameter or a Via; `nil` for one we do not have.
    package init?(name: String) { self.init(rawValue: name.lowercased()) }
}

/// A numeric address and a port.
package struct SIPAddress: Hashable, Sendable, CustomStringConvertible {
    /// An IPv6 address without brackets.
    package var host: String
    package var port: UInt16

    package init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    package var description: String { "\(SIPURI.hostText(host)):\(port)" }
}

/// The way a message came: both addresses, and the connection when the transport has them.
package struct SIPFlow: Hashable, Sendable {
    package var transport: SIPTransportKind
    /// The address it was sent to: never a wildcard, since peers are told to answer there.
    package var local: SIPAddress
    package var remote: SIPAddress
    package var connection: UInt64?

    package init(transport: SIPTransportKind, local: SIPAddress, remote: SIPAddress, connection: UInt64? = nil) {
        self.transport = transport
        self.local = local
        self.remote = remote
        self.connection = connection
    }
}

/// The way a message is to go. A host that is no address is for the transport to resolve (RFC 3263).
package struct SIPDestination: Hashable, Sendable, CustomStringConvertible {
    package var transport: SIPTransportKind
    package var host: String
    package var port: UInt16
    /// To be used while it is open; else a new one is made.
    package var connection: UInt64?
    /// The socket to send from, where there are several; `nil` leaves it to the transport.
    package var local: SIPAddress?

    package init(
        transport: SIPTransportKind, host: String, port: UInt16, connection: UInt64? = nil, local: SIPAddress? = nil
    ) {
        self.transport = transport
        self.host = host
        self.port = port
        self.connection = connection
        self.local = local
    }

    /// Where a URI leads: its `transport`, host and port.
    ///
    /// - Parameter transport: used unless the URI names one.
    package init(_ uri: SIPURI, transport: SIPTransportKind = .udp) {
        var kind = uri.parameters["transport"].flatMap { SIPTransportKind(name: $0) } ?? transport
        if uri.scheme == .sips { kind = .tls }
        self.init(transport: kind, host: uri.host, port: uri.port ?? kind.defaultPort)
    }

    package var description: String { "\(transport.rawValue)://\(SIPURI.hostText(host)):\(port)" }
}
