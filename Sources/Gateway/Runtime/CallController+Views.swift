// SPDX-License-Identifier: GPL-2.0-or-later
import CallControl
import LineProtocol
import SIPCore
import SIPTransport

/// What operators see of the calls.
extension CallController {
    func callViews() -> [CallView] {
        calls.keys.sorted().compactMap { number in
            guard let engine = calls[number]?.engine else { return nil }
            let record = engine.record
            return CallView(
                call: number, state: engine.isHeld && engine.state == .connected ? "held" : engine.state.name,
                from: record.from, to: record.to, caller: record.caller, called: record.called, channel: record.channel,
                codec: record.codec, started: record.started, answered: record.answered)
        }
    }

    /// The gateway's own, SIP's, then the line program's.
    func counterViews() -> [CounterView] {
        let endpoint = SIPCounter.allCases.map {
            CounterView(name: "sip.\($0.rawValue)", value: sip.count($0), sentence: $0.sentence)
        }
        let transport = TransportCounter.allCases.map {
            CounterView(name: $0.name, value: sip.count($0), sentence: $0.sentence)
        }
        let line = zip(LineCounter.allCases, lineCounters).map {
            CounterView(name: $0.name, value: $1, sentence: $0.sentence)
        }
        return counts.views + endpoint + transport + line
    }
}

extension Call.State {
    fileprivate var name: String {
        switch self {
        case .idle, .routing, .settingUp, .proceeding: "setting-up"
        case .ringing: "ringing"
        case .connected: "connected"
        case .clearingBoth, .clearingOriginating, .clearingTerminating: "clearing"
        case .over: "over"
        }
    }
}
