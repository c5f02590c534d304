// SPDX-License-Identifier: GPL-2.0-or-later
package import ISDN

/// A called number as routes look at it, whichever side it came from.
package struct DialledNumber: Hashable, Sendable, CustomStringConvertible {
    /// As dialled: 0–9, * and #; without a plus sign.
    package let digits: String
    package let type: TypeOfNumber
    /// The digits from the country code on (E.164); nil where that cannot be known.
    package let international: String?

    /// From the user part of a SIP or tel URI: with `+` it is international. Visual separators and parameters do not count
    /// (RFC 3966 section 5). Nil when it is no telephone number.
    package init?(sipUser: String) {
        let number = sipUser.prefix { $0 != ";" }
        let plus = number.first == "+"
        let digits = (plus ? number.dropFirst() : number).filter { !"-.()".contains($0) }
        guard !digits.isEmpty, digits.allSatisfy(Self.isDigit) else { return nil }
        self.digits = digits
        type = plus ? .international : .unknown
        international = plus ? digits : nil
    }

    /// From a called number of the line. A national number becomes international where the span's country code is known.
    package init(_ number: PartyNumber, countryCode: String? = nil) {
        digits = number.digits
        type = number.type
        switch number.type {
        case .international: international = number.digits
        case .national: international = countryCode.map { $0 + number.digits }
        case .unknown, .networkSpecific, .subscriber, .abbreviated: international = nil
        }
    }

    /// What a person would write: `+` before an international number.
    package var description: String {
        if let international { return "+" + international }
        return digits.isEmpty ? "no number" : digits
    }

    static func isDigit(_ character: Character) -> Bool {
        switch character {
        case "0"..."9", "*", "#": true
        default: false
        }
    }
}
