// SPDX-License-Identifier: GPL-2.0-or-later

/// A gateway that is run: what `trunkgate run` drives.
package protocol GatewayRuntime: GatewayOperating {
    /// Listens, attaches to the line program or starts one, and carries calls until `drain` or `stop` is through.
    ///
    /// - Throws: what keeps it from starting, as a sentence for the user.
    func run() async throws
    /// Takes no new calls; `run` returns when the last one is over.
    func drain() async
    /// Ends every call; `run` returns soon.
    func stop() async
}
