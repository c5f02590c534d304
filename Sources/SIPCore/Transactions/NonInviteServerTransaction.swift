// SPDX-License-Identifier: GPL-2.0-or-later

/// The server side of one request that is neither INVITE nor ACK (RFC 3261 17.2.2).
///
///     network                   this machine                      user
///      | request ------------------->|  trying                       |
///      |<------------------- 1xx     |<----------------------- 1xx   |  proceeding
///      |<------------------- final   |<--------------------- final   |  completed (J)
package struct NonInviteServerTransaction: Hashable, Sendable {
    package enum State: Hashable, Sendable, CaseIterable { case trying, proceeding, completed, terminated }
    package enum Timer: Hashable, Sendable, CaseIterable { case j }
    package enum Event: Hashable, Sendable {
        /// The request came again.
        case request
        /// The user answers.
        case provisional, final
        case fired(Timer)
        case transportError
    }
    package typealias Action = ServerTransactionAction<Timer>

    package private(set) var state = State.trying
    private let timers: SIPTimerValues
    private let isReliable: Bool

    package init(timers: SIPTimerValues, isReliable: Bool) {
        self.timers = timers
        self.isReliable = isReliable
    }

    package mutating func handle(_ event: Event) -> [Action] {
        switch (state, event) {
        // "Once in the 'Trying' state, any further request retransmissions are discarded."
        case (.trying, .request):
            return []
        // "While in the 'Trying' state, if the TU passes a provisional response to the server transaction, the server
        // transaction MUST enter the 'Proceeding' state."
        case (.trying, .provisional), (.proceeding, .provisional):
            state = .proceeding
            return [.sendResponse]
        // "If a retransmission of the request is received while in the 'Proceeding' state, the most recently sent
        // provisional response MUST be passed to the transport layer for retransmission."
        case (.proceeding, .request):
            return [.sendResponse]
        // "If the TU passes a final response (status codes 200–699) to the server while in the 'Proceeding' state, the
        // transaction MUST enter the 'Completed' state … it MUST set Timer J to fire in 64*T1 seconds for unreliable
        // transports, and zero seconds for reliable transports."
        case (.trying, .final), (.proceeding, .final):
            if isReliable {
                state = .terminated
                return [.sendResponse, .terminated]
            }
            state = .completed
            return [.sendResponse, .start(.j, after: timers.t1Times64)]
        // "While in the 'Completed' state, the server transaction MUST pass the final response to the transport layer for
        // retransmission whenever a retransmission of the request is received."
        case (.completed, .request):
            return [.sendResponse]
        // "Any other final responses passed by the TU to the server transaction MUST be discarded."
        case (.completed, .provisional), (.completed, .final):
            return []
        case (.completed, .fired(.j)):
            state = .terminated
            return [.terminated]
        case (.proceeding, .transportError), (.completed, .transportError):
            state = .terminated
            return [.stop(.j), .transportFailed, .terminated]
        case (.trying, .transportError), (.trying, .fired), (.proceeding, .fired), (.terminated, _):
            return []
        }
    }
}
