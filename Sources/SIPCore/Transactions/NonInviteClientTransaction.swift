// SPDX-License-Identifier: GPL-2.0-or-later

/// The client side of one request that is neither INVITE nor ACK (RFC 3261 17.1.2).
///
///     user                      this machine                      network
///      | start() ------------------->|  trying                       |
///      |                             | request (E: T1 … T2) -------->|
///      |                             |<------------------- 1xx       |  proceeding (E: T2)
///      |<------------- 1xx delivered |                               |
///      |                             |<------------------- final     |  completed (K)
///      |<----------- final delivered |                               |
package struct NonInviteClientTransaction: Hashable, Sendable {
    package enum State: Hashable, Sendable, CaseIterable { case trying, proceeding, completed, terminated }
    package enum Timer: Hashable, Sendable, CaseIterable { case e, f, k }
    package enum Event: Hashable, Sendable { case provisional, final, fired(Timer), transportError }
    package typealias Action = ClientTransactionAction<Timer>

    package private(set) var state = State.trying
    private let timers: SIPTimerValues
    private let isReliable: Bool
    private var intervalE: UInt64

    package init(timers: SIPTimerValues, isReliable: Bool) {
        self.timers = timers
        self.isReliable = isReliable
        intervalE = timers.t1
    }

    /// "When entering this state, the client transaction SHOULD set timer F to fire in 64*T1 seconds. The request MUST be
    /// passed to the transport layer for transmission. If an unreliable transport is in use, the client transaction MUST
    /// set timer E to fire in T1 seconds." Once, before any event.
    package func start() -> [Action] {
        let f = Action.start(.f, after: timers.t1Times64)
        return isReliable ? [.sendRequest, f] : [.sendRequest, .start(.e, after: intervalE), f]
    }

    package mutating func handle(_ event: Event) -> [Action] {
        switch (state, event) {
        // "If timer E fires while still in this state, the timer is reset, but this time with a value of MIN(2*T1, T2)."
        case (.trying, .fired(.e)):
            intervalE = SIPTimerValues.doubled(intervalE, upTo: timers.t2)
            return [.sendRequest, .start(.e, after: intervalE)]
        // "If timer E fires while in the 'Proceeding' state, the request MUST be passed to the transport layer for
        // retransmission, and timer E MUST be reset with a value of T2 seconds."
        case (.proceeding, .fired(.e)):
            return [.sendRequest, .start(.e, after: timers.t2)]
        // "If timer F fires while the client transaction is still in the 'Trying' state" or in 'Proceeding', "the client
        // transaction SHOULD inform the TU about the timeout, and then it SHOULD enter the 'Terminated' state."
        case (.trying, .fired(.f)), (.proceeding, .fired(.f)):
            state = .terminated
            return [.stop(.e), .timedOut, .terminated]
        // "If a provisional response is received while in the 'Trying' state, the response MUST be passed to the TU, and
        // then the client transaction SHOULD move to the 'Proceeding' state."
        case (.trying, .provisional), (.proceeding, .provisional):
            state = .proceeding
            return [.deliverResponse]
        // "If a final response (status codes 200–699) is received while in the 'Trying' state" or in 'Proceeding', "the
        // response MUST be passed to the TU, and the client transaction MUST transition to the 'Completed' state";
        // timer K is T4 "for unreliable transports, and zero seconds for reliable transports".
        case (.trying, .final), (.proceeding, .final):
            if isReliable {
                state = .terminated
                return [.stop(.e), .stop(.f), .deliverResponse, .terminated]
            }
            state = .completed
            return [.stop(.e), .stop(.f), .deliverResponse, .start(.k, after: timers.t4)]
        case (.completed, .fired(.k)):
            state = .terminated
            return [.terminated]
        case (.trying, .transportError), (.proceeding, .transportError):
            state = .terminated
            return [.stop(.e), .stop(.f), .transportFailed, .terminated]
        // "The 'Completed' state exists to buffer any additional response retransmissions."
        case (.completed, .provisional), (.completed, .final), (.completed, .transportError):
            return []
        case (.trying, .fired(.k)), (.proceeding, .fired(.k)), (.completed, .fired(.e)), (.completed, .fired(.f)),
            (.terminated, _):
            return []
        }
    }
}
