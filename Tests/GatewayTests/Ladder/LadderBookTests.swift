// SPDX-License-Identifier: GPL-2.0-or-later
import Gateway
import Testing

@Suite("LadderBook")
struct LadderBookTests {
    private func entry(_ call: UInt32?, _ time: UInt64, _ label: String = "INVITE") -> LadderEntry {
        LadderEntry(call: call, time: time, kind: .sip, from: "phone", to: LadderEntry.gateway, label: label)
    }

    private func message(
        _ call: UInt32?, _ time: UInt64, _ interface: CapturedMessage.Interface = .sip, octets: Int = 10
    ) -> CapturedMessage {
        CapturedMessage(
            call: call, time: time, interface: interface, name: "udp", sent: false,
            octets: [UInt8](repeating: 0x41, count: octets))
    }

    @Test("A call's entries come back in the order they were written, numbered")
    func order() {
        var book = LadderBook()
        for time in [30, 10, 20] as [UInt64] { book.append(entry(7, time)) }
        let page = book.page(.call(7))
        #expect(page.entries.map(\.time) == [30, 10, 20])
        #expect(page.entries.map(\.sequence) == [1, 2, 3])
        #expect(page.latest == 3)
        #expect(page.omitted == 0)
    }

    @Test("Following from the last number gives only what is new, of every call")
    func follow() {
        var book = LadderBook()
        book.append(entry(1, 1))
        book.append(entry(2, 2))
        let first = book.page(.everything)
        book.append(entry(1, 3, "BYE"))
        book.append(entry(nil, 4, "REGISTER"))
        let next = book.page(.everything, after: first.latest)
        #expect(next.entries.map(\.label) == ["BYE", "REGISTER"])
        #expect(book.page(.everything, after: next.latest).entries.isEmpty)
        #expect(book.page(.everything, after: .max).entries.isEmpty)
    }

    @Test("The last call is the one that began last, not the one that spoke last")
    func lastCall() {
        var book = LadderBook()
        #expect(book.page(.lastCall).entries.isEmpty)
        book.append(entry(1, 1))
        book.append(entry(2, 2))
        book.append(entry(1, 3))
        #expect(book.page(.lastCall).entries.map(\.call) == [2])
    }

    @Test("With too many calls the one that was quiet the longest goes, and is counted")
    func eviction() {
        var book = LadderBook(limits: LadderLimits(calls: 2))
        book.append(entry(1, 1))
        book.append(entry(2, 2))
        book.append(entry(1, 3))
        book.append(entry(3, 4))
        #expect(book.page(.call(2)).entries.isEmpty)
        #expect(book.page(.call(1)).entries.count == 2)
        #expect(book.callCount == 2)
        #expect(book.evictedCalls == 1)
        #expect(book.evictedEntries == 1)
    }

    @Test("When the last call is evicted, the one before it is the last")
    func lastCallEvicted() {
        var book = LadderBook(limits: LadderLimits(octets: 1000))
        book.append(entry(1, 1))
        book.append(entry(2, 2))
        #expect(book.page(.lastCall).entries.first?.call == 2)
        for time in 3...7 as ClosedRange<UInt64> { book.append(entry(1, time)) }
        #expect(book.page(.call(2)).entries.isEmpty)
        #expect(book.page(.lastCall).entries.first?.call == 1)
    }

    @Test("A long call loses its middle: the beginning and the end stay")
    func longCall() {
        var book = LadderBook(limits: LadderLimits(entriesPerCall: 10, messagesPerCall: 4))
        for time in 1...100 as ClosedRange<UInt64> {
            book.append(entry(1, time))
            book.capture(message(1, time))
        }
        let page = book.page(.call(1))
        #expect(page.entries.map(\.time) == [1, 2, 3, 4, 5, 96, 97, 98, 99, 100])
        #expect(page.omitted == 90)
        #expect(book.messages(.call(1)).map(\.time) == [1, 2, 99, 100])
        #expect(book.evictedMessages == 96)
    }

    @Test("A call's capture has its messages and the LAPD frames from its beginning to a second after its end")
    func captureWindow() {
        let second: UInt64 = 1_000_000_000
        var book = LadderBook()
        for time in [5, 10, 15, 21, 22] as [UInt64] { book.capture(message(nil, time * second, .lapd)) }
        book.capture(message(nil, 12 * second, .sip))
        book.append(entry(1, 10 * second))
        book.capture(message(1, 20 * second, .sip))
        #expect(book.messages(.call(1)).map { $0.time / second } == [10, 15, 20, 21])
        #expect(book.messages(.call(1)) == book.messages(.lastCall))
        #expect(book.messages(.everything).count == 7)
        #expect(book.messages(.call(2)).isEmpty)
    }

    @Test("A capture at the end of time does not overflow")
    func endOfTime() {
        var book = LadderBook()
        book.capture(message(1, .max))
        book.capture(message(nil, .max, .lapd))
        #expect(book.messages(.call(1)).count == 2)
    }

    @Test("What belongs to no call is bounded too")
    func loose() {
        var book = LadderBook(limits: LadderLimits(withoutCall: 100))
        for time in 1...1000 as ClosedRange<UInt64> {
            book.append(entry(nil, time))
            book.capture(message(nil, time))
        }
        let page = book.page(.everything)
        #expect((100...125).contains(page.entries.count))
        #expect(page.entries.last?.time == 1000)
        #expect(page.omitted == UInt64(1000 - page.entries.count))
        #expect(book.evictedMessages == UInt64(1000 - book.messages(.everything).count))
    }

    @Test("Whatever is written, the bounds hold and the accounts balance", arguments: [1, 2, 3] as [UInt64])
    func random(seed: UInt64) {
        var state = seed
        func next(_ bound: UInt64) -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 33) % bound
        }
        let limits = LadderLimits(
            calls: 20, octets: 20_000, entriesPerCall: 12, messagesPerCall: 12, withoutCall: 30)
        var book = LadderBook(limits: limits)
        var entries: UInt64 = 0
        var messages: UInt64 = 0
        for time in 0..<5000 as Range<UInt64> {
            let call = next(10) == 0 ? nil : UInt32(next(40))
            if next(2) == 0 {
                book.append(entry(call, time))
                entries += 1
            } else {
                book.capture(message(call, time, next(2) == 0 ? .sip : .lapd, octets: Int(next(2000))))
                messages += 1
            }
            #expect(book.callCount <= limits.calls)
            #expect(book.octets <= limits.octets && book.octets >= 0)
        }
        #expect(UInt64(book.page(.everything).entries.count) + book.evictedEntries == entries)
        #expect(UInt64(book.messages(.everything).count) + book.evictedMessages == messages)
    }

    @Test("A message larger than everything allowed is not kept, and nothing breaks")
    func oversize() {
        var book = LadderBook(limits: LadderLimits(octets: 1000))
        book.capture(message(1, 1, octets: 5000))
        #expect(book.octets == 0)
        #expect(book.callCount == 0)
        book.capture(message(nil, 1, octets: 5000))
        #expect(book.octets == 0)
        book.append(entry(2, 1))
        #expect(book.page(.lastCall).entries.count == 1)
    }
}
