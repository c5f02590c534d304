// SPDX-License-Identifier: GPL-2.0-or-later
package import SIPMessages

/// A call as the endpoint knows it: one INVITE and what came of it. Never used twice.
package struct SessionID: Hashable, Sendable, CustomStringConvertible {
    package let rawValue: UInt64

    package init(rawValue: UInt64) { self.rawValue = rawValue }

    package var description: String { "session \(rawValue)" }
}

package struct SIPTransactionID: Hashable, Sendable, CustomStringConvertible {
    package let rawValue: UInt64

    package init(rawValue: UInt64) { self.rawValue = rawValue }

    package var description: String { "transaction \(rawValue)" }
}

/// Why a request of ours came to nothing.
package enum SIPFailure: Equatable, Sendable {
    /// Refused, with this 3xx–6xx.
    case refused(SIPMessage)
    /// No final response in time: to be read as 408 (RFC 3261 8.1.3.1).
    case timeout
    /// It could not be sent: to be read as 503.
    case transport(String)
    /// We cancelled it, and an answer that crossed the CANCEL was released, or none ever came.
    case cancelled

    package var status: SIPStatus {
        switch self {
        case .refused(let response): response.status ?? 500
        case .timeout: 408
        case .transport: 503
        case .cancelled: 487
        }
    }

    package var response: SIPMessage? {
        if case .refused(let response) = self { return response }
        return nil
    }
}

/// What the endpoint tells the transaction user, in the order in which it happened.
package enum SIPEvent: Sendable {
    /// A new call came in; 100 Trying was sent. To be answered with `respond`.
    case inviteReceived(SessionID, SIPMessage, SIPFlow)
    /// The peer gave the call up before we answered, with this CANCEL; it got its 487.
    case cancelled(SessionID, SIPMessage)
    /// 101–199 to our INVITE.
    case provisional(SessionID, SIPMessage)
    /// 2xx to our INVITE. The ACK was sent if our INVITE had a body, else it waits for `acknowledge`.
    case answered(SessionID, SIPMessage)
    /// Our INVITE came to nothing.
    case failed(SessionID, SIPFailure)
    /// The peer acknowledged our 2xx, to the INVITE or a re-INVITE.
    case ackReceived(SessionID, SIPMessage)
    /// It did not within 64*T1: the call should be ended with `bye` (RFC 3261 13.3.1.4).
    case ackTimedOut(SessionID)
    /// To be answered with `respond`.
    case reinviteReceived(SessionID, SIPMessage)
    /// The peer gave its re-INVITE up; the call goes on as it was.
    case reinviteCancelled(SessionID)
    case reinviteAnswered(SessionID, SIPMessage)
    /// The call goes on as it was, unless the transaction user ends it: on 408 and 481 it should (12.2.1.2).
    case reinviteFailed(SessionID, SIPFailure)
    /// The peer ended the call; its BYE was answered.
    case byeReceived(SessionID, SIPMessage)
    /// In a call. To be answered with `respond(to:)`.
    case infoReceived(SessionID, SIPTransactionID, SIPMessage)
    /// In a call or outside. To be answered with `respond(to:)`.
    case optionsReceived(SIPTransactionID, SIPMessage, SIPFlow)
    /// To be answered with `respond(to:)`.
    case registerReceived(SIPTransactionID, SIPMessage, SIPFlow)
    /// A final response to our `request`.
    case requestAnswered(SIPTransactionID, SIPMessage)
    case requestFailed(SIPTransactionID, SIPFailure)
    /// The last word about a session: the endpoint has forgotten it.
    case ended(SessionID)
}

/// A message on its way out.
package struct SIPTransmission: Sendable {
    package let message: SIPMessage
    package let bytes: [UInt8]
    package let destination: SIPDestination
    /// To be named in `transportFailed` when it cannot be sent.
    package let transaction: SIPTransactionID?
    package internal(set) var isRetransmission = false

    init(_ message: SIPMessage, to destination: SIPDestination, transaction: SIPTransactionID?) {
        self.message = message
        bytes = message.encoded()
        self.destination = destination
        self.transaction = transaction
    }
}

package enum SIPOutput: Sendable {
    case send(SIPTransmission)
    case event(SIPEvent)
}
