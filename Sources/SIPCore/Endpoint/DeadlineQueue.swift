// SPDX-License-Identifier: GPL-2.0-or-later

/// Deadlines by key, the earliest first: a binary heap in which a deadline that was moved or cancelled stays until it
/// comes up, and is then passed over.
struct DeadlineQueue<Key: Hashable & Sendable>: Sendable {
    private struct Entry {
        let deadline: UInt64
        /// Breaks ties in the order of setting, and tells an entry from a later one of the same key.
        let serial: UInt64
        let key: Key
    }

    private var heap: [Entry] = []
    private var current: [Key: UInt64] = [:]
    private var serial: UInt64 = 0

    var count: Int { current.count }

    mutating func set(_ key: Key, at deadline: UInt64) {
        serial += 1
        current[key] = serial
        heap.append(Entry(deadline: deadline, serial: serial, key: key))
        siftUp(heap.count - 1)
        if heap.count > 64, heap.count > 4 * current.count { compact() }
    }

    mutating func cancel(_ key: Key) { current[key] = nil }

    /// Drops what was cancelled from the front.
    mutating func next() -> UInt64? {
        while let first = heap.first, current[first.key] != first.serial { removeFirst() }
        return heap.first?.deadline
    }

    /// The earliest key whose deadline has come.
    mutating func pop(now: UInt64) -> Key? {
        guard let deadline = next(), deadline <= now, let key = heap.first?.key else { return nil }
        removeFirst()
        current[key] = nil
        return key
    }

    private mutating func compact() {
        let kept = heap.filter { current[$0.key] == $0.serial }
        heap = []
        for entry in kept {
            heap.append(entry)
            siftUp(heap.count - 1)
        }
    }

    private func precedes(_ a: Int, _ b: Int) -> Bool {
        (heap[a].deadline, heap[a].serial) < (heap[b].deadline, heap[b].serial)
    }

    private mutating func siftUp(_ start: Int) {
        var index = start
        while index > 0 {
            let parent = (index - 1) / 2
            guard precedes(index, parent) else { return }
            heap.swapAt(index, parent)
            index = parent
        }
    }

    private mutating func removeFirst() {
        guard let last = heap.popLast(), !heap.isEmpty else { return }
        heap[0] = last
        var index = 0
        while true {
            let left = 2 * index + 1
            guard left < heap.count else { return }
            let right = left + 1
            let child = right < heap.count && precedes(right, left) ? right : left
            guard precedes(child, index) else { return }
            heap.swapAt(child, index)
            index = child
        }
    }
}
