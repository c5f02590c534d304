// SPDX-License-Identifier: GPL-2.0-or-later
import ISDN
import TestSupport
import Testing

@Suite("The guard before libpri")
struct Q931FrameGuardTests {
    static let header: [UInt8] = [0x00, 0x01, 0x02, 0x02]
    /// A SETUP's header in an I frame.
    static func frame(_ elements: [UInt8]) -> [UInt8] { header + [0x08, 0x02, 0x00, 0x01, 0x05] + elements }

    static func repaired(_ octets: [UInt8]) -> (octets: [UInt8], repairs: Int) {
        var octets = octets
        let repairs = Q931FrameGuard.repair(&octets)
        return (octets, repairs)
    }

    @Test("Well-formed frames pass untouched")
    func untouched() {
        #expect(FrameCorpus.allFrames.count == 17)
        for octets in FrameCorpus.allFrames {
            #expect(Self.repaired(octets) == (octets, 0))
        }
    }

    @Test(
        "A number element that never closes is closed on its last octet",
        arguments: [0x6C, 0x70, 0x73, 0x74, 0x76, 0x4C, 0x0C] as [UInt8])
    func neverCloses(identifier: UInt8) {
        let tail: [UInt8] = [0x28, 0x01, 0x41]
        #expect(
            Self.repaired(Self.frame([identifier, 3, 0x21, 0x31, 0x32] + tail))
                == (Self.frame([identifier, 3, 0x21, 0x31, 0xB2] + tail), 1))
        #expect(Self.repaired(Self.frame([identifier, 1, 0x21])) == (Self.frame([identifier, 1, 0xA1]), 1))
        #expect(
            Self.repaired(Self.frame([identifier, 2, 0x21, 0x83])) == (Self.frame([identifier, 2, 0x21, 0x83]), 0))
    }

    @Test("An empty number element is taken out, and what follows is looked at too")
    func empty() {
        #expect(
            Self.repaired(Self.frame([0x70, 0, 0x6C, 0, 0x28, 1, 0x41, 0x70, 1, 0x01]))
                == (Self.frame([0x28, 1, 0x41, 0x70, 1, 0x81]), 3))
        #expect(Self.repaired(Self.frame([0x6C, 0])) == (Self.frame([]), 1))
        #expect(Self.repaired(Self.frame([0x28, 0])) == (Self.frame([0x28, 0]), 0))
    }

    @Test("What runs past the end of the frame is cut off")
    func pastTheEnd() {
        #expect(Self.repaired(Self.frame([0x28, 1, 0x41, 0x6C, 9, 0x21])) == (Self.frame([0x28, 1, 0x41]), 1))
        #expect(Self.repaired(Self.frame([0x6C])) == (Self.frame([]), 1))
        #expect(Self.repaired(Self.frame([0x28, 255])) == (Self.frame([]), 1))
    }

    @Test("Shifts hide nothing: an element in another codeset is closed as well")
    func shifts() {
        #expect(
            Self.repaired(Self.frame([0x9E, 0x6C, 1, 0x21, 0x96, 0xA1, 0x70, 1, 0x01]))
                == (Self.frame([0x9E, 0x6C, 1, 0xA1, 0x96, 0xA1, 0x70, 1, 0x81]), 2))
    }

    @Test("Unnumbered information frames and maintenance messages are mended too")
    func otherCarriers() {
        let bad: [UInt8] = [0x08, 0x01, 0x01, 0x05, 0x70, 1, 0x01]
        #expect(Self.repaired([0x02, 0xFF, 0x03] + bad).repairs == 1)
        #expect(Self.repaired([0x00, 0x01, 0x00, 0x00, 0x43] + bad.dropFirst()).repairs == 1)
        #expect(Self.repaired([0x00, 0x01, 0x00, 0x00, 0x03] + bad.dropFirst()).repairs == 1)
    }

    @Test(
        "Other frames pass untouched",
        arguments: [
            [], [0x00], [0x00, 0x01, 0x7F], [0x00, 0x01, 0x01, 0x00], header,
            [0xFC, 0xFF, 0x03, 0x08, 0x01, 0x01, 0x05, 0x70, 1, 0x01],
            header + [0x44, 0x01, 0x01, 0x05, 0x70, 1, 0x01],
        ] as [[UInt8]])
    func otherFrames(octets: [UInt8]) {
        #expect(Self.repaired(octets) == (octets, 0))
    }

    @Test(
        "A message cut short of its own header becomes one that is ignored, and the frame stays",
        arguments: [
            [0x08], [0x08, 0x02], [0x08, 0x02, 0x00], [0x08, 0x02, 0x00, 0x01], [0x08, 0x0F, 0x00, 0x01, 0x05],
        ]
            as [[UInt8]])
    func cutShort(message: [UInt8]) {
        #expect(Self.repaired(Self.header + message) == (Self.header + [0, 0, 0], 1))
    }

    @Test("A buffer with no room for more keeps what fits")
    func noRoom() {
        var octets = Self.header + [0x08]
        var view = octets.mutableSpan
        let outcome = Q931FrameGuard.repair(&view, count: 5)
        #expect(outcome.count == 5 && outcome.repairs == 1)
        #expect(octets == Self.header + [0])
    }

    @Test("A count beyond the buffer is taken for the buffer's", arguments: [Int.min, -1, 12, Int.max])
    func badCount(count: Int) {
        var octets = Self.frame([0x70, 1, 0x01])
        var view = octets.mutableSpan
        let outcome = Q931FrameGuard.repair(&view, count: count)
        #expect(outcome.repairs == (count >= 12 ? 1 : 0))
    }

    @Test("After a repair of a hundred thousand mutilated frames every number closes, and nothing is left to repair")
    func fuzz() {
        var generator = SplitMix64(seed: 0x6C70)
        var mended = 0
        for _ in 0..<100_000 {
            let original = FrameCorpus.allFrames.mutilated(using: &generator)
            let (octets, repairs) = Self.repaired(original)
            if repairs > 0 { mended += 1 }
            if repairs == 0, octets != original { Issue.record("changed but not counted: \(original)") }
            if Self.repaired(octets) != (octets, 0) { Issue.record("not mended in one go: \(original)") }
            if !Self.everyNumberCloses(octets) { Issue.record("still open: \(original) → \(octets)") }
        }
        #expect(mended > 10_000)
    }

    /// What libpri does, written for itself: walk the elements, and walk each number's octets until one has bit 8.
    private static func everyNumberCloses(_ frame: [UInt8]) -> Bool {
        guard frame.count > 3, frame[0] & 0xFD == 0 else { return true }
        let start = frame[2] & 1 == 0 ? 4 : 3
        if start == 3 && frame[2] & 0xEF != 3 { return true }
        var rest = frame.dropFirst(start)
        if rest.isEmpty { return true }
        guard rest.count >= 3 else { return false }
        guard let discriminator = rest.popFirst(), [0x08, 0x03, 0x43].contains(discriminator) else { return true }
        guard let length = rest.popFirst(), rest.count > Int(length & 0x0F) else { return false }
        rest = rest.dropFirst(Int(length & 0x0F) + 1)
        while let identifier = rest.popFirst() {
            if identifier & 0x80 != 0 { continue }
            guard let count = rest.popFirst(), rest.count >= Int(count) else { return false }
            let contents = rest.prefix(Int(count))
            if [0x6C, 0x70, 0x73, 0x74, 0x76, 0x4C, 0x0C].contains(identifier),
                !contents.contains(where: { $0 >= 0x80 })
            {
                return false
            }
            rest = rest.dropFirst(Int(count))
        }
        return true
    }
}
