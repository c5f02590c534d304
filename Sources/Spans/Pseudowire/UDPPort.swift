// SPDX-License-Identifier: GPL-2.0-or-later
import CLinux
import Glibc
package import LineProtocol

/// A UDP socket between two configured addresses.
package final class UDPPort: PacketPort {
    package let descriptors: [Int32]
    private let descriptor: Int32
    private var remote: cl_address

    package init(local: TransportAddress, remote: TransportAddress) throws(SpanError) {
        var address = cl_address(local)
        let result = unsafe cl_udp_bind(&address)
        guard result >= 0 else { throw Self.refusal(-result, local) }
        descriptor = result
        descriptors = [result]
        self.remote = cl_address(remote)
    }

    deinit {
        close(descriptor)
    }

    package func receive(into buffer: UnsafeMutableRawBufferPointer) -> PacketArrival {
        var source = cl_address()
        while true {
            switch unsafe cl_udp_receive(descriptor, buffer.baseAddress, buffer.count, &source) {
            case let octets where octets >= 0:
                guard source.low == remote.low, source.high == remote.high, source.port == remote.port,
                    source.is_v6 == remote.is_v6
                else { return .foreign }
                return .packet(octets: octets)
            case -Int(EMSGSIZE): return .tooLong
            // What an ICMP message left behind: the peer is not there yet.
            case -Int(ECONNREFUSED), -Int(EINTR): continue
            default: return .none
            }
        }
    }

    package func send(_ packet: UnsafeRawBufferPointer) -> Bool {
        unsafe cl_udp_send(descriptor, packet.baseAddress, packet.count, &remote) == packet.count
    }

    private static func refusal(_ error: Int32, _ local: TransportAddress) -> SpanError {
        guard error == EADDRINUSE else {
            let reason = unsafe String(cString: strerror(error))
            return SpanError("cannot open UDP \(local.text): \(reason)")
        }
        let owner = unsafe withUnsafeTemporaryAllocation(byteCount: 128, alignment: 1) { text -> String? in
            let bytes = unsafe text.assumingMemoryBound(to: CChar.self)
            guard unsafe cl_port_owner(local.port, 0, bytes.baseAddress, bytes.count) > 0 else { return nil }
            return unsafe bytes.baseAddress.map { unsafe String(cString: $0) }
        }
        let by = owner.map { "used by \($0)" } ?? "in use"
        return SpanError("UDP \(local.text) is \(by): stop it, or give the span another local port")
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

extension TransportAddress {
    /// As people write it: 127.0.0.1:61000, [::1]:61000.
    var text: String {
        switch address {
        case .v4(let value):
            let octets = [24, 16, 8, 0].map { shift in String(value >> UInt32(shift) & 0xFF) }
            return octets.joined(separator: ".") + ":\(port)"
        case .v6(let high, let low):
            let groups = [high, low].flatMap { half in
                [48, 32, 16, 0].map { shift in String(half >> UInt64(shift) & 0xFFFF, radix: 16) }
            }
            return "[" + groups.joined(separator: ":") + "]:\(port)"
        }
    }
}
