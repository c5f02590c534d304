// SPDX-License-Identifier: GPL-2.0-or-later
package import ISDN
package import LineProtocol

/// One call to a test line: the called side of Q.931 as the network shows it to the caller.
///
///     caller                        this machine
///      | SETUP ---------------------->| arrived
///      |<------------ CALL PROCEEDING |
///      |                       pause  |
///      |<------------------- ALERTING |        or DISCONNECT with the cause the number asks for
///      |                       pause  |
///      |<-------------------- CONNECT |        0103 stays at ALERTING
///      |<============ echo, tone, … =>|
///      | DISCONNECT ----------------->| disconnected      (the line program answers it)
///      |                              | ended
package struct TestLine: Hashable, Sendable {
    package enum State: Hashable, Sendable {
        case idle
        case proceeding
        case alerting
        case answered
        /// 0105: these digits were heard since the last were sent back.
        case collecting(String)
        /// 0105: digits are being sent; what is heard meanwhile waits.
        case repeating(waiting: String)
        case clearing
        case over
    }

    package enum Event: Hashable, Sendable {
        case arrived
        case timeout
        case digit(UInt8)
        /// The digits were sent.
        case played
        case disconnected
        case ended
    }

    package enum Effect: Hashable, Sendable {
        case send(OutgoingCallMessage)
        case clear(Cause)
        case echo(delayMilliseconds: UInt16)
        case play(Playback)
        case detectDigits
        case sendDigits(String)
        /// Starts the one timer, or starts it anew.
        case startTimer(milliseconds: UInt64)
        case stopTimer
    }

    package static let pauseMilliseconds: UInt64 = 200
    package static let ringMilliseconds: UInt64 = 500
    package static let hangupMilliseconds: UInt64 = 2_000
    package static let interdigitMilliseconds: UInt64 = 5_000
    package static let echoMilliseconds: UInt16 = 500
    /// Digits kept at most; those after are not heard.
    package static let maximumDigits = 64

    package let service: TestService
    package private(set) var state = State.idle

    package init(_ service: TestService) {
        self.service = service
    }

    package mutating func handle(_ event: Event) -> [Effect] {
        switch (state, event) {
        case (.idle, .arrived):
            return proceed()
        case (.proceeding, .timeout):
            return alert()
        case (.alerting, .timeout):
            return answer()
        case (.answered, .timeout):
            // Only 0106 starts the timer here.
            state = .clearing
            return [.clear(.normalCallClearing)]

        case (.collecting(let digits), .digit(let digit)):
            return collect(digits, digit)
        case (.collecting(let digits), .timeout):
            return sendBack(digits, waiting: "")
        case (.repeating(let waiting), .digit(let digit)):
            if waiting.utf8.count < Self.maximumDigits { state = .repeating(waiting: waiting + Self.text(digit)) }
            return []
        case (.repeating(let waiting), .played):
            return resume(waiting)

        // The far end cleared, whatever was going on; the line program has answered.
        case (.idle, .disconnected), (.proceeding, .disconnected), (.alerting, .disconnected),
            (.answered, .disconnected),
            (.collecting, .disconnected), (.repeating, .disconnected), (.clearing, .disconnected):
            state = .clearing
            return [.stopTimer]
        case (.idle, .ended), (.proceeding, .ended), (.alerting, .ended), (.answered, .ended), (.collecting, .ended),
            (.repeating, .ended), (.clearing, .ended):
            state = .over
            return [.stopTimer]

        // Said twice.
        case (.proceeding, .arrived), (.alerting, .arrived), (.answered, .arrived), (.collecting, .arrived),
            (.repeating, .arrived), (.clearing, .arrived), (.over, .arrived):
            return []
        // Expired while it was being stopped.
        case (.idle, .timeout), (.repeating, .timeout), (.clearing, .timeout), (.over, .timeout):
            return []
        // Heard where no digits are asked for.
        case (.idle, .digit), (.proceeding, .digit), (.alerting, .digit), (.answered, .digit), (.clearing, .digit),
            (.over, .digit):
            return []
        // The end of what was played when the call was already on its way out, or of nothing.
        case (.idle, .played), (.proceeding, .played), (.alerting, .played), (.answered, .played),
            (.collecting, .played), (.clearing, .played), (.over, .played):
            return []
        case (.over, .disconnected), (.over, .ended):
            return []
        }
    }

    private mutating func proceed() -> [Effect] {
        if case .refusal(let cause, afterProceeding: false) = service {
            state = .clearing
            return [.clear(cause)]
        }
        state = .proceeding
        return [.send(.proceeding([])), .startTimer(milliseconds: Self.pauseMilliseconds)]
    }

    private mutating func alert() -> [Effect] {
        switch service {
        case .refusal(let cause, _):
            state = .clearing
            return [.clear(cause)]
        case .ringing:
            state = .alerting
            return [.send(.alerting([]))]
        case .echo, .milliwatt, .digits, .hangup:
            state = .alerting
            return [.send(.alerting([])), .startTimer(milliseconds: Self.ringMilliseconds)]
        }
    }

    private mutating func answer() -> [Effect] {
        switch service {
        case .echo:
            state = .answered
            return [.send(.connect), .echo(delayMilliseconds: Self.echoMilliseconds)]
        case .milliwatt:
            state = .answered
            return [.send(.connect), .play(.tone(.milliwatt))]
        case .digits:
            state = .collecting("")
            return [.send(.connect), .detectDigits]
        case .hangup:
            state = .answered
            return [.send(.connect), .startTimer(milliseconds: Self.hangupMilliseconds)]
        case .ringing, .refusal:
            // These never start the timer that leads here.
            return []
        }
    }

    private mutating func collect(_ digits: String, _ digit: UInt8) -> [Effect] {
        if digit == UInt8(ascii: "#") { return sendBack(digits, waiting: "") }
        if digits.utf8.count < Self.maximumDigits { state = .collecting(digits + Self.text(digit)) }
        return [.startTimer(milliseconds: Self.interdigitMilliseconds)]
    }

    private mutating func sendBack(_ digits: String, waiting: String) -> [Effect] {
        guard !digits.isEmpty else { return [.stopTimer] }
        state = .repeating(waiting: waiting)
        return [.stopTimer, .sendDigits(digits)]
    }

    /// What was heard while digits were sent: up to a `#` it is sent at once, else it is waited for more.
    private mutating func resume(_ waiting: String) -> [Effect] {
        let heard = waiting.drop { $0 == "#" }
        if let end = heard.firstIndex(of: "#") {
            return sendBack(String(heard[..<end]), waiting: String(heard[heard.index(after: end)...]))
        }
        state = .collecting(String(heard))
        return heard.isEmpty ? [] : [.startTimer(milliseconds: Self.interdigitMilliseconds)]
    }

    private static func text(_ digit: UInt8) -> String { String(decoding: [digit], as: UTF8.self) }
}
