// SPDX-License-Identifier: GPL-2.0-or-later
package import ISDN
package import LineProtocol

/// One call of the switch into the gateway: the calling side, with the progress told to whoever asked for it.
///
///     whoever asked          this machine                     gateway
///      | place ------------------>| SETUP ---------------------->|
///      |<------------- proceeding |<------------ CALL PROCEEDING |
///      |<---------------- ringing |<------------------- ALERTING |
///      |<--------------- answered |<-------------------- CONNECT |
///      |                          | file or tone ===============>|
///      |<------------------ ended |<----------------- DISCONNECT |   or ours, when it was played or time is up
package struct CallIn: Hashable, Sendable {
    package enum State: Hashable, Sendable, CaseIterable {
        case idle
        case dialling
        case ringing
        case answered
        case clearing
        case over
    }

    package enum Event: Hashable, Sendable {
        case place
        case seized(ChannelID)
        case received(ReceivedCallMessage)
        case timeout
        case played
        /// Whoever asked does not want it any more.
        case abandoned
        /// The line program did not take the call.
        case refused(String)
        case ended(EndReport)
    }

    package enum Effect: Hashable, Sendable {
        case setup
        case clear(Cause)
        case play(Playback)
        case startTimer(milliseconds: UInt64)
        case stopTimer
        case report(CallInProgress)
    }

    package static let defaultHoldMilliseconds: UInt64 = 60_000

    package let request: CallInRequest
    package private(set) var state = State.idle
    private var wasAnswered = false

    package init(_ request: CallInRequest) {
        self.request = request
    }

    package mutating func handle(_ event: Event) -> [Effect] {
        switch (state, event) {
        case (.idle, .place):
            state = .dialling
            return [.setup]
        case (.dialling, .seized(let channel)), (.ringing, .seized(let channel)):
            return [.report(.seized(channel))]
        case (.dialling, .received(let message)), (.ringing, .received(let message)):
            return receive(message)
        case (.answered, .received(let message)):
            return receiveAnswered(message)

        case (.answered, .played):
            guard request.hangUpAfterMilliseconds == nil else { return [.report(.played)] }
            state = .clearing
            return [.report(.played), .stopTimer, .clear(.normalCallClearing)]
        case (.answered, .timeout), (.answered, .abandoned), (.dialling, .abandoned), (.ringing, .abandoned):
            state = .clearing
            return [.stopTimer, .clear(.normalCallClearing)]

        case (.dialling, .refused(let reason)):
            state = .over
            let end = CallInEnd(cause: .temporaryFailure, initiator: .line, answered: false, reason: reason)
            return [.stopTimer, .report(.ended(end))]
        case (.dialling, .ended(let report)), (.ringing, .ended(let report)), (.answered, .ended(let report)),
            (.clearing, .ended(let report)):
            state = .over
            let end = CallInEnd(
                cause: report.cause, location: report.location, initiator: report.initiator, answered: wasAnswered)
            return [.stopTimer, .report(.ended(end))]
        case (.idle, .abandoned):
            state = .over
            let end = CallInEnd(cause: .normalCallClearing, initiator: .control, answered: false)
            return [.report(.ended(end))]

        // Said twice.
        case (.dialling, .place), (.ringing, .place), (.answered, .place), (.clearing, .place), (.over, .place),
            (.clearing, .abandoned), (.over, .abandoned), (.over, .ended):
            return []
        // Crossed on the wire with our clearing, or about a call that is no more.
        case (.clearing, .seized), (.clearing, .received), (.clearing, .timeout), (.clearing, .played),
            (.clearing, .refused), (.over, .seized), (.over, .received), (.over, .timeout), (.over, .played),
            (.over, .refused):
            return []
        // The file cannot be played.
        case (.answered, .refused):
            state = .clearing
            return [.stopTimer, .clear(.temporaryFailure)]
        // Before the SETUP there is no call; the timer and the audio begin with the answer.
        case (.idle, .seized), (.idle, .received), (.idle, .timeout), (.idle, .played), (.idle, .refused),
            (.idle, .ended), (.dialling, .timeout), (.dialling, .played), (.ringing, .timeout), (.ringing, .played),
            (.ringing, .refused), (.answered, .seized):
            return []
        }
    }

    private mutating func receive(_ message: ReceivedCallMessage) -> [Effect] {
        switch message {
        case .setupAcknowledge, .proceeding:
            return [.report(.proceeding)]
        case .alerting:
            state = .ringing
            return [.report(.ringing)]
        case .progress:
            return [.report(.progress)]
        case .connect:
            state = .answered
            wasAnswered = true
            let audio: Playback = request.audioFile.map { .file(path: $0, repeats: false) } ?? .tone(.milliwatt)
            return [.report(.answered), .play(audio)] + (holdMilliseconds.map { [.startTimer(milliseconds: $0)] } ?? [])
        case .connectAcknowledge:
            return []
        case .disconnect:
            state = .clearing
            return [.stopTimer]
        }
    }

    private mutating func receiveAnswered(_ message: ReceivedCallMessage) -> [Effect] {
        switch message {
        case .disconnect:
            state = .clearing
            return [.stopTimer]
        case .setupAcknowledge, .proceeding, .alerting, .progress, .connect, .connectAcknowledge:
            return []
        }
    }

    /// Nil: until the file was played, however long it is.
    private var holdMilliseconds: UInt64? {
        request.hangUpAfterMilliseconds ?? (request.audioFile == nil ? Self.defaultHoldMilliseconds : nil)
    }
}
