// SPDX-License-Identifier: GPL-2.0-or-later
package import DemonstrationSwitch
import ISDN
package import LineProtocol

/// What `switch-call` asks for.
package struct SwitchCallOrder: Sendable, Codable, Hashable {
    package var number: String
    package var from: String?
    package var name: String?
    /// The path of a WAV file on the switch's machine.
    package var audio: String?

    package init(number: String, from: String? = nil, name: String? = nil, audio: String? = nil) {
        self.number = number
        self.from = from
        self.name = name
        self.audio = audio
    }
}

/// One line of the answer while the call goes on: a JSON object each.
package struct SwitchCallLine: Sendable, Codable, Hashable {
    package enum Event: String, Sendable, Codable, CaseIterable {
        case seized
        case proceeding
        case ringing
        case progress
        case answered
        case played
        case ended
    }

    package var event: Event
    /// For people.
    package var sentence: String
    /// At the end: the Q.850 cause, and whether the call was ever answered.
    package var cause: UInt8?
    package var wasAnswered: Bool?

    package init(_ progress: CallInProgress, channelName: (ChannelID) -> String) {
        cause = nil
        wasAnswered = nil
        switch progress {
        case .seized(let channel): (event, sentence) = (.seized, "on channel \(channelName(channel))")
        case .proceeding: (event, sentence) = (.proceeding, "proceeding")
        case .ringing: (event, sentence) = (.ringing, "ringing")
        case .progress: (event, sentence) = (.progress, "there is something to hear before the answer")
        case .answered: (event, sentence) = (.answered, "answered")
        case .played: (event, sentence) = (.played, "the audio has been played")
        case .ended(let end):
            event = .ended
            cause = end.cause.rawValue
            wasAnswered = end.answered
            let by =
                switch end.initiator {
                case .control: "by the switch"
                case .remote: "by the gateway"
                case .line: "by the switch's line program"
                }
            sentence = "ended \(by): cause \(end.cause)" + (end.reason.map { " (\($0))" } ?? "")
        }
    }
}
