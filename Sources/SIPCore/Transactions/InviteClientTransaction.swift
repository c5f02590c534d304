// SPDX-License-Identifier: GPL-2.0-or-later

/// The client side of one INVITE, hop by hop (RFC 3261 17.1.1, as RFC 6026 changes it).
///
///     user                      this machine                      network
///      | start() ------------------->|  calling                      |
///      |                             | INVITE (A: T1, 2T1, 4T1 …) -->|
///      |                             |<------------------- 1xx       |  proceeding
///      |<------------- 1xx delivered |                               |
///      |                             |<------------------- 2xx       |  accepted (M)
///      |<------------- 2xx delivered |     its ACK is the user's     |
///      |                             |<------------------- 3xx–6xx   |  completed (D)
///      |<--------- 3xx–6xx delivered | ACK ------------------------->|
package struct InviteClientTransaction: Hashable, Sendable {
    package enum State: Hashable, Sendable, CaseIterable { case calling, proceeding, completed, accepted, terminated }
    package enum Timer: Hashable, Sendable, CaseIterable { case a, b, d, m }
    package enum Event: Hashable, Sendable { case provisional, success, failure, fired(Timer), transportError }
    package typealias Action = ClientTransactionAction<Timer>

    package private(set) var state = State.calling
    private let timers: SIPTimerValues
    private let isReliable: Bool
    private var intervalA: UInt64

    package init(timers: SIPTimerValues, isReliable: Bool) {
        self.timers = timers
        self.isReliable = isReliable
        intervalA = timers.t1
    }

    /// "The initial state, 'calling', MUST be entered when the TU initiates a new client transaction with an INVITE
    /// request." Once, before any event.
    package func start() -> [Action] {
        let b = Action.start(.b, after: timers.t1Times64)
        return isReliable ? [.sendRequest, b] : [.sendRequest, .start(.a, after: intervalA), b]
    }

    package mutating func handle(_ event: Event) -> [Action] {
        switch (state, event) {
        // "When timer A fires, the client transaction MUST retransmit the request by passing it to the transport layer,
        // and MUST reset the timer with a value of 2*T1 … This process MUST continue so that the request is
        // retransmitted with intervals that double after each transmission."
        case (.calling, .fired(.a)):
            intervalA = SIPTimerValues.doubled(intervalA, upTo: timers.t1Times64)
            return [.sendRequest, .start(.a, after: intervalA)]
        // "If the client transaction is still in the 'Calling' state when timer B fires, the client transaction SHOULD
        // inform the TU that a timeout has occurred. The client transaction MUST NOT generate an ACK."
        case (.calling, .fired(.b)):
            state = .terminated
            return [.stop(.a), .timedOut, .terminated]
        // "If the client transaction receives a provisional response while in the 'Calling' state, it transitions to
        // the 'Proceeding' state. In the 'Proceeding' state, the client transaction SHOULD NOT retransmit the request
        // any longer."
        case (.calling, .provisional):
            state = .proceeding
            return [.stop(.a), .stop(.b), .deliverResponse]
        // "Any further provisional responses MUST be passed up to the TU while in the 'Proceeding' state."
        case (.proceeding, .provisional):
            return [.deliverResponse]
        // RFC 6026 7.2: "When a 2xx response is received while in either the 'Calling' or 'Proceeding' states, the
        // client transaction MUST transition to the 'Accepted' state, and … timer M is set to 64*T1."
        case (.calling, .success), (.proceeding, .success):
            state = .accepted
            return [.stop(.a), .stop(.b), .deliverResponse, .start(.m, after: timers.t1Times64)]
        // RFC 6026 7.2: "A 2xx response received while in the 'Accepted' state MUST be passed to the TU. The client
        // transaction MUST NOT generate an ACK to the 2xx response."
        case (.accepted, .success):
            return [.deliverResponse]
        // "When in either the 'Calling' or 'Proceeding' states, reception of a response with status code from 300–699
        // MUST cause the client transaction to transition to 'Completed'. The client transaction MUST pass the received
        // response up to the TU, and the client transaction MUST generate an ACK request."
        case (.calling, .failure), (.proceeding, .failure):
            if isReliable {
                // "… a value of zero seconds for reliable transports" for timer D.
                state = .terminated
                return [.stop(.a), .stop(.b), .sendAcknowledgement, .deliverResponse, .terminated]
            }
            state = .completed
            return [
                .stop(.a), .stop(.b), .sendAcknowledgement, .deliverResponse, .start(.d, after: timers.t1Times64),
            ]
        // "Any retransmissions of the final response that are received while in the 'Completed' state MUST cause the ACK
        // to be re-passed to the transport layer for retransmission, but the newly received response MUST NOT be passed
        // up to the TU."
        case (.completed, .failure):
            return [.sendAcknowledgement]
        // "If timer D fires while the client transaction is in the 'Completed' state, the client transaction MUST move
        // to the terminated state."; RFC 6026 7.2 the same of timer M in 'Accepted'.
        case (.completed, .fired(.d)), (.accepted, .fired(.m)):
            state = .terminated
            return [.terminated]
        // "… inform the transport user of the failure in sending" (17.1.4); an ACK that cannot be sent likewise.
        case (.calling, .transportError), (.proceeding, .transportError), (.completed, .transportError):
            let told = state == .completed ? [] : [Action.transportFailed]
            state = .terminated
            return [.stop(.a), .stop(.b), .stop(.d)] + told + [.terminated]
        // Late: a provisional or another final response after the first final one, a failure after a 2xx; the sending of
        // the ACK for a 2xx is the user's concern; timers that were stopped.
        case (.completed, .provisional), (.completed, .success), (.accepted, .provisional), (.accepted, .failure),
            (.accepted, .transportError):
            return []
        case (.calling, .fired(.d)), (.calling, .fired(.m)), (.proceeding, .fired), (.completed, .fired(.a)),
            (.completed, .fired(.b)), (.completed, .fired(.m)), (.accepted, .fired(.a)), (.accepted, .fired(.b)),
            (.accepted, .fired(.d)), (.terminated, _):
            return []
        }
    }
}
