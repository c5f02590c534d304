// SPDX-License-Identifier: GPL-2.0-or-later

/// What a datagram on an RTP port turned out to be: the packet's header and where its payload lies, or why it is not one.
package enum RTPPacket: Hashable, Sendable {
    case packet(RTPHeader, payloadOffset: Int, payloadCount: Int)
    case refused(RTPRefusal)

    /// Reads a datagram (RFC 3550 section 5.1 and appendix A.1's validity checks). Every length in it is doubted.
    @_noAllocation @_noLocks
    package static func parse(_ datagram: Span<UInt8>) -> RTPPacket {
        let count = datagram.count
        guard count >= 12 else { return .refused(.tooShort) }
        let flags = datagram[0]
        guard flags &>> 6 == 2 else { return .refused(.notVersion2) }
        // RFC 5761 section 4: 64 to 95 with the marker's bit are RTCP on a shared port.
        let second = datagram[1]
        guard !(192...223).contains(second) else { return .refused(.controlPacket) }

        var offset = 12 &+ 4 &* Int(flags & 0x0F)
        guard offset <= count else { return .refused(.truncatedSources) }
        if flags & 0x10 != 0 {
            guard offset &+ 4 <= count else { return .refused(.truncatedExtension) }
            let words = Int(datagram[offset &+ 2]) &<< 8 | Int(datagram[offset &+ 3])
            offset = offset &+ 4 &+ 4 &* words
            guard offset <= count else { return .refused(.truncatedExtension) }
        }
        var end = count
        if flags & 0x20 != 0 {
            let padding = Int(datagram[count &- 1])
            guard padding > 0, padding <= count &- offset else { return .refused(.badPadding) }
            end = count &- padding
        }
        let header = RTPHeader(
            marker: second & 0x80 != 0, payloadType: second & 0x7F,
            sequence: UInt16(datagram[2]) &<< 8 | UInt16(datagram[3]),
            timestamp: word(of: datagram, at: 4), synchronizationSource: word(of: datagram, at: 8))
        return .packet(header, payloadOffset: offset, payloadCount: end &- offset)
    }

    @_noAllocation @_noLocks
    private static func word(of datagram: Span<UInt8>, at offset: Int) -> UInt32 {
        let high = UInt32(datagram[offset]) &<< 24 | UInt32(datagram[offset &+ 1]) &<< 16
        return high | UInt32(datagram[offset &+ 2]) &<< 8 | UInt32(datagram[offset &+ 3])
    }
}

/// Why a datagram is no RTP packet.
package enum RTPRefusal: UInt8, Hashable, Sendable, CaseIterable {
    case tooShort
    case notVersion2
    /// RTCP, which shares the port with some peers (RFC 5761).
    case controlPacket
    case truncatedSources
    case truncatedExtension
    case badPadding
}
