// SPDX-License-Identifier: GPL-2.0-or-later

/// A table of aligned columns for people, the way every `trunkgate show` prints.
package struct TextTable: Sendable {
    package enum Alignment: Sendable {
        case left
        case right
    }

    package struct Column: Sendable {
        package var title: String
        package var alignment: Alignment

        package init(_ title: String, _ alignment: Alignment = .left) {
            self.title = title
            self.alignment = alignment
        }
    }

    package let columns: [Column]
    private var rows: [[String]] = []

    package init(_ columns: [Column]) {
        self.columns = columns
    }

    /// A row with as many cells as there are columns: missing ones are empty, further ones left out.
    package mutating func add(_ cells: [String]) {
        let cells = cells.prefix(columns.count).map(\.printable)
        rows.append(cells + Array(repeating: "", count: columns.count - cells.count))
    }

    /// The lines, titles first, without blanks at their ends, each ended by a newline.
    package var text: String {
        let lines = [columns.map(\.title)] + rows
        let widths = columns.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        return lines.map { cells in
            let line = columns.indices.map { column in
                switch columns[column].alignment {
                case .left: cells[column].padded(to: widths[column])
                case .right: cells[column].paddedLeft(to: widths[column])
                }
            }.joined(separator: "  ")
            let end = line.lastIndex { $0 != " " }.map { line.index(after: $0) } ?? line.startIndex
            return line[..<end] + "\n"
        }.joined()
    }
}
