// SPDX-License-Identifier: GPL-2.0-or-later
package import Gateway

/// Where the lifelines of a ladder stand: SIP on the left of trunkgate, spans on its right.
package struct LadderLayout: Sendable, Hashable {
    package var names: [String]
    /// The column of each lifeline, counted from the first one.
    package var positions: [Int]

    package static let narrowestGap = 16

    /// The gaps are as wide as the texts need, and share `width` columns when that is too much.
    ///
    /// - Parameter gap: how wide they are at least; texts yet to come will need it.
    package init(entries: [LadderEntry], width: Int, gap: Int = LadderLayout.narrowestGap) {
        let names = LadderLayout.lifelines(entries)
        var needs = [Int](repeating: gap, count: max(0, names.count - 1))
        for (gap, pair) in zip(names, names.dropFirst()).enumerated() {
            // A name is centred on its line: half of it reaches into the gap.
            needs[gap] = max(needs[gap], (pair.0.count + pair.1.count) / 2 + 3)
        }
        for entry in entries where entry.kind != .note {
            guard let from = names.firstIndex(of: entry.from.printable),
                let to = names.firstIndex(of: entry.to.printable),
                from != to
            else { continue }
            let gaps = min(from, to)..<max(from, to)
            let text = LadderLayout.text(entry).count + 7
            let share = (text + gaps.count - 1) / gaps.count
            for gap in gaps { needs[gap] = max(needs[gap], share) }
        }
        let most = max(LadderLayout.narrowestGap, width / max(1, needs.count))
        var spare = needs.reduce(width) { $0 - min($1, most) }
        var positions = [0]
        for need in needs {
            let extra = max(0, min(need - most, spare))
            spare -= extra
            positions.append((positions.last ?? 0) + min(need, most) + extra)
        }
        self.names = names
        self.positions = Array(positions.prefix(max(1, names.count)))
    }

    package var width: Int { positions.last ?? 0 }

    package func position(of name: String) -> Int? {
        names.firstIndex(of: name.printable).map { positions[$0] }
    }

    static func text(_ entry: LadderEntry) -> String {
        (entry.detail.isEmpty ? entry.label : entry.label + "  " + entry.detail).printable
    }

    private static func lifelines(_ entries: [LadderEntry]) -> [String] {
        var sip: [String] = []
        var line: [String] = []
        for entry in entries where entry.kind != .note {
            for name in [entry.from, entry.to] where name != LadderEntry.gateway {
                let name = name.printable
                guard !sip.contains(name), !line.contains(name) else { continue }
                if entry.kind == .q931 { line.append(name) } else { sip.append(name) }
            }
        }
        let gateway = [LadderEntry.gateway]
        // Two trunks of the same kind stand on either side, in the order of the call.
        if line.isEmpty { return sip.prefix(1) + gateway + sip.dropFirst() }
        if sip.isEmpty, line.count > 1 { return line.prefix(1) + gateway + line.dropFirst() }
        return sip + gateway + line
    }
}
