// SPDX-License-Identifier: GPL-2.0-or-later
import Yams

/// A mapping of the file whose keys are known: reads its values and reports what is wrong with them.
struct Section {
    /// As people call it: "span carrier-a".
    let name: String
    let place: Place
    let problems: ProblemList
    /// The keys given and what stands under them.
    let entries: [(key: Located<String>, value: Node)]

    /// Nil, and reported, when the node is no mapping. Keys that are not among those known are reported.
    init?(_ node: Node, _ name: String, keys: [String], problems: ProblemList) {
        self.init(open: node, name, problems: problems)
        for (key, _) in entries where !keys.contains(key.value) {
            report(
                key.place, "\(name) has no key `\(key.value)`; \(Suggestion.sentence(for: key.value, among: keys))")
        }
    }

    /// A mapping whose keys are names the user gives.
    init?(open node: Node, _ name: String, problems: ProblemList) {
        guard let mapping = node.mapping else {
            problems.report(Place(node), "\(name) must be a mapping: lines of `key: value`")
            return nil
        }
        self.name = name
        self.problems = problems
        place = Place(node)
        entries = mapping.compactMap { key, value in
            key.string.map { (key: Located(value: $0, place: Place(key)), value: value) }
        }
        for (key, _) in mapping where key.string == nil {
            problems.report(Place(key), "\(name) has a key that is no word")
        }
    }

    func has(_ key: String) -> Bool { node(key) != nil }

    func node(_ key: String) -> Node? {
        entries.first { $0.key.value == key }?.value
    }

    func section(_ key: String, keys: [String]) -> Section? {
        node(key).flatMap { Section($0, "`\(key)`", keys: keys, problems: problems) }
    }

    /// A single value as it is written. Nil when absent; reported when it is a list, a mapping or nothing.
    func text(_ key: String) -> Located<String>? {
        guard let node = node(key) else { return nil }
        return Section.text(node, "`\(key)` of \(name)", problems: problems)
    }

    /// The same, but reported when absent.
    func required(_ key: String, such example: String) -> Located<String>? {
        if !has(key) { problems.report(place, "\(name) lacks `\(key)`; write for instance `\(key): \(example)`") }
        return text(key)
    }

    /// The values of a list; one value alone counts as a list of it.
    func texts(_ key: String) -> [Located<String>]? {
        guard let node = node(key) else { return nil }
        guard let sequence = node.sequence else { return text(key).map { [$0] } }
        return sequence.compactMap { Section.text($0, "an entry of `\(key)` of \(name)", problems: problems) }
    }

    static func text(_ node: Node, _ name: String, problems: ProblemList) -> Located<String>? {
        guard let scalar = node.scalar else {
            problems.report(Place(node), "\(name) must be a single value")
            return nil
        }
        guard scalar.style != .plain || !["", "~", "null"].contains(scalar.string) else {
            problems.report(Place(node), "\(name) has no value")
            return nil
        }
        return Located(value: scalar.string, place: Place(node))
    }

    func report(_ place: Place, _ sentence: String) {
        problems.report(place, sentence)
    }
}
