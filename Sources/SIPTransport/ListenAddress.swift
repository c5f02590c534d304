// SPDX-License-Identifier: GPL-2.0-or-later
package import NIOCore
package import SIPCore

/// Where to listen, as the configuration writes it: `udp://0.0.0.0:5060`, `tcp://[::]:5060`.
package struct ListenAddress: Hashable, Sendable, CustomStringConvertible {
    package var transport: SIPTransportKind
    package var address: SocketAddress

    package init(_ transport: SIPTransportKind, _ address: SocketAddress) {
        self.transport = transport
        self.address = address
    }

    /// Nil unless it is `udp` or `tcp`, a numeric address and a port; without a port it is 5060. Port 0 takes any free one.
    package init?(_ text: String) {
        guard let scheme = text.firstRange(of: "://"),
            let transport = SIPTransportKind(name: String(text[..<scheme.lowerBound])), transport != .tls,
            let address = SocketAddress(numeric: String(text[scheme.upperBound...]), defaultPort: 5060)
        else { return nil }
        self.init(transport, address)
    }

    package var description: String { "\(transport)://\(address.text)" }
}
