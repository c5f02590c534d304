// SPDX-License-Identifier: GPL-2.0-or-later
import RTP
import TestSupport
import Testing

@Suite("RTP packets")
struct RTPPacketTests {
    static let header = RTPHeader(
        marker: true, payloadType: 8, sequence: 0xFEDC, timestamp: 0x8899_AABB, synchronizationSource: 0xDEAD_BEEF)

    /// A header, then what the test puts there.
    static func datagram(_ rest: [UInt8] = [], flags: UInt8 = 0x80) -> [UInt8] {
        var octets = [UInt8](repeating: 0, count: RTPHeader.octetCount)
        var view = octets.mutableSpan
        let written = header.write(into: &view)
        #expect(written)
        octets[0] = flags
        return octets + rest
    }

    @Test("A header is read as it was written")
    func roundTrip() {
        let octets = Self.datagram([1, 2, 3])
        #expect(octets.prefix(12) == [0x80, 0x88, 0xFE, 0xDC, 0x88, 0x99, 0xAA, 0xBB, 0xDE, 0xAD, 0xBE, 0xEF])
        #expect(RTPPacket.parse(octets.span) == .packet(Self.header, payloadOffset: 12, payloadCount: 3))
    }

    @Test("A header is not written where it does not fit")
    func noRoom() {
        var octets = [UInt8](repeating: 7, count: 11)
        var view = octets.mutableSpan
        let written = Self.header.write(into: &view)
        #expect(!written)
        #expect(octets.allSatisfy { $0 == 7 })
    }

    @Test("Contributing sources, extension and padding are not payload")
    func optionalParts() {
        let rest: [UInt8] =
            [9, 9, 9, 9, 8, 8, 8, 8] + [0xBE, 0xDE, 0, 1, 1, 1, 1, 1] + [5, 5] + [0, 0, 3]
        let octets = Self.datagram(rest, flags: 0x80 | 0x20 | 0x10 | 2)
        #expect(RTPPacket.parse(octets.span) == .packet(Self.header, payloadOffset: 28, payloadCount: 2))
    }

    @Test(
        "What is not RTP is refused for its reason",
        arguments: [
            ([], RTPRefusal.tooShort), ([UInt8](repeating: 0x80, count: 11), .tooShort),
            (datagram(flags: 0x40), .notVersion2), (datagram(flags: 0x00), .notVersion2),
            (datagram([1, 2, 3], flags: 0x81), .truncatedSources), (datagram(flags: 0x8F), .truncatedSources),
            (datagram([1, 2, 3], flags: 0x90), .truncatedExtension),
            (datagram([0, 0, 0, 2, 1, 1, 1, 1], flags: 0x90), .truncatedExtension),
            (datagram([0, 0, 0xFF, 0xFF], flags: 0x90), .truncatedExtension),
            (datagram([1, 0], flags: 0xA0), .badPadding), (datagram([1, 3], flags: 0xA0), .badPadding),
            (datagram(flags: 0xA0), .badPadding),
            ([0x80, 200] + [UInt8](repeating: 0, count: 26), .controlPacket),
        ])
    func refusals(octets: [UInt8], reason: RTPRefusal) {
        #expect(RTPPacket.parse(octets.span) == .refused(reason))
    }

    @Test("A payload may be empty")
    func emptyPayload() {
        #expect(
            RTPPacket.parse(Self.datagram().span) == .packet(Self.header, payloadOffset: 12, payloadCount: 0))
        #expect(
            RTPPacket.parse(Self.datagram([0, 2], flags: 0xA0).span)
                == .packet(Self.header, payloadOffset: 12, payloadCount: 0))
    }

    @Test("A hundred thousand mutilated packets neither trap nor name a payload outside themselves")
    func fuzz() {
        var generator = SplitMix64(seed: 0x5274)
        for _ in 0..<100_000 {
            var octets = (0..<Int.random(in: 0...40, using: &generator)).map { _ in
                UInt8.random(in: .min ... .max, using: &generator)
            }
            if !octets.isEmpty, Bool.random(using: &generator) { octets[0] = octets[0] & 0x3F | 0x80 }
            guard case .packet(_, let offset, let count) = RTPPacket.parse(octets.span) else { continue }
            #expect(offset >= 12 && count >= 0 && offset + count <= octets.count)
        }
    }
}
