// SPDX-License-Identifier: GPL-2.0-or-later
import LineProtocol

extension ProcessSettings {
    static let keys = ["state", "line-program", "log"]

    /// From the top of either kind of file.
    init(_ top: Section) {
        stateDirectory = nil
        if let state = top.text("state") {
            stateDirectory = state.value
            let longest = state.value.utf8.count + 1 + Lane.bulkSocketName.utf8.count
            if !state.value.hasPrefix("/") {
                top.report(
                    state.place,
                    "`state` cannot be `\(state.value)`; write a path from the root, such as /run/trunkgate")
            } else if longest > Self.longestSocketPath {
                top.report(
                    state.place,
                    "`state` is too long by \(longest - Self.longestSocketPath) octets: Linux limits the path of a "
                        + "socket in it to "
                        + "\(Self.longestSocketPath); choose a shorter one")
            }
        }
        lineProgram = top.text("line-program")?.value
        logLevel =
            top.section("log", keys: ["level"])?.word(
                "level", [("debug", .debug), ("info", .info), ("warning", .warning), ("error", .error)]) ?? .info
    }

    /// `sun_path` holds 108 octets, the last of them 0.
    private static let longestSocketPath = 107
}
