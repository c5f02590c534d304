// SPDX-License-Identifier: GPL-2.0-or-later
import SIPMessages

/// A SIP user agent, both client and server, without sockets or clock (RFC 3261 sections 8, 12–15 and 17).
///
///     transport ── receive ──→ ┌───────────────────────────┐ ──→ .event ── transaction user (calls)
///                  failed ──→  │ transactions → sessions   │ ←── invite, respond, cancel, bye, …
///     clock ── handleTimeout → └───────────────────────────┘ ──→ .send  ── transport
///
/// **After every call that changes it, drain `nextOutput()` until it is `nil`, before the next call.** Then ask
/// `nextTimeout` when to call `handleTimeout(now:)`. Times are nanoseconds of any clock that does not go back.
package struct SIPEndpoint: Sendable {
    package let configuration: SIPEndpointConfiguration

    var generator: any RandomNumberGenerator & Sendable
    var now: UInt64 = 0
    var serial: UInt64 = 0
    var outputs: [SIPOutput] = []
    var outputIndex = 0
    var deadlines = DeadlineQueue<DeadlineKey>()
    var counts: [UInt64]

    var transactions: [SIPTransactionID: TransactionRecord] = [:]
    var clientTransactions: [ClientTransactionKey: SIPTransactionID] = [:]
    var serverTransactions: [ServerTransactionKey: SIPTransactionID] = [:]
    var merges: [MergeKey: SIPTransactionID] = [:]
    var sessions: [SessionID: Session] = [:]
    var dialogs: [Dialog.ID: SessionID] = [:]

    /// - Parameter generator: makes branches, tags and Call-IDs; they must not be guessable.
    package init(
        configuration: SIPEndpointConfiguration = SIPEndpointConfiguration(),
        generator: any RandomNumberGenerator & Sendable
    ) {
        self.configuration = configuration
        self.generator = generator
        counts = Array(repeating: 0, count: SIPCounter.allCases.count)
    }

    /// What is to be sent and told, oldest first; `nil` when there is no more.
    package mutating func nextOutput() -> SIPOutput? {
        guard outputIndex < outputs.count else {
            outputs.removeAll(keepingCapacity: true)
            outputIndex = 0
            return nil
        }
        defer { outputIndex += 1 }
        return outputs[outputIndex]
    }

    /// When `handleTimeout` is to be called; `nil` while nothing is under way.
    package var nextTimeout: UInt64? {
        mutating get { deadlines.next() }
    }

    /// Lets everything happen that was due by `now`.
    package mutating func handleTimeout(now: UInt64) {
        advance(to: now)
        while let key = deadlines.pop(now: self.now) {
            switch key {
            case .inviteClient(let id, let timer): drive(inviteClient: id, .fired(timer))
            case .nonInviteClient(let id, let timer): drive(nonInviteClient: id, .fired(timer))
            case .inviteServer(let id, let timer): drive(inviteServer: id, .fired(timer))
            case .nonInviteServer(let id, let timer): drive(nonInviteServer: id, .fired(timer))
            case .repeatAnswer(let id): repeatAnswer(id)
            case .answerUnacknowledged(let id): answerUnacknowledged(id)
            case .cancelUnanswered(let id): cancelUnanswered(id)
            case .reinviteUnanswered(let id): cancel(id, now: self.now)
            case .abandoned(let id): destroy(id)
            }
        }
    }

    package var sessionCount: Int { sessions.count }
    package var transactionCount: Int { transactions.count }
    package var timerCount: Int { deadlines.count }

    package func count(_ counter: SIPCounter) -> UInt64 {
        SIPCounter.allCases.firstIndex(of: counter).map { counts[$0] } ?? 0
    }

    mutating func count(up counter: SIPCounter) {
        if let index = SIPCounter.allCases.firstIndex(of: counter) { counts[index] &+= 1 }
    }

    mutating func advance(to now: UInt64) { self.now = max(self.now, now) }

    mutating func tell(_ event: SIPEvent) { outputs.append(.event(event)) }

    mutating func transmit(_ transmission: SIPTransmission) {
        let counter: SIPCounter =
            transmission.isRetransmission
            ? .retransmissionsSent : transmission.message.isRequest ? .requestsSent : .responsesSent
        count(up: counter)
        outputs.append(.send(transmission))
    }

    mutating func nextSerial() -> UInt64 {
        serial += 1
        return serial
    }

    mutating func makeTag() -> String { String(generator.next(), radix: 16) }

    mutating func makeCallID() -> String { makeTag() + makeTag() }

    mutating func makeBranch() -> String { Via.magicCookie + makeTag() + makeTag() }
}
