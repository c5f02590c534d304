// SPDX-License-Identifier: GPL-2.0-or-later
import ISDN

/// Which numbers a route is for.
///
/// A pattern that begins with `+` means international numbers. A whole number is compared in whichever form both have: a number
/// of unknown type may be the international one without its sign, as many exchanges send it. A prefix is not: without `+` it
/// looks at what was dialled, so that `9` for an outside line does not catch `+91…`.
package enum NumberPattern: Hashable, Sendable, CustomStringConvertible {
    /// Every number from the first to the last; both have the same count of digits. One number is a range of one.
    case range(first: String, last: String, international: Bool)
    /// Every number that begins so; the empty prefix is every number.
    case prefix(String, international: Bool)

    /// Why a text is no pattern, as a sentence to follow it.
    package struct Flaw: Error, Hashable, Sendable {
        package let sentence: String
    }

    /// Digits in a number; more than any network carries.
    private static let longest = 32

    /// Reads `+442071838750`, or `+442071838750-99`: the digits after `-` replace as many at the end.
    package static func range(_ text: String) throws(Flaw) -> NumberPattern {
        let (body, international) = split(text)
        let parts = body.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let first = parts[0]
        try check(first, in: text)
        guard !first.isEmpty else { throw Flaw(sentence: "is empty; write a number such as +442071838750") }
        guard parts.count == 2 else { return .range(first: first, last: first, international: international) }
        let tail = parts[1]
        try check(tail, in: text)
        guard !tail.isEmpty, tail.count <= first.count else {
            throw Flaw(
                sentence: "is no range; after the `-` come the last digits of the last number, such as +442071838750-99"
            )
        }
        let last = first.dropLast(tail.count) + tail
        guard first.allSatisfy(\.isNumber), tail.allSatisfy(\.isNumber), first <= last else {
            throw Flaw(sentence: "ends before it begins; the last number would be \(last)")
        }
        return .range(first: first, last: String(last), international: international)
    }

    /// Reads `9` or `+44`; empty means every number.
    package static func prefix(_ text: String) throws(Flaw) -> NumberPattern {
        let (digits, international) = split(text)
        try check(digits, in: text)
        return .prefix(digits, international: international)
    }

    private static func split(_ text: String) -> (digits: String, international: Bool) {
        text.hasPrefix("+") ? (String(text.dropFirst()), true) : (text, false)
    }

    private static func check(_ digits: String, in text: String) throws(Flaw) {
        if let wrong = digits.first(where: { !DialledNumber.isDigit($0) }) {
            throw Flaw(sentence: "has `\(wrong)` in it; a number is made of the digits 0–9, * and #, after a + or not")
        }
        guard digits.count <= longest else { throw Flaw(sentence: "has more than \(longest) digits") }
    }

    package func matches(_ number: DialledNumber) -> Bool {
        switch self {
        case .range(let first, let last, let international):
            return Self.forms(of: number, international: international).contains {
                $0.count == first.count && first <= $0 && $0 <= last
            }
        case .prefix(let prefix, international: true):
            return number.international?.hasPrefix(prefix) ?? false
        case .prefix(let prefix, international: false):
            return prefix.isEmpty || number.type != .international && number.digits.hasPrefix(prefix)
        }
    }

    /// The forms in which a number is compared with whole numbers.
    private static func forms(of number: DialledNumber, international: Bool) -> [String] {
        guard international else { return [number.digits] }
        if let known = number.international { return [known] }
        return number.type == .unknown ? [number.digits] : []
    }

    /// Whether it was written with `+`: then digits are counted from the country code on.
    var isInternational: Bool {
        switch self {
        case .range(_, _, let international), .prefix(_, let international): international
        }
    }

    /// The higher the closer: a whole number before any prefix, a longer prefix before a shorter.
    var closeness: Int {
        switch self {
        case .range: 2 * Self.longest
        case .prefix(let prefix, let international): prefix.count + (international ? 1 : 0)
        }
    }

    /// Whether some number matches both and neither pattern is the closer.
    package func conflicts(with other: NumberPattern) -> Bool {
        switch (self, other) {
        case (.range(let first, let last, let plus), .range(let otherFirst, let otherLast, let otherPlus)):
            plus == otherPlus && first.count == otherFirst.count && first <= otherLast && otherFirst <= last
        case (.prefix, .prefix):
            self == other
        case (.range, .prefix), (.prefix, .range):
            false
        }
    }

    package var description: String {
        switch self {
        case .range(let first, let last, let international):
            let sign = international ? "+" : ""
            guard first != last else { return "number \(sign)\(first)" }
            let common = zip(first, last).prefix { $0 == $1 }.count
            return "numbers \(sign)\(first)-\(last.dropFirst(common))"
        case .prefix("", international: false):
            return "every number"
        case .prefix(let prefix, let international):
            return "prefix \(international ? "+" : "")\(prefix)"
        }
    }
}
