// SPDX-License-Identifier: GPL-2.0-or-later
package import DemonstrationSwitch
package import Gateway
package import GatewayConfiguration
import LineProtocol
import NIOCore

/// The demonstration switch as the commands see it: it has calls and spans, and neither ladders nor records.
package struct SwitchOperating: GatewayOperating {
    private let demonstrationSwitch: DemonstrationSwitch
    private let spanSettings: [SpanSettings]
    private let started = TimeText.now

    package init(_ demonstrationSwitch: DemonstrationSwitch, spans: [SpanSettings]) {
        self.demonstrationSwitch = demonstrationSwitch
        spanSettings = spans
    }

    package func status() async -> GatewayStatus {
        let attached = await !demonstrationSwitch.spanStates.isEmpty
        return GatewayStatus(
            version: TrunkgateVersion.text, processID: CurrentProcess.id, started: started, draining: false, listen: [],
            lineProgram: attached ? "attached" : "not attached")
    }

    package func calls() async -> [CallView] {
        let now = NIODeadline.now().uptimeNanoseconds
        let wall = TimeText.now
        return await demonstrationSwitch.calls.map { call in
            let age = now > call.started ? now - call.started : 0
            return CallView(
                call: call.number, state: call.state.rawValue, from: call.isIncoming ? "line" : "switch",
                to: call.isIncoming ? "switch" : "line", caller: call.calling, called: call.called,
                channel: call.channel.map(name) ?? "", codec: "", started: wall > age ? wall - age : 0, answered: nil)
        }
    }

    package func spans() async -> [SpanView] {
        var board = SpanBoard(spanSettings.map(\.configuration))
        for (span, state) in await demonstrationSwitch.spanStates { board.spanState(span, state) }
        return board.spanViews()
    }

    package func channels() async -> [ChannelView] { [] }
    package func counters() async -> [CounterView] { [] }
    package func hangup(call: UInt32) async -> Bool { await demonstrationSwitch.hangUp(call) }

    package func ladder(_ selection: LadderSelection, after: UInt64) async -> LadderPage {
        LadderPage(entries: [], omitted: 0, latest: 0)
    }

    package func capture(_ selection: LadderSelection) async -> [CapturedMessage] { [] }

    func name(_ channel: ChannelID) -> String {
        let span = spanSettings.first { $0.configuration.id == channel.span }
        return "\(span?.configuration.name ?? "\(channel.span)")/\(channel.timeslot)"
    }
}
