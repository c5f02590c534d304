// SPDX-License-Identifier: GPL-2.0-or-later

/// What an operator can see of a running gateway and do to it. The API and every command are written against this.
///
/// None of these may wait for the network or the line: they answer from what the gateway knows now.
package protocol GatewayOperating: Sendable {
    func status() async -> GatewayStatus
    /// The calls that are up, oldest first.
    func calls() async -> [CallView]
    /// In the order of the configuration.
    func spans() async -> [SpanView]
    func channels() async -> [ChannelView]
    /// The gateway's own counters, then the line program's.
    func counters() async -> [CounterView]
    /// Clears a call with cause 16 (normal call clearing), both legs. False when there is no such call.
    func hangup(call: UInt32) async -> Bool
    /// Entries numbered above `after`, in order; `after` 0 gives all that are kept.
    func ladder(_ selection: LadderSelection, after: UInt64) async -> LadderPage
    /// Messages as they were on the wire, in order of time.
    func capture(_ selection: LadderSelection) async -> [CapturedMessage]
}
