// SPDX-License-Identifier: GPL-2.0-or-later
import CMediaRT

/// A fixed piece of memory addressed by index, plain enough for the media thread: copying it copies the address alone.
///
/// Whoever makes one frees it, with `deallocate`, when no thread uses it any more. Every access is checked against the bounds.
@safe struct Block<Element: BitwiseCopyable>: BitwiseCopyable {
    private let base: UnsafeMutablePointer<Element>
    let count: Int

    init(repeating element: Element, count: Int) {
        unsafe base = .allocate(capacity: count)
        unsafe base.initialize(repeating: element, count: count)
        self.count = count
    }

    /// Looks at memory someone else owns.
    @unsafe init(_ base: UnsafeMutablePointer<Element>, count: Int) {
        unsafe self.base = unsafe base
        self.count = count
    }

    func deallocate() {
        unsafe base.deallocate()
    }

    @inline(__always)
    subscript(index: Int) -> Element {
        unsafeAddress {
            precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
            return unsafe UnsafePointer(base + index)
        }
        nonmutating unsafeMutableAddress {
            precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
            return unsafe base + index
        }
    }

    /// A part of it, by the same memory.
    @inline(__always)
    func part(from start: Int, count: Int) -> Block {
        precondition(start >= 0 && count >= 0 && start <= self.count &- count)
        return unsafe Block(base + start, count: count)
    }

    /// For C functions that take `count` elements.
    @unsafe @inline(__always)
    var pointer: UnsafeMutablePointer<Element> { unsafe base }
}

extension Block where Element == UInt8 {
    @_noAllocation @_noLocks
    func fill(_ value: UInt8) {
        unsafe rt_fill(pointer, value, count)
    }

    /// Takes octets, which must not be more than it holds, to its start.
    func copy(_ octets: Span<UInt8>) {
        for index in octets.indices { self[index] = octets[index] }
    }

    /// Takes the other block, which must not be longer, to its start.
    @_noAllocation @_noLocks
    func copy(from other: Block<UInt8>) {
        precondition(other.count <= count)
        unsafe rt_copy(pointer, other.pointer, other.count)
    }
}
