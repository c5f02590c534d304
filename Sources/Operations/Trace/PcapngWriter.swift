// SPDX-License-Identifier: GPL-2.0-or-later
package import Gateway

/// Writes captured messages as one pcapng file that Wireshark opens as it is: an interface with SIP in synthesised IP packets,
/// and one per span with LAPD (link type 203), each frame with its direction.
///
/// The blocks are those of draft-ietf-opsawg-pcapng: a section header, an interface description each, enhanced packets.
package enum PcapngWriter {
    /// LINKTYPE_RAW: the packet begins with an IPv4 or IPv6 header.
    private static let linkTypeRaw: UInt16 = 101
    /// LINKTYPE_LAPD: a Q.921 frame from its address field, without FCS.
    private static let linkTypeLAPD: UInt16 = 203

    /// The whole file. SIP is always interface 0, also when there is none.
    package static func file(_ messages: [CapturedMessage]) -> [UInt8] {
        var spans: [String] = []
        for message in messages where message.interface == .lapd && !spans.contains(message.name) {
            spans.append(message.name)
        }
        if spans.isEmpty { spans = ["lapd"] }
        var output = sectionHeader()
        output += interfaceDescription(linkTypeRaw, name: "sip")
        for span in spans { output += interfaceDescription(linkTypeLAPD, name: span) }
        var packets = IPPacketBuilder()
        for message in messages {
            switch message.interface {
            case .sip:
                for packet in packets.packets(message) {
                    output += enhancedPacket(packet, interface: 0, time: message.time, sent: message.sent)
                }
            case .lapd:
                let interface = 1 + (spans.firstIndex(of: message.name) ?? 0)
                output += enhancedPacket(
                    message.octets, interface: UInt32(interface), time: message.time, sent: message.sent)
            }
        }
        return output
    }

    private static func sectionHeader() -> [UInt8] {
        var body = littleEndian(0x1A2B_3C4D as UInt32)
        body += littleEndian(1 as UInt16) + littleEndian(0 as UInt16)
        body += littleEndian(UInt64.max)  // the length of the section is not given
        body += option(4, Array("trunkgate".utf8)) + endOfOptions
        return block(0x0A0D_0D0A, body)
    }

    private static func interfaceDescription(_ linkType: UInt16, name: String) -> [UInt8] {
        var body = littleEndian(linkType) + littleEndian(0 as UInt16)
        body += littleEndian(0 as UInt32)  // no snap length
        body += option(2, Array(name.printable.utf8.prefix(200)))
        body += option(9, [9])  // times in nanoseconds
        return block(1, body + endOfOptions)
    }

    private static func enhancedPacket(_ packet: [UInt8], interface: UInt32, time: UInt64, sent: Bool) -> [UInt8] {
        var body = littleEndian(interface)
        body += littleEndian(UInt32(truncatingIfNeeded: time >> 32)) + littleEndian(UInt32(truncatingIfNeeded: time))
        let length = littleEndian(UInt32(truncatingIfNeeded: packet.count))
        body += length + length  // captured and original
        body += padded(packet)
        body += option(2, littleEndian((sent ? 2 : 1) as UInt32))  // epb_flags: inbound 1, outbound 2
        return block(6, body + endOfOptions)
    }

    private static func block(_ type: UInt32, _ body: [UInt8]) -> [UInt8] {
        let length = littleEndian(UInt32(truncatingIfNeeded: body.count + 12))
        return littleEndian(type) + length + body + length
    }

    private static func option(_ code: UInt16, _ value: [UInt8]) -> [UInt8] {
        littleEndian(code) + littleEndian(UInt16(truncatingIfNeeded: value.count)) + padded(value)
    }

    private static let endOfOptions: [UInt8] = [0, 0, 0, 0]

    private static func padded(_ octets: [UInt8]) -> [UInt8] {
        octets + [UInt8](repeating: 0, count: (4 - octets.count % 4) % 4)
    }

    private static func littleEndian<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
        (0..<Value.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}
