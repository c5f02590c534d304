// SPDX-License-Identifier: GPL-2.0-or-later
import LineProtocol

extension Section {
    /// One of several words.
    func word<Value>(_ key: String, _ choices: [(word: String, value: Value)]) -> Value? {
        guard let text = text(key) else { return nil }
        if let choice = choices.first(where: { $0.word == text.value }) { return choice.value }
        let words = choices.map(\.word)
        report(
            text.place,
            "`\(key)` of \(name) cannot be `\(text.value)`; \(Suggestion.sentence(for: text.value, among: words))")
        return nil
    }

    func truth(_ key: String) -> Bool? {
        word(key, [("true", true), ("false", false), ("yes", true), ("no", false), ("on", true), ("off", false)])
    }

    func integer(_ key: String, _ limits: ClosedRange<Int>) -> Int? {
        guard let text = text(key) else { return nil }
        if let value = Int(text.value), limits.contains(value) { return value }
        report(
            text.place,
            "`\(key)` of \(name) cannot be `\(text.value)`; "
                + "write a number from \(limits.lowerBound) to \(limits.upperBound)"
        )
        return nil
    }

    /// A time such as `180s`, `500ms` or `3m`; without a unit only where the key's own unit is milliseconds by custom.
    func milliseconds(_ key: String, _ limits: ClosedRange<Int>, unit: Bool = true) -> Int? {
        guard let text = text(key) else { return nil }
        let digits = text.value.prefix { $0.isASCII && $0.isNumber }
        let factor: Int? =
            switch text.value.dropFirst(digits.count) {
            case "ms": 1
            case "s": 1_000
            case "m", "min": 60_000
            case "": unit ? nil : 1
            default: nil
            }
        if let factor, digits.count <= 9, let value = Int(digits), limits.contains(value * factor) {
            return value * factor
        }
        let example = Section.time(limits.lowerBound) + " to " + Section.time(limits.upperBound)
        report(
            text.place,
            "`\(key)` of \(name) cannot be `\(text.value)`; write a time with its unit, from \(example)")
        return nil
    }

    private static func time(_ milliseconds: Int) -> String {
        milliseconds % 1_000 == 0 && milliseconds > 0 ? "\(milliseconds / 1_000)s" : "\(milliseconds)ms"
    }

    func address(_ key: String) -> Located<IPAddress>? {
        guard let text = text(key) else { return nil }
        if let address = IPAddress(text: text.value) { return Located(value: address, place: text.place) }
        report(
            text.place,
            "`\(key)` of \(name) cannot be `\(text.value)`; write an IPv4 or IPv6 address such as 192.0.2.1")
        return nil
    }

    /// An address with its UDP port; reported when absent.
    func transportAddress(_ key: String, such example: String) -> Located<TransportAddress>? {
        guard let text = required(key, such: example) else { return nil }
        if let address = TransportAddress(text: text.value), address.port > 0 {
            return Located(value: address, place: text.place)
        }
        report(
            text.place,
            "`\(key)` of \(name) cannot be `\(text.value)`; "
                + "write an address and a port from 1 to 65535, such as \(example)"
        )
        return nil
    }
}
