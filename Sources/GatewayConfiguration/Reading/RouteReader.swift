// SPDX-License-Identifier: GPL-2.0-or-later
import ISDN
import Routing
import Yams

/// Reads `routes:`.
struct RouteReader {
    let problems: ProblemList
    let spans: [SpanSettings]
    let trunks: [SIPTrunk]

    private static let keys = ["from", "to", "number", "prefix", "strip", "add", "type-of-number"]

    func read(_ top: Section) -> RouteTable {
        guard let node = top.node("routes") else { return RouteTable([]) }
        guard let sequence = node.sequence else {
            problems.report(Place(node), "`routes` must be a list: lines that begin with `- `")
            return RouteTable([])
        }
        var routes: [Located<Route>] = []
        for (index, entry) in sequence.enumerated() {
            let name = "route \(index + 1)"
            guard let section = Section(entry, name, keys: Self.keys, problems: problems),
                let route = read(section)
            else { continue }
            if let earlier = routes.first(where: {
                $0.value.from == route.from && $0.value.pattern.conflicts(with: route.pattern)
            }) {
                problems.report(
                    section.place,
                    "\(name) is for \(route.pattern) from \(route.from), some of which the route in line "
                        + "\(earlier.place.line) has already; keep each number in one route")
            }
            routes.append(Located(value: route, place: section.place))
        }
        return RouteTable(routes.map(\.value))
    }

    private func read(_ section: Section) -> Route? {
        let from = section.required("from", such: names.first ?? "carrier-a").flatMap { known($0, "from", section) }
        let to = targets(section)
        let pattern = pattern(section)
        let strip = section.integer("strip", 0...32) ?? 0
        let add = section.text("add").flatMap { text -> String? in
            if text.value.allSatisfy({ $0.isASCII && ($0.isNumber || "*#".contains($0)) }), text.value.count <= 32 {
                return text.value
            }
            section.report(
                text.place,
                "`add` of \(section.name) cannot be `\(text.value)`; "
                    + "write digits, without a plus (the type of number says that)"
            )
            return nil
        }
        let type: TypeOfNumber? = section.word(
            "type-of-number",
            [
                ("unknown", .unknown), ("international", .international), ("national", .national),
                ("network-specific", .networkSpecific), ("subscriber", .subscriber), ("abbreviated", .abbreviated),
            ])
        guard let from, let pattern, !to.isEmpty else { return nil }
        return Route(from: from, pattern: pattern, to: to, strip: strip, add: add ?? "", typeOfNumber: type)
    }

    private var names: [String] { spans.map(\.name.text) + trunks.map(\.name.text) }

    private func known(_ name: Located<String>, _ key: String, _ section: Section) -> TrunkName? {
        if names.contains(name.value) { return TrunkName(name.value) }
        let hint = names.isEmpty ? "there is none to name" : Suggestion.sentence(for: name.value, among: names)
        section.report(
            name.place, "`\(key)` of \(section.name) is `\(name.value)`, which is no span or trunk here; \(hint)")
        return nil
    }

    private func targets(_ section: Section) -> [TrunkName] {
        if !section.has("to") {
            section.report(section.place, "\(section.name) lacks `to`; name a trunk, or spans to be tried in order")
        }
        let texts = section.texts("to") ?? []
        let targets = texts.compactMap { known($0, "to", section) }
        let sip = targets.filter { name in trunks.contains { $0.name == name } }
        if !sip.isEmpty, targets.count > 1, let place = texts.last?.place {
            section.report(
                place, "`to` of \(section.name) has several targets, one of them SIP; name one trunk, or spans only")
        }
        for text in texts where text.value == section.text("from")?.value && goesRound(text.value) {
            section.report(
                text.place,
                "\(section.name) sends calls back to where they came from, \(text.value); name another target")
        }
        return targets
    }

    /// Among phones that registered, a call may come from the trunk it goes to.
    private func goesRound(_ name: String) -> Bool {
        !trunks.contains { $0.name.text == name && $0.peer == .registered }
    }

    private func pattern(_ section: Section) -> NumberPattern? {
        if section.has("number"), section.has("prefix") {
            section.report(section.place, "\(section.name) has both `number` and `prefix`; keep one of them")
        }
        if let text = section.has("number") ? section.text("number") : nil {
            do throws(NumberPattern.Flaw) {
                return try .range(text.value)
            } catch {
                section.report(text.place, "`number` of \(section.name), `\(text.value)`, \(error.sentence)")
                return nil
            }
        }
        if section.has("number") { return nil }
        guard section.has("prefix") else { return .prefix("", international: false) }
        guard let text = section.text("prefix") else { return nil }
        do throws(NumberPattern.Flaw) {
            return try .prefix(text.value)
        } catch {
            section.report(text.place, "`prefix` of \(section.name), `\(text.value)`, \(error.sentence)")
            return nil
        }
    }
}
