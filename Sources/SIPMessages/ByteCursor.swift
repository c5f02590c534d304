// SPDX-License-Identifier: GPL-2.0-or-later

/// A reading position in a range of a message. Every read is checked against the end; nothing here traps or allocates.
struct ByteCursor {
    let bytes: [UInt8]
    private(set) var position: Int
    let end: Int

    init(_ bytes: [UInt8], _ range: Range<Int>) {
        self.bytes = bytes
        position = min(range.lowerBound, bytes.count)
        end = min(range.upperBound, bytes.count)
    }

    init(_ text: String) {
        let bytes = Array(text.utf8)
        self.init(bytes, 0..<bytes.count)
    }

    var peek: UInt8? { position < end ? bytes[position] : nil }

    var isAtEnd: Bool { position >= end }

    /// `true` when nothing but whitespace is left.
    var isDone: Bool {
        var copy = self
        copy.skipWhitespace()
        return copy.isAtEnd
    }

    mutating func skipWhitespace() {
        while position < end, bytes[position].isLinearWhitespace { position += 1 }
    }

    mutating func consume(_ byte: UInt8) -> Bool {
        guard position < end, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    /// Whitespace, the separator, whitespace (`SWS ";" SWS`); nothing is consumed when the separator is not there.
    mutating func consumeSeparator(_ byte: UInt8) -> Bool {
        var copy = self
        copy.skipWhitespace()
        guard copy.consume(byte) else { return false }
        copy.skipWhitespace()
        self = copy
        return true
    }

    /// The longest run that satisfies the class; `nil` when empty.
    mutating func run(while matches: (UInt8) -> Bool) -> Range<Int>? {
        let start = position
        while position < end, matches(bytes[position]) { position += 1 }
        return position > start ? start..<position : nil
    }

    mutating func token() -> Range<Int>? { run(while: \.isToken) }

    /// A quoted string with its quotes; `nil` when none begins here or it never closes.
    mutating func quotedString() -> Range<Int>? {
        guard peek == 0x22 else { return nil }
        let start = position
        var index = position + 1
        while index < end {
            if bytes[index] == 0x5C {
                index += 2
            } else if bytes[index] == 0x22 {
                position = index + 1
                return start..<position
            } else {
                index += 1
            }
        }
        return nil
    }

    /// Decimal digits as a number; `nil` when there are none or the value exceeds `limit`.
    mutating func number(upTo limit: UInt64) -> UInt64? {
        guard let digits = run(while: \.isDigit) else { return nil }
        return Self.value(bytes[digits], upTo: limit)
    }

    static func value(_ digits: ArraySlice<UInt8>, upTo limit: UInt64) -> UInt64? {
        var value: UInt64 = 0
        for digit in digits {
            guard digit.isDigit, value <= limit / 10 else { return nil }
            value = value * 10 + UInt64(digit - 0x30)
            guard value <= limit else { return nil }
        }
        return digits.isEmpty ? nil : value
    }

    /// `*(SEMI generic-param)`; gives the range from the first semicolon on, empty when there is none.
    mutating func parameters() -> Range<Int>? {
        var start: Int?
        var last = position
        while true {
            var copy = self
            copy.skipWhitespace()
            guard copy.peek == 0x3B else { break }
            if start == nil { start = copy.position }
            _ = copy.consumeSeparator(0x3B)
            guard copy.token() != nil else { return nil }
            if copy.consumeSeparator(0x3D) {
                if copy.peek == 0x22 {
                    guard copy.quotedString() != nil else { return nil }
                } else {
                    guard copy.run(while: \.isParameterValue) != nil else { return nil }
                }
            }
            self = copy
            last = position
        }
        return (start ?? last)..<last
    }
}
