// SPDX-License-Identifier: GPL-2.0-or-later
package import ISDN
package import LineProtocol
package import Routing

/// A SIP peer calls are exchanged with.
package struct SIPTrunk: Hashable, Sendable {
    package var name: TrunkName
    package var peer: Peer
    /// Who may call in as this trunk.
    package var allow: [AddressBlock]
    /// In order of preference; never empty.
    package var codecs: [G711Law]
    package var packetMilliseconds: UInt8
    package var digits: DigitCarrier
    /// REGISTER from those let in is accepted, without a password.
    package var acceptsRegistrations: Bool

    /// Where calls to the trunk go.
    package enum Peer: Hashable, Sendable {
        case address(TransportAddress, SIPTransportKind)
        /// To whoever registered: the number called, or anyone where nobody registered by it.
        case registered
    }

    package enum DigitCarrier: Hashable, Sendable {
        /// Telephone events where the peer takes them.
        case rfc4733
        /// In the audio, whatever the peer takes.
        case inband
    }
}
