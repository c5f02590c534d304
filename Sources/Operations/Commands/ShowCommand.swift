// SPDX-License-Identifier: GPL-2.0-or-later
import ArgumentParser

struct ShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Live state of the running gateway.",
        subcommands: [Calls.self, Spans.self, Channels.self, Counters.self])

    struct Output: ParsableArguments {
        @OptionGroup var gateway: GatewayOption
        @Flag(help: "JSON instead of a table; times are nanoseconds since 1970.") var json = false

        func show<Value: Encodable>(_ value: Value, as table: (Value) -> String) throws {
            if json { try Terminal.json(value) } else { Terminal.write(table(value)) }
        }
    }

    struct Calls: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The calls that are up.")
        @OptionGroup var output: Output

        func run() async throws {
            try output.show(await output.gateway.client().calls()) { ShowTables.calls($0, now: TimeText.now) }
        }
    }

    struct Spans: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The spans, and which layer of each is down.")
        @OptionGroup var output: Output

        func run() async throws {
            try output.show(await output.gateway.client().spans(), as: ShowTables.spans)
        }
    }

    struct Channels: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Every B channel.")
        @OptionGroup var output: Output

        func run() async throws {
            try output.show(await output.gateway.client().channels()) { ShowTables.channels($0, now: TimeText.now) }
        }
    }

    struct Counters: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What was counted since the programs started, those above 0.")
        @OptionGroup var output: Output
        @Flag(help: "Those that are 0 too.") var all = false

        func run() async throws {
            try output.show(await output.gateway.client().counters()) { ShowTables.counters($0, all: all) }
        }
    }
}
