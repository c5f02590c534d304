// SPDX-License-Identifier: GPL-2.0-or-later

/// One arrow of a ladder: a SIP message, a Q.931 message or a happening inside the gateway.
package struct LadderEntry: Sendable, Codable, Hashable {
    package enum Kind: String, Sendable, Codable, CaseIterable {
        case sip
        case q931
        case media
        case note
    }

    /// Counts every entry of one life of the gateway from 1; given by `LadderBook`, 0 before.
    package var sequence: UInt64
    package var call: UInt32?
    /// Wall-clock nanoseconds since 1970.
    package var time: UInt64
    package var kind: Kind
    /// Names of the two lifelines: the SIP peer, "trunkgate", the span. A note has the same twice.
    package var from: String
    package var to: String
    /// "INVITE sip:…", "180 Ringing", "SETUP", "ALERTING".
    package var label: String
    /// A few words more: the number, the channel, the cause.
    package var detail: String

    /// The lifeline in the middle of every ladder.
    package static let gateway = "trunkgate"

    package init(
        call: UInt32?, time: UInt64, kind: Kind, from: String, to: String, label: String, detail: String = ""
    ) {
        self.sequence = 0
        self.call = call
        self.time = time
        self.kind = kind
        self.from = from
        self.to = to
        self.label = label
        self.detail = detail
    }

    /// A sentence across the ladder.
    package static func note(call: UInt32?, time: UInt64, _ sentence: String) -> LadderEntry {
        LadderEntry(call: call, time: time, kind: .note, from: gateway, to: gateway, label: sentence)
    }
}
