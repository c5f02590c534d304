// SPDX-License-Identifier: GPL-2.0-or-later
import ArgumentParser
import Foundation
import Gateway

struct TraceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trace", abstract: "The ladder of a call: SIP, Q.931 and media in one picture.",
        discussion: """
            The gateway keeps its last calls. Without CALL it is the last one, and with --follow every call from now on.
            A capture file also has the D-channel frames from the call's beginning to its end, whichever call they are of.
            """)

    @Argument(help: ArgumentHelp("The number of the call in `show calls` or `cdr`.", valueName: "call")) var call:
        UInt32?
    @Flag(help: "Go on with what happens next, until Ctrl-C.") var follow = false
    @Flag(help: "JSON instead of a drawing; with --follow, an entry a line.") var json = false
    @Option(
        help: ArgumentHelp(
            "Write the messages as a capture for Wireshark instead, \"-\" for the standard output.", valueName: "file"))
    var pcapng: String?
    @OptionGroup var gateway: GatewayOption

    func validate() throws {
        if follow, pcapng != nil { throw ValidationError("--pcapng writes what there is: leave out --follow") }
    }

    func run() async throws {
        let client = try gateway.client()
        if let pcapng {
            try await capture(client, to: pcapng)
        } else if follow {
            try await follow(client)
        } else {
            try await draw(client)
        }
    }

    private var selection: LadderSelection { call.map { .call($0) } ?? .lastCall }

    private var nothing: CommandFailure {
        guard let call else { return CommandFailure(.wrong, "there was no call yet") }
        return CommandFailure(.wrong, "the gateway knows nothing of call \(call): it never was, or too long ago")
    }

    private func draw(_ client: ControlClient) async throws {
        let page = try await client.ladder(selection)
        guard let first = page.entries.first else { throw nothing }
        if json { return try Terminal.json(page.entries) }
        Terminal.line("call \(first.call.map { "\($0)" } ?? "?"), \(TimeText.moment(first.time))\n")
        Terminal.write(LadderPrinter(width: Terminal.width).draw(page.entries, omitted: page.omitted))
    }

    private func follow(_ client: ControlClient) async throws {
        let selection: LadderSelection = call.map { .call($0) } ?? .everything
        // Past the end of every ladder: only the number of the last entry.
        var after = call == nil ? try await client.ladder(selection, after: .max).latest : 0
        var follower = LadderFollower(printer: LadderPrinter(width: Terminal.width))
        while true {
            let page = try await client.ladder(selection, after: after)
            after = page.latest
            if json {
                for entry in page.entries { try Terminal.json(entry, onOneLine: true) }
            } else {
                for line in follower.lines(page.entries) { Terminal.line(line) }
            }
            try await Task.sleep(for: .milliseconds(250))
        }
    }

    private func capture(_ client: ControlClient, to file: String) async throws {
        let messages = try await client.capture(selection)
        guard !messages.isEmpty else { throw nothing }
        let data = Data(PcapngWriter.file(messages))
        if file == "-" { return FileHandle.standardOutput.write(data) }
        do {
            try data.write(to: URL(fileURLWithPath: file))
        } catch {
            throw CommandFailure(.wrong, "cannot write \(file): \(reason(error))")
        }
        Terminal.line("\(messages.count) messages written to \(file)")
    }
}
