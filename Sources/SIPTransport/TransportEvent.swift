// SPDX-License-Identifier: GPL-2.0-or-later
package import NIOCore
package import SIPCore
package import SIPMessages

/// One TCP connection; the number is never used twice by one transport layer.
package struct ConnectionID: Hashable, Sendable, CustomStringConvertible {
    package var number: UInt64

    package init(_ number: UInt64) {
        self.number = number
    }

    package var description: String { "\(number)" }
}

/// The path a message came by.
package struct MessageSource: Hashable, Sendable {
    package var transport: SIPTransportKind
    /// The listener's address for a datagram; 0.0.0.0 when it listens on every address.
    package var local: SocketAddress
    package var remote: SocketAddress
    package var connection: ConnectionID?

    package init(
        transport: SIPTransportKind, local: SocketAddress, remote: SocketAddress, connection: ConnectionID? = nil
    ) {
        self.transport = transport
        self.local = local
        self.remote = remote
        self.connection = connection
    }
}

/// Where a message is to go.
package struct TransportDestination: Hashable, Sendable, CustomStringConvertible {
    package var transport: SIPTransportKind
    package var address: SocketAddress
    /// Used while it lives (RFC 3261 18.2.2: a response goes back on the connection its request came by); after that
    /// one to `address` is looked for or opened.
    package var connection: ConnectionID?

    /// The listener to send a datagram from, where there are several; nil chooses by the route.
    package var local: SocketAddress?

    package init(
        _ transport: SIPTransportKind, _ address: SocketAddress, connection: ConnectionID? = nil,
        local: SocketAddress? = nil
    ) {
        self.transport = transport
        self.address = address
        self.connection = connection
        self.local = local
    }

    package var description: String { "\(transport):\(address.text)" }
}

/// What comes up from the transport layer.
package enum TransportEvent: Sendable {
    case received(SIPMessage, MessageSource)
    /// Octets that are no SIP message. For a datagram or a whole message of a stream; the error says what may be answered.
    case malformed([UInt8], SIPParseError, MessageSource)
    /// A connection is gone; nothing more comes on it.
    case closed(ConnectionID, SocketAddress)
}

/// Why octets could not be sent (RFC 3261 18.4, 17.1.4).
package enum TransportError: Error, Hashable, Sendable, CustomStringConvertible {
    /// No listener of that transport and address family.
    case noListener(TransportDestination)
    /// The system refused it, or the connection could not be made; the sentence is the system's.
    case failed(TransportDestination, String)
    case connectTimeout(TransportDestination, milliseconds: Int64)
    case tooManyConnections(TransportDestination, limit: Int)
    /// The peer does not read what it is sent.
    case peerTooSlow(TransportDestination, bufferedOctets: Int)
    case closed(TransportDestination)

    package var description: String {
        switch self {
        case .noListener(let to):
            "cannot send to \(to): nothing listens for \(to.transport.viaName) over \(to.address.isIPv6 ? "IPv6" : "IPv4")"
                + "; add such an address to sip.listen"
        case .failed(let to, let why): "cannot send to \(to): \(why)"
        case .connectTimeout(let to, let time): "cannot connect to \(to): no answer within \(time) ms"
        case .tooManyConnections(let to, let limit): "cannot connect to \(to): all \(limit) connections are taken"
        case .peerTooSlow(let to, let octets): "closed the connection to \(to): it left \(octets) octets unread"
        case .closed(let to): "the connection to \(to) was closed"
        }
    }
}
