// SPDX-License-Identifier: GPL-2.0-or-later
package import NIOCore

/// What a peer can make the transport layer hold.
package struct TransportLimits: Sendable {
    package var maximumDatagramOctets = 65_535
    package var maximumHeaderOctets = 16 * 1024
    package var maximumBodyOctets = 64 * 1024
    /// Accepted and opened connections together.
    package var maximumConnections = 1_024
    /// Of one connection.
    package var maximumBufferedOctets = 512 * 1024
    /// A connection that was silent both ways for this long is closed. RFC 5626 has peers ping every two minutes.
    package var idleTimeout = TimeAmount.minutes(10)
    package var connectTimeout = TimeAmount.seconds(5)

    package init() {}
}
