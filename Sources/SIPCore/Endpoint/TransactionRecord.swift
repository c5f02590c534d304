// SPDX-License-Identifier: GPL-2.0-or-later
import SIPMessages

/// A transaction in the endpoint's table: the machine, the messages it sends, and whom it serves.
struct TransactionRecord: Sendable {
    enum Machine: Sendable {
        case inviteClient(InviteClientTransaction)
        case nonInviteClient(NonInviteClientTransaction)
        case inviteServer(InviteServerTransaction)
        case nonInviteServer(NonInviteServerTransaction)
    }

    enum User: Hashable, Sendable {
        /// INVITE, ours or theirs.
        case invite(SessionID)
        case reinvite(SessionID)
        case bye(SessionID)
        /// `request`, and requests that wait for `respond(to:)`.
        case user
        /// Nobody waits for the outcome: CANCEL, the BYE of a fork, a refusal of our own.
        case nobody
    }

    enum Key: Hashable, Sendable {
        case client(ClientTransactionKey)
        case server(ServerTransactionKey, MergeKey?)
    }

    var machine: Machine
    let request: SIPMessage
    let key: Key
    let user: User
    let destination: SIPDestination
    /// Client: our address, in the Via.
    var local: SIPAddress?
    /// Client: the request. Server: the last response, `nil` before there is one.
    var transmission: SIPTransmission?
    /// ACK for a final response other than 2xx.
    var acknowledgement: SIPTransmission?
    /// ACKs for 2xx by To tag; `nil` while one waits for the transaction user.
    var acknowledgements: [String: SIPTransmission?] = [:]
    /// Of a re-INVITE of ours: where its ACK belongs even when the session is gone.
    var dialog: Dialog?
    /// The response being delivered while the machine's actions run.
    var response: SIPMessage?
    var failureReason = ""

    var isProceedingInviteServer: Bool {
        if case .inviteServer(let machine) = machine { return machine.state == .proceeding }
        return false
    }
}

/// Everything that can become due.
enum DeadlineKey: Hashable, Sendable {
    case inviteClient(SIPTransactionID, InviteClientTransaction.Timer)
    case nonInviteClient(SIPTransactionID, NonInviteClientTransaction.Timer)
    case inviteServer(SIPTransactionID, InviteServerTransaction.Timer)
    case nonInviteServer(SIPTransactionID, NonInviteServerTransaction.Timer)
    /// Our 2xx is to be sent again (RFC 3261 13.3.1.4).
    case repeatAnswer(SessionID)
    /// No ACK came for it.
    case answerUnacknowledged(SessionID)
    /// No final response came after our CANCEL (9.1).
    case cancelUnanswered(SessionID)
    /// A re-INVITE of ours got a provisional response and no final one: nothing rings there, so it is given up.
    case reinviteUnanswered(SessionID)
    /// An INVITE of ours whose call is over got a provisional response and no final one.
    case abandoned(SIPTransactionID)
}
