// SPDX-License-Identifier: GPL-2.0-or-later

/// The server side of one INVITE, hop by hop (RFC 3261 17.2.1, as RFC 6026 changes it).
///
///     network                   this machine                      user
///      | INVITE -------------------->|  proceeding                   |
///      |<------------------- 1xx     |<----------------------- 1xx   |
///      |<------------------- 2xx     |<----------------------- 2xx   |  accepted (L); repeated by the user
///      |<------------------- 3xx–6xx |<------------------- 3xx–6xx   |  completed (G: T1 … T2, H)
///      | ACK ----------------------->|                               |  confirmed (I)
package struct InviteServerTransaction: Hashable, Sendable {
    package enum State: Hashable, Sendable, CaseIterable { case proceeding, completed, confirmed, accepted, terminated }
    package enum Timer: Hashable, Sendable, CaseIterable { case g, h, i, l }
    package enum Event: Hashable, Sendable {
        /// The request came again.
        case request
        case acknowledgement
        /// The user answers.
        case provisional, success, failure
        case fired(Timer)
        case transportError
    }
    package typealias Action = ServerTransactionAction<Timer>

    package private(set) var state = State.proceeding
    private let timers: SIPTimerValues
    private let isReliable: Bool
    private var intervalG: UInt64

    package init(timers: SIPTimerValues, isReliable: Bool) {
        self.timers = timers
        self.isReliable = isReliable
        intervalG = timers.t1
    }

    package mutating func handle(_ event: Event) -> [Action] {
        switch (state, event) {
        // "If a request retransmission is received while in the 'Proceeding' state, the most recent provisional response
        // that was received from the TU MUST be passed to the transport layer for retransmission."
        case (.proceeding, .request):
            return [.sendResponse]
        case (.proceeding, .provisional):
            return [.sendResponse]
        // RFC 6026 8.7: "If, while in the 'Proceeding' state, the TU passes a 2xx response to the server transaction, the
        // server transaction MUST pass this response to the transport layer for transmission" and enter 'Accepted', with
        // timer L at 64*T1.
        case (.proceeding, .success):
            state = .accepted
            return [.sendResponse, .start(.l, after: timers.t1Times64)]
        // RFC 6026 8.7: "any retransmissions of the INVITE will match this transaction state machine and will be
        // absorbed"; 2xx responses of the user are passed on.
        case (.accepted, .success):
            return [.sendResponse]
        case (.accepted, .request):
            return []
        // "While in the 'Proceeding' state, if the TU passes a response with status code from 300 to 699 to the server
        // transaction, the response MUST be passed to the transport layer for transmission, and the state machine MUST
        // enter the 'Completed' state. For unreliable transports, timer G is set to fire in T1 seconds, and is not set to
        // fire for reliable transports. … timer H MUST be set to fire in 64*T1 seconds for all transports."
        case (.proceeding, .failure):
            state = .completed
            let h = Action.start(.h, after: timers.t1Times64)
            return isReliable ? [.sendResponse, h] : [.sendResponse, .start(.g, after: intervalG), h]
        // "If timer G fires, the response is passed to the transport layer once more for retransmission, and timer G is
        // set to fire in MIN(2*T1, T2) seconds."
        case (.completed, .fired(.g)):
            intervalG = SIPTimerValues.doubled(intervalG, upTo: timers.t2)
            return [.sendResponse, .start(.g, after: intervalG)]
        // "Furthermore, while in the 'Completed' state, if a request retransmission is received, the server SHOULD pass
        // the response to the transport for retransmission."
        case (.completed, .request):
            return [.sendResponse]
        // "If an ACK is received while the server transaction is in the 'Completed' state, the server transaction MUST
        // transition to the 'Confirmed' state"; timer I is T4 "for unreliable transports, and zero seconds for reliable".
        case (.completed, .acknowledgement):
            if isReliable {
                state = .terminated
                return [.stop(.g), .stop(.h), .terminated]
            }
            state = .confirmed
            return [.stop(.g), .stop(.h), .start(.i, after: timers.t4)]
        // "If timer H fires while in the 'Completed' state, it implies that the ACK was never received."
        case (.completed, .fired(.h)):
            state = .terminated
            return [.stop(.g), .acknowledgementTimedOut, .terminated]
        case (.confirmed, .fired(.i)), (.accepted, .fired(.l)):
            state = .terminated
            return [.terminated]
        // "When a response could not be sent … the TU is informed" (17.2.4). RFC 6026 8.7: in 'Accepted' the transaction
        // stays, since the 2xx is sent again.
        case (.proceeding, .transportError), (.completed, .transportError):
            state = .terminated
            return [.stop(.g), .stop(.h), .transportFailed, .terminated]
        case (.accepted, .transportError):
            return [.transportFailed]
        // An ACK for a 2xx is the user's; a second ACK is absorbed by 'Confirmed'.
        case (.proceeding, .acknowledgement), (.accepted, .acknowledgement), (.confirmed, .acknowledgement):
            return []
        // A final response was given already: nothing the user sends after it can change that.
        case (.completed, .provisional), (.completed, .success), (.completed, .failure), (.confirmed, .provisional),
            (.confirmed, .success), (.confirmed, .failure), (.accepted, .provisional), (.accepted, .failure):
            return []
        case (.confirmed, .request), (.confirmed, .transportError):
            return []
        case (.proceeding, .fired), (.completed, .fired(.i)), (.completed, .fired(.l)), (.confirmed, .fired(.g)),
            (.confirmed, .fired(.h)), (.confirmed, .fired(.l)), (.accepted, .fired(.g)), (.accepted, .fired(.h)),
            (.accepted, .fired(.i)), (.terminated, _):
            return []
        }
    }
}
