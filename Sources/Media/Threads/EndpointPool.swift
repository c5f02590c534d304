// SPDX-License-Identifier: GPL-2.0-or-later
import CLinux
import LineProtocol

/// Binds RTP sockets on the even ports of a range, one after the other from a random start; a port in use is passed over.
struct EndpointPool {
    let bind: IPAddress
    private let firstEven: Int
    private let count: Int
    private var next: Int

    /// Nil when the range holds no even port.
    init?(bind: IPAddress, firstPort: UInt16, lastPort: UInt16) {
        self.bind = bind
        firstEven = Int(firstPort) + Int(firstPort & 1)
        guard firstPort > 0, firstEven <= Int(lastPort) else { return nil }
        count = (Int(lastPort) - firstEven) / 2 + 1
        next = Int.random(in: 0..<count)
    }

    /// The next socket that can be bound; nil when all ports are in use.
    mutating func take() -> (descriptor: Int32, port: UInt16)? {
        for _ in 0..<count {
            let port = UInt16(firstEven + next * 2)
            next = (next + 1) % count
            var address = cl_address(TransportAddress(bind, port: port))
            let descriptor = unsafe cl_udp_bind(&address)
            if descriptor >= 0 { return (descriptor, port) }
        }
        return nil
    }
}

extension cl_address {
    init(_ address: TransportAddress) {
        switch address.address {
        case .v4(let value): self.init(high: 0, low: UInt64(value), port: address.port, is_v6: 0)
        case .v6(let high, let low): self.init(high: high, low: low, port: address.port, is_v6: 1)
        }
    }
}
