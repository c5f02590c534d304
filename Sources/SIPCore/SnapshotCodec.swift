// SPDX-License-Identifier: GPL-2.0-or-later

/// Writes the few kinds of value that a snapshot is made of.
struct SnapshotWriter {
    private(set) var bytes: [UInt8] = []

    mutating func write(_ value: UInt64) {
        for shift in stride(from: UInt64(56), through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }

    mutating func write(_ value: UInt32?) {
        write(value.map { UInt64($0) } ?? .max)
    }

    mutating func write(_ text: String) {
        write(UInt64(text.utf8.count))
        bytes += text.utf8
    }

    mutating func write(_ flag: Bool) { bytes.append(flag ? 1 : 0) }

    mutating func write(_ texts: [String]) {
        write(UInt64(texts.count))
        for text in texts { write(text) }
    }
}

package enum SnapshotError: Error, Hashable, Sendable {
    /// Written by another version of the program.
    case unknownVersion
    /// Cut short or damaged.
    case malformed
}

/// Reads them back; a snapshot that is cut short or damaged is an error, never a trap.
struct SnapshotReader {
    private var bytes: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { self.bytes = bytes[...] }

    var isAtEnd: Bool { bytes.isEmpty }

    mutating func number() throws(SnapshotError) -> UInt64 {
        guard bytes.count >= 8 else { throw .malformed }
        var value: UInt64 = 0
        for byte in bytes.prefix(8) { value = value << 8 | UInt64(byte) }
        bytes.removeFirst(8)
        return value
    }

    mutating func optionalNumber() throws(SnapshotError) -> UInt32? {
        let value = try number()
        if value == .max { return nil }
        guard let number = UInt32(exactly: value) else { throw .malformed }
        return number
    }

    mutating func text() throws(SnapshotError) -> String {
        let count = try number()
        guard count <= UInt64(bytes.count), let text = String(validating: bytes.prefix(Int(count)), as: UTF8.self)
        else {
            throw .malformed
        }
        bytes.removeFirst(Int(count))
        return text
    }

    mutating func flag() throws(SnapshotError) -> Bool {
        guard let byte = bytes.first, byte <= 1 else { throw .malformed }
        bytes.removeFirst()
        return byte == 1
    }

    mutating func texts() throws(SnapshotError) -> [String] {
        let count = try number()
        guard count <= UInt64(bytes.count) else { throw .malformed }
        var texts: [String] = []
        for _ in 0..<count { texts.append(try text()) }
        return texts
    }
}
