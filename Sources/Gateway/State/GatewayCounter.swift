// SPDX-License-Identifier: GPL-2.0-or-later

/// Everything the control program itself counts; SIP's own counters are `SIPCounter` and `TransportCounter`.
package enum GatewayCounter: Int, Sendable, CaseIterable {
    case callsStarted, callsAnswered, callsRefused, callsRestored
    case glare, unknownPeers, registrations
    case lineCommands, lineLosses, bulkDropped

    package var name: String { row.name }
    /// What one more of it means.
    package var sentence: String { row.sentence }

    private var row: (name: String, sentence: String) {
        switch self {
        case .callsStarted: ("gateway.calls.started", "calls that came, from SIP or from a line")
        case .callsAnswered: ("gateway.calls.answered", "calls that were answered and have ended")
        case .callsRefused: ("gateway.calls.unanswered", "calls that ended without an answer")
        case .callsRestored: ("gateway.calls.restored", "calls taken up again after the control program was gone")
        case .glare: ("gateway.calls.glare", "calls of ours that met one from the line on the same channel")
        case .unknownPeers: ("gateway.sip.unknown-peers", "SIP requests from addresses that no trunk allows, refused")
        case .registrations: ("gateway.sip.registrations", "REGISTER requests accepted")
        case .lineCommands: ("gateway.line.commands", "commands sent to the line program for calls")
        case .lineLosses: ("gateway.line.lost", "times the line program was lost")
        case .bulkDropped: ("gateway.line.bulk.dropped", "records the line program dropped because we read too slowly")
        }
    }
}

/// The values of `GatewayCounter`.
package struct GatewayCounts: Sendable {
    private var values = [UInt64](repeating: 0, count: GatewayCounter.allCases.count)

    package init() {}

    package subscript(_ counter: GatewayCounter) -> UInt64 { values[counter.rawValue] }
    package mutating func add(_ counter: GatewayCounter) { values[counter.rawValue] &+= 1 }
    package mutating func set(_ counter: GatewayCounter, _ value: UInt64) { values[counter.rawValue] = value }

    package var views: [CounterView] {
        GatewayCounter.allCases.map { CounterView(name: $0.name, value: self[$0], sentence: $0.sentence) }
    }
}
