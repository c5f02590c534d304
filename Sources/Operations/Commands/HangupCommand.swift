// SPDX-License-Identifier: GPL-2.0-or-later
import ArgumentParser

struct HangupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hangup", abstract: "Ends a call, both ways, with cause 16 (normal call clearing).")

    @Argument(help: ArgumentHelp("The number of the call in `trunkgate show calls`.", valueName: "call")) var call:
        UInt32
    @OptionGroup var gateway: GatewayOption

    func run() async throws {
        try await gateway.client().hangup(call: call)
        Terminal.line("call \(call) is being cleared")
    }
}
