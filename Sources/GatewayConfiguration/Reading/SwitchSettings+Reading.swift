// SPDX-License-Identifier: GPL-2.0-or-later
import LineProtocol

extension SwitchSettings {
    /// Reads a configuration. The error holds everything wrong with it; `file` is only for that.
    package init(yaml: String, file: String) throws(ConfigurationError) {
        let problems = ProblemList(file: file)
        let root = YAMLDocument.root(yaml, problems: problems)
        let top = root.flatMap {
            Section($0, "the switch's file", keys: ["spans"] + ProcessSettings.keys, problems: problems)
        }
        let settings = top.map { top in
            let lines = SpanReader(problems: problems).read(top)
            let sockets = lines.ports.map {
                PortCheck.Socket(what: "a pseudowire", address: $0.value, place: $0.place)
            }
            PortCheck(problems: problems).check(sockets, rtp: nil, rtpPlace: nil)
            return SwitchSettings(spans: lines.spans, process: ProcessSettings(top))
        }
        if let error = problems.error { throw error }
        guard let settings else {
            throw ConfigurationError(
                problems: [ConfigurationProblem(file: file, line: 1, column: 1, sentence: "the file says nothing")])
        }
        self = settings
    }
}
