// SPDX-License-Identifier: GPL-2.0-or-later
package import Gateway

/// Draws the ladder of a call for a terminal: a pure function of its entries.
///
///         ms  phone                    trunkgate                    carrier-a
///              |                           |                            |
///        0.0   |-- INVITE  0100 ---------->|                            |
///        0.4   |<---------- 100 Trying ----|                            |
///        1.1   |                           |-- SETUP  0100 ------------>|
///              |                           |   channel 31               |
///       12.0   * the sentence of a note
package struct LadderPrinter: Sendable {
    private static let margin = 11
    private static let mostLinesOfDetail = 3

    /// Columns of the terminal.
    package var width: Int

    package init(width: Int = 110) {
        self.width = max(60, min(width, 400))
    }

    /// The whole ladder in the order of time, each line ended by a newline; empty when there are no entries.
    package func draw(_ entries: [LadderEntry], omitted: UInt64 = 0) -> String {
        // What the line program tells comes a little after it happened.
        let entries = entries.sorted { ($0.time, $0.sequence) < ($1.time, $1.sequence) }
        guard let first = entries.first else { return "" }
        let layout = self.layout(entries)
        var lines = header(layout)
        for entry in entries { lines += self.lines(entry, layout: layout, start: first.time) }
        if omitted > 0 {
            lines.append("(\(omitted) more entries were dropped from the middle: only so much is kept of one call)")
        }
        return lines.map { $0 + "\n" }.joined()
    }

    package func layout(_ entries: [LadderEntry]) -> LadderLayout {
        LadderLayout(entries: entries, width: roomForLifelines)
    }

    /// Columns between the first lifeline and the last.
    package var roomForLifelines: Int { width - LadderPrinter.margin - 4 }

    /// The names over their lifelines.
    package func header(_ layout: LadderLayout) -> [String] {
        var line = "ms".paddedLeft(to: LadderPrinter.margin - 2).padded(to: LadderPrinter.margin)
        for (name, position) in zip(layout.names, layout.positions) {
            let start = LadderPrinter.margin + position - name.count / 2
            line = line.padded(to: max(start, line.count + (position == 0 ? 0 : 2))) + name
        }
        return [line, row(time: "", empty(layout))]
    }

    /// What one entry looks like; the time is relative to `start`.
    package func lines(_ entry: LadderEntry, layout: LadderLayout, start: UInt64) -> [String] {
        let time = TimeText.milliseconds(from: start, to: entry.time)
        guard entry.kind != .note, let from = layout.position(of: entry.from), let to = layout.position(of: entry.to),
            from != to
        else { return note(LadderLayout.text(entry), time: time) }
        let label = entry.label.printable
        let detail = entry.detail.printable
        let room = abs(to - from) - 7
        if detail.isEmpty || LadderLayout.text(entry).count <= room {
            return [row(time: time, arrow(LadderLayout.text(entry).clipped(to: room), entry.kind, from, to, layout))]
        }
        let below = LadderPrinter.broken(detail, into: room + 2).prefix(LadderPrinter.mostLinesOfDetail).map { piece in
            var canvas = empty(layout)
            place(piece, at: min(from, to) + 4, in: &canvas)
            return row(time: "", canvas)
        }
        return [row(time: time, arrow(label.clipped(to: room), entry.kind, from, to, layout))] + below
    }

    private func arrow(
        _ text: String, _ kind: LadderEntry.Kind, _ from: Int, _ to: Int, _ layout: LadderLayout
    ) -> [Character] {
        var canvas = empty(layout)
        let stroke: Character = kind == .media ? "=" : "-"
        for column in (min(from, to) + 1)..<max(from, to) { canvas[column] = stroke }
        if from < to {
            canvas[to - 1] = ">"
            place(" \(text) ", at: from + 3, in: &canvas)
        } else {
            canvas[to + 1] = "<"
            place(" \(text) ", at: from - 4 - text.count, in: &canvas)
        }
        return canvas
    }

    private func note(_ text: String, time: String) -> [String] {
        let pieces = LadderPrinter.broken(text, into: width - LadderPrinter.margin - 2)
        return pieces.enumerated().map { index, piece in
            row(time: index == 0 ? time : "", Array((index == 0 ? "* " : "  ") + piece))
        }
    }

    /// The text in pieces of at most `room` characters, between words where there are any; at least one piece.
    private static func broken(_ text: String, into room: Int) -> [String] {
        var pieces: [String] = []
        var rest = Substring(text)
        repeat {
            var piece = rest.prefix(max(1, room))
            if piece.count < rest.count, let blank = piece.lastIndex(of: " "), blank > piece.startIndex {
                piece = piece[..<blank]
            }
            rest = rest.dropFirst(piece.count).drop { $0 == " " }
            pieces.append(String(piece))
        } while !rest.isEmpty
        return pieces
    }

    private func empty(_ layout: LadderLayout) -> [Character] {
        var canvas = [Character](repeating: " ", count: layout.width + 1)
        for position in layout.positions { canvas[position] = "|" }
        return canvas
    }

    private func place(_ text: String, at column: Int, in canvas: inout [Character]) {
        for (offset, character) in text.enumerated() where canvas.indices.contains(column + offset) {
            canvas[column + offset] = character
        }
    }

    private func row(time: String, _ canvas: [Character]) -> String {
        let line = time.paddedLeft(to: LadderPrinter.margin - 2) + "  " + String(canvas)
        return String(line.reversed().drop { $0 == " " }.reversed())
    }
}
