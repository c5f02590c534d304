// SPDX-License-Identifier: GPL-2.0-or-later
package import Gateway

/// Draws ladders while they grow: of one call or, in turns, of many.
package struct LadderFollower: Sendable {
    private struct Followed {
        var start: UInt64
        /// The first entry that named each lifeline: enough to lay the ladder out.
        var naming: [LadderEntry] = []
    }

    private static let gap = 38

    private let printer: LadderPrinter
    private var calls: [UInt32?: Followed] = [:]
    private var current: UInt32??
    private var layout: LadderLayout?

    package init(printer: LadderPrinter) {
        self.printer = printer
    }

    /// The lines to print for these entries, with a heading wherever another call goes on.
    package mutating func lines(_ entries: [LadderEntry]) -> [String] {
        entries.flatMap { lines($0) }
    }

    private mutating func lines(_ entry: LadderEntry) -> [String] {
        if calls.count > 1000 { calls.removeAll() }
        var followed = calls[entry.call] ?? Followed(start: entry.time)
        let known = Set(followed.naming.flatMap { [$0.from, $0.to] })
        if entry.kind != .note, !known.isSuperset(of: [entry.from, entry.to]) { followed.naming.append(entry) }
        calls[entry.call] = followed
        let next = LadderLayout(entries: followed.naming, width: printer.roomForLifelines, gap: LadderFollower.gap)
        var lines: [String] = []
        if current != .some(entry.call) || layout?.names != next.names {
            let name = entry.call.map { "call \($0)" } ?? "no call"
            lines = ["", "\(name), from \(TimeText.moment(followed.start))"] + printer.header(next)
            layout = next
        }
        current = .some(entry.call)
        return lines + printer.lines(entry, layout: layout ?? next, start: followed.start)
    }
}
