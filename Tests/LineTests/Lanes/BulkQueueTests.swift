// SPDX-License-Identifier: GPL-2.0-or-later
import Line
import LineProtocol
import Testing

@Suite("Bulk lane queue")
struct BulkQueueTests {
    func record(_ number: Int) -> BulkRecord { .log(.info, "\(number)") }

    /// Everything a reader gets that takes so many octets at a time.
    func read(_ queue: inout BulkQueue, step: Int = 7) throws -> [BulkRecord] {
        var framer = LaneFramer()
        var records: [BulkRecord] = []
        while let octets = queue.next() {
            framer.append(octets.prefix(step))
            queue.advance(min(step, octets.count))
            while let frame = try framer.next() { records.append(try BulkRecord(decoding: frame)) }
        }
        return records
    }

    @Test("What fits comes in order", arguments: [1, 7, 1_000])
    func order(step: Int) throws {
        var queue = BulkQueue()
        for number in 0..<1_000 { queue.append(record(number)) }
        #expect(try read(&queue, step: step) == (0..<1_000).map(record))
        #expect(queue.isEmpty)
    }

    @Test("When nobody reads the oldest go, and the reader hears how many")
    func drops() throws {
        var queue = BulkQueue(limit: 100)
        for number in 0..<1_000 { queue.append(record(number)) }
        let kept = 1_000 - Int(queue.dropped)
        #expect(kept > 3 && kept < 12)
        #expect(try read(&queue) == [.dropped(queue.dropped)] + (1_000 - kept..<1_000).map(record))
        queue.append(record(5))
        #expect(try read(&queue) == [record(5)])
    }

    @Test("A record that has begun to leave leaves whole, however many are dropped behind it")
    func partial() throws {
        var queue = BulkQueue(limit: 100)
        queue.append(record(0))
        var framer = LaneFramer()
        framer.append(queue.next()?.prefix(3) ?? [])
        queue.advance(3)
        for number in 1..<1_000 { queue.append(record(number)) }
        var records: [BulkRecord] = []
        while let octets = queue.next() {
            framer.append(octets)
            queue.advance(octets.count)
            while let frame = try framer.next() { records.append(try BulkRecord(decoding: frame)) }
        }
        #expect(records.first == record(0))
        #expect(records.dropFirst().first == .dropped(queue.dropped))
        #expect(records.last == record(999))
        #expect(records.count == 1_000 - Int(queue.dropped) + 1)
    }

    @Test("A new reader begins with a whole record")
    func restart() throws {
        var queue = BulkQueue()
        queue.append(record(1))
        queue.advance(5)
        queue.restart()
        #expect(try read(&queue) == [record(1)])
    }
}
