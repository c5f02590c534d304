// SPDX-License-Identifier: GPL-2.0-or-later
import ArgumentParser

/// Which running gateway a command is for.
struct GatewayOption: ParsableArguments {
    @Option(
        name: .customLong("state"),
        help: ArgumentHelp(
            "The state directory of the gateway (default: $TRUNKGATE_STATE, the usual place, a demonstration).",
            valueName: "dir"))
    var state: String?

    func client() throws -> ControlClient {
        try ControlClient.gateway(state)
    }
}
