// SPDX-License-Identifier: GPL-2.0-or-later
package import LineProtocol

/// The command line of `trunkgate-line`.
package struct LineArguments: Hashable, Sendable {
    package var stateDirectory: String
    /// What is printed; the bulk lane carries `info` and above in any case.
    package var logLevel: LogLevel

    package enum Outcome: Hashable, Sendable {
        case run(LineArguments)
        case help
        /// What is wrong, as a sentence.
        case wrong(String)
    }

    package static let usage = """
        usage: trunkgate-line --state DIR [--log-level debug|info|warning|error]

        The real-time half of trunkgate: telephone spans, RTP and audio. It is usually started by `trunkgate run`
        and listens on \(Lane.callSocketName) and \(Lane.bulkSocketName) in DIR.
        """

    package static func parse(_ words: [String]) -> Outcome {
        var state: String?
        var level = LogLevel.info
        var rest = words[...]
        while let word = rest.popFirst() {
            switch word {
            case "--help", "-h":
                return .help
            case "--state":
                guard let value = rest.popFirst(), !value.isEmpty else { return .wrong("--state needs a directory") }
                state = value
            case "--log-level":
                guard let value = rest.popFirst(), let known = LogLevel.allCases.first(where: { "\($0)" == value })
                else {
                    return .wrong("--log-level needs one of debug, info, warning, error")
                }
                level = known
            default:
                return .wrong("\(word) is not an argument of trunkgate-line")
            }
        }
        guard let state else { return .wrong("--state DIR is missing") }
        return .run(LineArguments(stateDirectory: state, logLevel: level))
    }
}
