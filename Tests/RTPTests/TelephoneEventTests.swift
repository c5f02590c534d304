// SPDX-License-Identifier: GPL-2.0-or-later
import RTP
import Testing

@Suite("Telephone events")
struct TelephoneEventTests {
    @Test("An event is read as it was written", arguments: DTMFDigit.allCases, [true, false])
    func roundTrip(digit: DTMFDigit, end: Bool) {
        var octets = [UInt8](repeating: 0xEE, count: 17)
        var view = octets.mutableSpan
        let event = TelephoneEvent(event: digit.rawValue, end: end, volume: 10, duration: 0x0320)
        let written = event.write(into: &view, at: 12)
        #expect(written)
        #expect(octets[12...] == [digit.rawValue, end ? 0x8A : 0x0A, 0x03, 0x20, 0xEE])
        #expect(TelephoneEvent.parse(octets.span.extracting(12..<16)) == event)
    }

    @Test("The reserved bit is read past and a volume beyond six bits written as 63")
    func reservedBit() {
        #expect(
            TelephoneEvent.parse([5, 0x4A, 0, 1].span) == TelephoneEvent(event: 5, end: false, volume: 10, duration: 1))
        var octets = [UInt8](repeating: 0, count: 4)
        var view = octets.mutableSpan
        let written = TelephoneEvent(event: 5, end: true, volume: 200, duration: 1).write(into: &view, at: 0)
        #expect(written)
        #expect(octets[1] == 0x80 | 63)
    }

    @Test("A payload of less than four octets is no event", arguments: 0..<4)
    func tooShort(count: Int) {
        #expect(TelephoneEvent.parse([UInt8](repeating: 0, count: count).span) == nil)
    }

    @Test("An event is not written where it does not fit", arguments: [-1, 1, 4, Int.max])
    func noRoom(offset: Int) {
        var octets: [UInt8] = [7, 7, 7, 7]
        var view = octets.mutableSpan
        let written = TelephoneEvent(event: 1, end: false, duration: 1).write(into: &view, at: offset)
        #expect(!written)
        #expect(octets == [7, 7, 7, 7])
    }

    @Test("Digits and characters answer each other, and nothing else is a digit")
    func characters() {
        let all = Array("0123456789*#ABCD".utf8)
        #expect(DTMFDigit.allCases.map(\.ascii) == all)
        for character in UInt8.min...UInt8.max {
            let digit = DTMFDigit.from(ascii: character)
            if let index = all.firstIndex(of: character) {
                #expect(digit?.rawValue == UInt8(index))
            } else if Array("abcd".utf8).contains(character) {
                #expect(digit?.ascii == character - 32)
            } else {
                #expect(digit == nil)
            }
        }
    }

    @Test("Every digit has its own pair of Q.23 frequencies")
    func frequencies() {
        let pairs = Set(DTMFDigit.allCases.map { "\($0.frequencies)" })
        #expect(pairs.count == 16)
        #expect(DTMFDigit.five.frequencies == (770, 1336))
    }
}
