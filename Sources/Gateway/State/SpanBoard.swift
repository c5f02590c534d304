// SPDX-License-Identifier: GPL-2.0-or-later
package import LineProtocol

import ISDN

/// The spans and channels as the line program last described them: what `show` prints and admission asks.
package struct SpanBoard {
    private struct Row {
        var configuration: SpanConfiguration
        var state = SpanState()
        var channels: [UInt8: (state: ChannelState, leg: LegID?, since: UInt64)] = [:]
    }

    private var rows: [SpanID: Row] = [:]

    package init(_ spans: [SpanConfiguration]) {
        for span in spans { rows[span.id] = Row(configuration: span) }
    }

    package mutating func spanState(_ span: SpanID, _ state: SpanState) {
        rows[span]?.state = state
    }

    package mutating func channelState(
        _ channel: ChannelID, _ state: ChannelState, _ leg: LegID?, at wallNanoseconds: UInt64
    ) {
        rows[channel.span]?.channels[channel.timeslot] = (state, leg, wallNanoseconds)
    }

    /// The line program died: nothing is known until it speaks again.
    package mutating func lineLost() {
        for id in rows.keys {
            rows[id]?.state = SpanState()
            rows[id]?.channels.removeAll()
        }
    }

    package var configurations: [SpanConfiguration] {
        rows.keys.sorted().compactMap { rows[$0]?.configuration }
    }

    package func name(of span: SpanID) -> String { rows[span]?.configuration.name ?? "span \(span)" }

    package func name(of channel: ChannelID) -> String { "\(name(of: channel.span))/\(channel.timeslot)" }

    package func configuration(of span: SpanID) -> SpanConfiguration? { rows[span]?.configuration }

    package func span(named name: String) -> SpanID? {
        rows.first { $0.value.configuration.name == name }?.key
    }

    package func state(of span: SpanID) -> SpanState? { rows[span]?.state }

    package func spanViews() -> [SpanView] {
        rows.keys.sorted().compactMap { id in
            guard let row = rows[id] else { return nil }
            let idle = row.channels.values.filter { $0.state == .idle }.count
            let busy = row.channels.values.filter { [.settingUp, .connected, .clearing].contains($0.state) }.count
            return SpanView(
                name: row.configuration.name, driver: row.configuration.driver.name,
                role: row.configuration.role == .te ? "te" : "nt", layer1: row.state.layer1.name,
                layer2: row.state.layer2Up ? "up" : "down", layer3: row.state.layer3Up ? "up" : "down",
                summary: SpanBoard.summary(row.state), channelsIdle: idle, channelsBusy: busy)
        }
    }

    package func channelViews(callOf: (LegID) -> UInt32?) -> [ChannelView] {
        rows.keys.sorted().flatMap { id -> [ChannelView] in
            guard let row = rows[id] else { return [] }
            return row.channels.keys.sorted().compactMap { timeslot in
                guard let channel = row.channels[timeslot] else { return nil }
                return ChannelView(
                    span: row.configuration.name, timeslot: Int(timeslot), state: channel.state.name,
                    call: channel.leg.flatMap(callOf), since: channel.since)
            }
        }
    }

    /// What a person should know first: the lowest layer that is down, and what that means.
    static func summary(_ state: SpanState) -> String {
        switch state.layer1 {
        case .lossOfSignal:
            return "no signal: nothing comes from the far end; check the cable, or that the far end runs"
        case .alarmIndicationSignal: return "blue alarm: the carrier's transmission lost the far end's signal"
        case .remoteAlarm: return "yellow alarm: the far end does not hear us; check the pair we send on"
        case .up: break
        }
        guard state.layer2Up else {
            return
                "signal, but no answer on the D channel: the far end has not set it up, or has our role (te or nt) too"
        }
        return state.layer3Up ? "in service" : "D channel up, channels being restarted"
    }
}

extension SpanDriverConfiguration {
    package var name: String {
        switch self {
        case .loop: "loop"
        case .pseudowire: "pseudowire"
        }
    }
}

extension Layer1State {
    package var name: String {
        switch self {
        case .up: "up"
        case .lossOfSignal: "loss-of-signal"
        case .alarmIndicationSignal: "ais"
        case .remoteAlarm: "remote-alarm"
        }
    }
}

extension ChannelState {
    package var name: String {
        switch self {
        case .idle: "idle"
        case .settingUp: "setting-up"
        case .connected: "connected"
        case .clearing: "clearing"
        case .restarting: "restarting"
        case .unavailable: "unavailable"
        }
    }
}
