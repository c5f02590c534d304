// SPDX-License-Identifier: GPL-2.0-or-later
package import LineProtocol

/// A range of IP addresses, as CIDR writes it (RFC 4632).
package struct AddressBlock: Hashable, Sendable, CustomStringConvertible {
    package let address: IPAddress
    /// Leading bits that count: 0 to 32 or to 128.
    package let prefixLength: Int

    /// Bits beyond the prefix are cleared; a length beyond the address's is the whole address.
    package init(_ address: IPAddress, prefixLength: Int) {
        self.prefixLength = min(max(prefixLength, 0), Self.bits(address))
        self.address = Self.masked(address, self.prefixLength)
    }

    /// From `192.0.2.0/24`, or one address alone. Bits beyond the prefix are cleared.
    package init?(text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let first = parts.first, let address = IPAddress(text: String(first)) else {
            return nil
        }
        var length = Self.bits(address)
        if parts.count == 2 {
            guard let given = UInt8(parts[1]), parts[1].first != "+", given <= length else { return nil }
            length = Int(given)
        }
        self.init(address, prefixLength: length)
    }

    /// Whether it holds an address. An IPv4 address inside IPv6 (::ffff:0:0/96) is that IPv4 address.
    package func contains(_ candidate: IPAddress) -> Bool {
        Self.masked(Self.unmapped(candidate), prefixLength) == address
    }

    package var description: String {
        prefixLength == Self.bits(address) ? "\(address)" : "\(address)/\(prefixLength)"
    }

    private static func bits(_ address: IPAddress) -> Int {
        switch address {
        case .v4: 32
        case .v6: 128
        }
    }

    private static func unmapped(_ address: IPAddress) -> IPAddress {
        guard case .v6(0, let low) = address, low >> 32 == 0xFFFF else { return address }
        return .v4(UInt32(truncatingIfNeeded: low))
    }

    private static func masked(_ address: IPAddress, _ length: Int) -> IPAddress {
        switch address {
        // Shifts by the whole width give 0, as they should.
        case .v4(let value): .v4(value & UInt32.max << (32 - length))
        case .v6(let high, let low):
            .v6(high & UInt64.max << max(0, 64 - length), low & UInt64.max << min(64, 128 - length))
        }
    }
}
