// SPDX-License-Identifier: GPL-2.0-or-later
package import ISDN

/// One rule of the dial plan: calls from a trunk to these numbers go there, with the number changed so.
package struct Route: Hashable, Sendable, CustomStringConvertible {
    package var from: TrunkName
    package var pattern: NumberPattern
    /// One SIP trunk, or spans tried in this order.
    package var to: [TrunkName]
    /// Digits taken off the front; a plus sign is none.
    package var strip: Int
    /// Digits put in front, after stripping.
    package var add: String
    /// What the number then is; nil: international when it came so and nothing was changed, else unknown.
    package var typeOfNumber: TypeOfNumber?

    package init(
        from: TrunkName, pattern: NumberPattern, to: [TrunkName], strip: Int = 0, add: String = "",
        typeOfNumber: TypeOfNumber? = nil
    ) {
        self.from = from
        self.pattern = pattern
        self.to = to
        self.strip = strip
        self.add = add
        self.typeOfNumber = typeOfNumber
    }

    /// The number to send; nil when stripping leaves nothing.
    func number(for dialled: DialledNumber) -> PartyNumber? {
        let untouched = strip == 0 && add.isEmpty
        let source = untouched || pattern.isInternational ? dialled.international ?? dialled.digits : dialled.digits
        guard strip <= source.count else { return nil }
        let digits = add + source.dropFirst(strip)
        guard !digits.isEmpty else { return nil }
        let type = untouched && dialled.international != nil ? TypeOfNumber.international : .unknown
        return PartyNumber(digits: digits, type: typeOfNumber ?? type)
    }

    package var description: String {
        var text = "from \(from), \(pattern)"
        if strip > 0 { text += ", strip \(strip)" }
        if !add.isEmpty { text += ", add \(add)" }
        return text + " → " + to.map(\.text).joined(separator: ", ")
    }
}
