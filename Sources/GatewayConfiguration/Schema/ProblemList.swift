// SPDX-License-Identifier: GPL-2.0-or-later
import Yams

/// Collects what is wrong while a file is read, so that all of it can be said at once.
final class ProblemList {
    let file: String
    private var problems: [ConfigurationProblem] = []

    init(file: String) {
        self.file = file
    }

    func report(_ place: Place, _ sentence: String) {
        problems.append(
            ConfigurationProblem(file: file, line: place.line, column: place.column, sentence: sentence))
    }

    /// What was reported, as the error to throw; nil when nothing was.
    var error: ConfigurationError? {
        guard !problems.isEmpty else { return nil }
        return ConfigurationError(
            problems: problems.sorted { ($0.line, $0.column) < ($1.line, $1.column) })
    }
}

/// A place in the file, counted from 1.
struct Place: Hashable {
    var line: Int
    var column: Int

    init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    init(_ node: Node) {
        line = node.mark?.line ?? 1
        column = node.mark?.column ?? 1
    }
}

/// A value and where it stands.
struct Located<Value> {
    var value: Value
    var place: Place
}
