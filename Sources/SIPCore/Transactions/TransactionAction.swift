// SPDX-License-Identifier: GPL-2.0-or-later

/// What a client transaction wants done. Its owner holds the messages.
package enum ClientTransactionAction<Timer: Hashable & Sendable>: Hashable, Sendable {
    /// (Again) the request the transaction was made for.
    case sendRequest
    /// (Again) the ACK for a final response other than 2xx (RFC 3261 17.1.1.3).
    case sendAcknowledgement
    /// The response goes to the transaction user.
    case deliverResponse
    case start(Timer, after: UInt64)
    case stop(Timer)
    /// No final response came in time: to the user as a 408 (8.1.3.1).
    case timedOut
    /// The request could not be sent: to the user as a 503 (8.1.3.1).
    case transportFailed
    /// The transaction is over and to be destroyed.
    case terminated
}

/// What a server transaction wants done. Its owner holds the request and the last response.
package enum ServerTransactionAction<Timer: Hashable & Sendable>: Hashable, Sendable {
    /// (Again) the last response given to it.
    case sendResponse
    case start(Timer, after: UInt64)
    case stop(Timer)
    /// No ACK came for a final response other than 2xx.
    case acknowledgementTimedOut
    /// The response could not be sent.
    case transportFailed
    /// The transaction is over and to be destroyed.
    case terminated
}
