// SPDX-License-Identifier: GPL-2.0-or-later
package import LineProtocol

/// The bulk lane's queue: when nobody reads, the oldest goes, counted.
package struct BulkQueue {
    package let limit: Int
    private var frames: [[UInt8]] = []
    private var start = 0
    private var octets = 0
    /// Octets of the first frame that have left.
    private var sent = 0
    package private(set) var dropped: UInt64 = 0
    private var announced: UInt64 = 0

    package init(limit: Int = 4 << 20) {
        self.limit = limit
    }

    package var isEmpty: Bool { start == frames.count }

    package mutating func append(_ record: BulkRecord) {
        guard let frame = try? record.framed() else { return }
        push(frame)
    }

    private mutating func push(_ frame: [UInt8]) {
        frames.append(frame)
        octets += frame.count
        // A frame that has begun to leave must leave whole.
        while octets > limit, frames.count - start > (sent > 0 ? 2 : 1) {
            let victim = sent > 0 ? start + 1 : start
            octets -= frames[victim].count
            if sent > 0 { frames[victim] = frames[start] }
            frames[start] = []
            start += 1
            dropped += 1
        }
        compact()
    }

    /// What comes next; tells how many were dropped when that has grown.
    package mutating func next() -> ArraySlice<UInt8>? {
        if sent == 0, announced != dropped, !isEmpty, let notice = try? BulkRecord.dropped(dropped).framed() {
            announced = dropped
            if start > 0 { start -= 1 } else { frames.insert([], at: 0) }
            frames[start] = notice
            octets += notice.count
        }
        guard !isEmpty else { return nil }
        return frames[start][sent...]
    }

    /// So many octets of what came next have left.
    package mutating func advance(_ count: Int) {
        guard !isEmpty else { return }
        sent += count
        guard sent >= frames[start].count else { return }
        octets -= frames[start].count
        frames[start] = []
        sent = 0
        start += 1
        compact()
    }

    /// A new reader begins with a whole frame.
    package mutating func restart() {
        sent = 0
    }

    private mutating func compact() {
        guard start > 256, start * 2 > frames.count else { return }
        frames.removeFirst(start)
        start = 0
    }
}
