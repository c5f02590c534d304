// SPDX-License-Identifier: GPL-2.0-or-later
import ArgumentParser
import Foundation

struct SwitchCallCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "switch-call", abstract: "Lets the demonstration switch call a number of the gateway's.",
        discussion: """
            Ends when the call does: after the audio, or a minute after the answer; Ctrl-C hangs up. Exit code 1 when it was
            not answered.
            """)

    @Argument(help: ArgumentHelp("The number to call, as the carrier delivers it.", valueName: "did")) var number:
        String
    @Option(help: ArgumentHelp("The caller's number.", valueName: "number")) var from: String?
    @Option(help: ArgumentHelp("The caller's name.", valueName: "name")) var name: String?
    @Option(help: ArgumentHelp("A WAV file to play after the answer: 8 kHz, one channel, 16 bits.", valueName: "file"))
    var audio: String?
    @Flag(help: "JSON: an object a line.") var json = false
    @Option(help: ArgumentHelp("The state directory of the switch (default: the demonstration's).", valueName: "dir"))
    var state: String?

    func run() async throws {
        var file: String?
        if let audio {
            let path = URL(fileURLWithPath: audio).standardizedFileURL.path
            guard FileManager.default.isReadableFile(atPath: path) else {
                throw CommandFailure(.wrong, "\(audio) cannot be read")
            }
            file = path
        }
        let client = try ControlClient.find(
            StateLocator.current.switchCandidates(state), what: "demonstration switch",
            advice:
                "start one with `trunkgate demo` or `trunkgate switch --config FILE`, or name its state directory with --state"
        )
        let order = SwitchCallOrder(number: number, from: from, name: name, audio: file)
        var end: SwitchCallLine?
        try await client.lines("/api/v1/switch/call", order) { (line: SwitchCallLine) in
            if json { try Terminal.json(line, onOneLine: true) } else { Terminal.line(line.sentence) }
            if line.event == .ended { end = line }
        }
        guard let end else { throw CommandFailure(.unreachable, "the switch ended before the call did") }
        if end.wasAnswered != true { throw ExitCode(CommandExit.wrong.rawValue) }
    }
}
