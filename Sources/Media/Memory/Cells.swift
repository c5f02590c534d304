// SPDX-License-Identifier: GPL-2.0-or-later
import CMediaRT

/// Numbers that one thread counts up and another reads at any time.
@safe struct Cells: BitwiseCopyable {
    private let words: UnsafeMutablePointer<UInt64>
    let count: Int

    init(count: Int) {
        unsafe words = .allocate(capacity: count)
        unsafe words.initialize(repeating: 0, count: count)
        self.count = count
    }

    func deallocate() {
        unsafe words.deallocate()
    }

    @_noAllocation @_noLocks
    func add(_ value: UInt64, to index: Int) {
        precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
        unsafe rt_add(words + index, value)
    }

    @_noAllocation @_noLocks
    func set(_ index: Int, to value: UInt64) {
        precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
        unsafe rt_store(words + index, value)
    }

    @_noAllocation @_noLocks
    func value(of index: Int) -> UInt64 {
        precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
        return unsafe rt_load(words + index)
    }
}
