// SPDX-License-Identifier: GPL-2.0-or-later
package import SDP
package import SIPMessages

/// What to call, how, and what to say.
package struct TestCallConfiguration: Sendable {
    package enum Audio: Hashable, Sendable {
        case marker
        case silence
        case samples([Int16])
    }

    /// `sip:0100@127.0.0.1:5060`, with `;transport=tcp` when it is to go over TCP.
    package var target: SIPURI
    /// The caller's number, the user part of From.
    package var from: String
    package var displayName: String?
    /// Our address, for SIP and RTP; ports are chosen by the system.
    package var localAddress: String
    package var codecs: [AudioCodec]
    package var audio: Audio
    /// Sent a second after the answer: as RFC 4733 events, or as tones when the peer does not take events.
    package var digits: String
    /// How long to talk after the answer.
    package var talkMilliseconds: Int64
    /// How long to wait for an answer before the call is cancelled.
    package var answerLimitMilliseconds: Int64

    package init(
        target: SIPURI, from: String = "test-caller", displayName: String? = nil, localAddress: String = "127.0.0.1",
        codecs: [AudioCodec] = [.pcma, .pcmu], audio: Audio = .marker, digits: String = "",
        talkMilliseconds: Int64 = 5_000, answerLimitMilliseconds: Int64 = 60_000
    ) {
        self.target = target
        self.from = from
        self.displayName = displayName
        self.localAddress = localAddress
        self.codecs = codecs
        self.audio = audio
        self.digits = digits
        self.talkMilliseconds = talkMilliseconds
        self.answerLimitMilliseconds = answerLimitMilliseconds
    }

    /// Enough for the whole call.
    var samples: [Int16] {
        switch audio {
        case .marker: MarkerSignal.samples(count: Int(clamping: min(talkMilliseconds, 3_600_000)) * 8)
        case .silence: []
        case .samples(let samples): samples
        }
    }
}
