// SPDX-License-Identifier: GPL-2.0-or-later
import Yams

/// The text of a file as a tree. YAML's own errors stop at the first: what follows a broken line cannot be read.
enum YAMLDocument {
    /// Nil, and reported, when the text is not YAML or says nothing.
    static func root(_ yaml: String, problems: ProblemList) -> Node? {
        do {
            if let node = try Yams.compose(yaml: yaml), node.null == nil || node.scalar == nil { return node }
            problems.report(Place(line: 1, column: 1), "the file says nothing; it must at least have `spans:`")
        } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
            let key = keys.first ?? ""
            let place = secondPlace(of: key, in: yaml, from: context.mark.line)
            problems.report(
                place ?? Place(line: context.mark.line, column: context.mark.column),
                "the key `\(key)` is given twice; keep one of the two")
        } catch YamlError.scanner(_, let problem, let mark, _), YamlError.parser(_, let problem, let mark, _),
            YamlError.composer(_, let problem, let mark, _)
        {
            problems.report(
                Place(line: mark.line, column: mark.column),
                "this is not YAML: \(problem); check the indentation, the colons and the quotes here and just above")
        } catch {
            problems.report(Place(line: 1, column: 1), "this is not YAML: \(error)")
        }
        return nil
    }

    /// The second line from there on that begins with the key, as deep as the first that does.
    private static func secondPlace(of key: String, in yaml: String, from first: Int) -> Place? {
        var depth: Int?
        for (index, line) in yaml.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
        where index + 1 >= first {
            let indentation = line.prefix { $0 == " " }.count
            guard line.dropFirst(indentation).hasPrefix(key + ":") else { continue }
            if depth == indentation { return Place(line: index + 1, column: indentation + 1) }
            if depth == nil { depth = indentation }
        }
        return nil
    }
}
