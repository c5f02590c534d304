// SPDX-License-Identifier: GPL-2.0-or-later
package import ISDN
package import LineProtocol

/// A call from the telephone network into the gateway, as `trunkgate switch-call` asks for it.
package struct CallInRequest: Hashable, Sendable {
    /// The direct dial-in number, as the network delivers it.
    package var called: PartyNumber
    package var calling: PartyNumber?
    package var callingName: String?
    /// The spans to try, in order; nil: all of the switch's.
    package var spans: [SpanID]?
    /// 8 kHz mono 16-bit WAV, played once after the answer; nil plays 1004 Hz.
    package var audioFile: String?
    /// How long it stays after the answer when the far end does not hang up; nil: until the file was played, or a minute.
    package var hangUpAfterMilliseconds: UInt64?

    /// A number that begins with `+` is international; any other is as it is.
    package init(
        called: String, calling: String? = nil, callingName: String? = nil, spans: [SpanID]? = nil,
        audioFile: String? = nil, hangUpAfterMilliseconds: UInt64? = nil
    ) {
        self.called = Self.party(called)
        self.calling = calling.map { Self.party($0) }
        self.callingName = callingName
        self.spans = spans
        self.audioFile = audioFile
        self.hangUpAfterMilliseconds = hangUpAfterMilliseconds
    }

    private static func party(_ text: String) -> PartyNumber {
        let digits = text.filter { $0.isASCII && ($0.isWholeNumber || $0 == "*" || $0 == "#") }
        let type: TypeOfNumber = text.hasPrefix("+") ? .international : .unknown
        return PartyNumber(digits: digits, type: type, screening: .networkProvided)
    }
}

/// What whoever asked for a call is told; `ended` is the last.
package enum CallInProgress: Hashable, Sendable {
    case seized(ChannelID)
    case proceeding
    case ringing
    /// In-band audio before the answer, or another progress message.
    case progress
    case answered
    /// The file, or the tone, came to its end.
    case played
    case ended(CallInEnd)
}

package struct CallInEnd: Hashable, Sendable {
    package var cause: Cause
    package var location: CauseLocation?
    package var initiator: EndInitiator
    package var answered: Bool
    /// Why there was no call at all, for people.
    package var reason: String?

    package init(
        cause: Cause, location: CauseLocation? = nil, initiator: EndInitiator, answered: Bool, reason: String? = nil
    ) {
        self.cause = cause
        self.location = location
        self.initiator = initiator
        self.answered = answered
        self.reason = reason
    }
}
