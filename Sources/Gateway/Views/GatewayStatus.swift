// SPDX-License-Identifier: GPL-2.0-or-later

/// The gateway as a whole.
package struct GatewayStatus: Sendable, Codable, Hashable {
    package var version: String
    package var processID: Int32
    /// Wall-clock nanoseconds since 1970.
    package var started: UInt64
    /// Whether it takes no new calls because it is about to end.
    package var draining: Bool
    /// Where SIP is heard, as `udp://127.0.0.1:5060`.
    package var listen: [String]
    /// A sentence about the line program: "attached", or what is wrong with it.
    package var lineProgram: String

    package init(
        version: String, processID: Int32, started: UInt64, draining: Bool, listen: [String], lineProgram: String
    ) {
        self.version = version
        self.processID = processID
        self.started = started
        self.draining = draining
        self.listen = listen
        self.lineProgram = lineProgram
    }
}
