// SPDX-License-Identifier: GPL-2.0-or-later
package import LineProtocol

/// A call of the switch, for people.
package struct SwitchCall: Hashable, Sendable {
    /// Names the call while it lasts; counted from 1 by each board.
    package var number: UInt32
    package var isIncoming: Bool
    package var called: String
    package var calling: String
    package var channel: ChannelID?
    /// Monotonic nanoseconds.
    package var started: UInt64
    package var state: State

    package enum State: String, Hashable, Sendable {
        case settingUp = "setting-up"
        case ringing
        case connected
        case clearing
    }
}

extension TestLine {
    var shownState: SwitchCall.State {
        switch state {
        case .idle, .proceeding: .settingUp
        case .alerting: .ringing
        case .answered, .collecting, .repeating: .connected
        case .clearing, .over: .clearing
        }
    }
}

extension CallIn {
    var shownState: SwitchCall.State {
        switch state {
        case .idle, .dialling: .settingUp
        case .ringing: .ringing
        case .answered: .connected
        case .clearing, .over: .clearing
        }
    }
}
