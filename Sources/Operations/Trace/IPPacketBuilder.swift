// SPDX-License-Identifier: GPL-2.0-or-later
import Gateway

/// Puts IP and UDP or TCP headers around messages that were captured without them: addresses, ports, lengths and checksums
/// are right, TCP sequence numbers continue from message to message, and there is no handshake.
struct IPPacketBuilder {
    private struct Flow: Hashable {
        var source: SocketName
        var destination: SocketName
    }

    /// The most a segment carries, so that the length field of IP holds it.
    private static let largestSegment = 65_000

    private var nextSequence: [Flow: UInt32] = [:]

    /// One packet, or several when a message over TCP does not fit in one. A UDP message that could not exist is cut.
    mutating func packets(_ message: CapturedMessage) -> [[UInt8]] {
        var local = SocketName(message.local)
        var remote = SocketName(message.remote)
        if local.octets.count != remote.octets.count {
            (local, remote) = (local.mapped, remote.mapped)
        }
        let flow = message.sent ? Flow(source: local, destination: remote) : Flow(source: remote, destination: local)
        guard message.name == "tcp" || message.name == "tls" else {
            return [udp(Array(message.octets.prefix(IPPacketBuilder.largestSegment)), flow)]
        }
        return stride(from: 0, to: max(1, message.octets.count), by: IPPacketBuilder.largestSegment).map { start in
            let end = min(message.octets.count, start + IPPacketBuilder.largestSegment)
            return tcp(Array(message.octets[start..<end]), flow)
        }
    }

    private func udp(_ payload: [UInt8], _ flow: Flow) -> [UInt8] {
        var datagram = bigEndian(flow.source.port) + bigEndian(flow.destination.port)
        datagram += bigEndian(UInt16(truncatingIfNeeded: 8 + payload.count)) + [0, 0] + payload
        let sum = checksum(datagram, flow, protocolNumber: 17)
        datagram.replaceSubrange(6..<8, with: bigEndian(sum == 0 ? 0xFFFF : sum))
        return ip(datagram, flow, protocolNumber: 17)
    }

    private mutating func tcp(_ payload: [UInt8], _ flow: Flow) -> [UInt8] {
        let back = Flow(source: flow.destination, destination: flow.source)
        let sequence = nextSequence[flow] ?? 1
        nextSequence[flow] = sequence &+ UInt32(truncatingIfNeeded: payload.count)
        var segment = bigEndian(flow.source.port) + bigEndian(flow.destination.port)
        segment += bigEndian(sequence) + bigEndian(nextSequence[back] ?? 1)
        segment += [0x50, 0x18] + bigEndian(0xFFFF as UInt16)  // five words of header; PSH and ACK; the window
        segment += [0, 0, 0, 0] + payload
        segment.replaceSubrange(16..<18, with: bigEndian(checksum(segment, flow, protocolNumber: 6)))
        return ip(segment, flow, protocolNumber: 6)
    }

    private func ip(_ payload: [UInt8], _ flow: Flow, protocolNumber: UInt8) -> [UInt8] {
        if flow.source.octets.count == 16 {
            var header: [UInt8] = [0x60, 0, 0, 0] + bigEndian(UInt16(truncatingIfNeeded: payload.count))
            header += [protocolNumber, 64] + flow.source.octets + flow.destination.octets
            return header + payload
        }
        var header: [UInt8] = [0x45, 0] + bigEndian(UInt16(truncatingIfNeeded: payload.count + 20))
        header += [0, 0, 0x40, 0, 64, protocolNumber, 0, 0] + flow.source.octets + flow.destination.octets
        header.replaceSubrange(10..<12, with: bigEndian(IPPacketBuilder.onesComplement(header)))
        return header + payload
    }

    /// RFC 768 and RFC 9293 over the pseudo header of RFC 791 or RFC 8200.
    private func checksum(_ segment: [UInt8], _ flow: Flow, protocolNumber: UInt8) -> UInt16 {
        var pseudo = flow.source.octets + flow.destination.octets
        pseudo += bigEndian(UInt32(truncatingIfNeeded: segment.count)) + [0, 0, 0, protocolNumber]
        return IPPacketBuilder.onesComplement(pseudo + segment)
    }

    private static func onesComplement(_ octets: [UInt8]) -> UInt16 {
        var sum: UInt64 = 0
        for index in stride(from: 0, to: octets.count, by: 2) {
            sum += UInt64(octets[index]) << 8 | (index + 1 < octets.count ? UInt64(octets[index + 1]) : 0)
        }
        while sum > 0xFFFF { sum = sum & 0xFFFF + sum >> 16 }
        return ~UInt16(sum)
    }

    private func bigEndian<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
        (1...Value.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> (Value.bitWidth - 8 * $0)) }
    }
}
