// SPDX-License-Identifier: GPL-2.0-or-later

/// An IP address as a number: its first octet is the most significant, so that 127.0.0.1 is 0x7F00_0001.
package enum IPAddress: Hashable, Sendable {
    case v4(UInt32)
    case v6(UInt64, UInt64)
}

/// An IP address and a UDP port.
package struct TransportAddress: Hashable, Sendable {
    package var address: IPAddress
    package var port: UInt16

    package init(_ address: IPAddress, port: UInt16) {
        self.address = address
        self.port = port
    }
}
