// SPDX-License-Identifier: GPL-2.0-or-later
import SIPMessages

/// What the endpoint keeps of one call: its dialog and the INVITEs in it that are not finished.
///
///     invite() → calling ── 2xx ──────────→ confirmed ── bye() → leaving ── final → (gone)
///     INVITE   → invited ── respond(2xx) ─→ confirmed ── BYE ──────────────────→ (gone)
struct Session: Sendable {
    enum Phase: Hashable, Sendable {
        /// Our INVITE has no final response yet.
        case calling
        /// Theirs has none.
        case invited
        case confirmed
        /// Our BYE has none.
        case leaving
    }

    /// An INVITE or re-INVITE of ours without a final response.
    struct Outgoing: Sendable {
        enum Cancelling: Hashable, Sendable { case no, whenProvisional, sent }

        let transaction: SIPTransactionID
        var hasProvisional = false
        var cancelling = Cancelling.no
        var cancelHeaders: [SIPHeader] = []
    }

    /// A 2xx to our INVITE whose ACK waits for `acknowledge`.
    struct Unacknowledged: Sendable {
        let transaction: SIPTransactionID
        let number: UInt32
        let tag: String
    }

    /// A 2xx of ours, sent again until its ACK comes.
    struct Answer: Sendable {
        let number: UInt32
        var transmission: SIPTransmission
        var interval: UInt64
    }

    var phase: Phase
    let transport: SIPTransportKind
    /// In our Via and Contact.
    let local: SIPAddress
    /// Of the peer, while it may still be open.
    var connection: UInt64?
    /// Where requests go, unless there are routes, instead of to the peer's Contact, which does not lead to it: it is behind
    /// an address translator, or gave no SIP address.
    var peer: SIPAddress?
    let contactUser: String?
    let localTag: String
    /// The dialog requests are sent in: of the answer, at the UAS from the first response on.
    var dialog: Dialog?
    /// At the UAC, by the peer's tag, until there is an answer.
    var earlyDialogs: [String: Dialog] = [:]
    var outgoing: Outgoing?
    var unacknowledged: Unacknowledged?
    /// An INVITE or re-INVITE of theirs without a final response.
    var incoming: SIPTransactionID?
    var answer: Answer?
    /// A BYE that must wait for the ACK of our 2xx (RFC 3261 15).
    var deferredBye: [SIPHeader]?
}
