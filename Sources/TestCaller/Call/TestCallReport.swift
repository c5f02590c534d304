// SPDX-License-Identifier: GPL-2.0-or-later
package import SIPMessages

/// What a test call was like.
package struct TestCallReport: Sendable {
    /// One SIP message, timed from the first of the call.
    package struct LadderLine: Hashable, Sendable {
        package var milliseconds: Double
        package var isSent: Bool
        /// `INVITE sip:0100@127.0.0.1:5060`, `180 Ringing`.
        package var summary: String
    }

    package enum Ender: Hashable, Sendable {
        case caller
        case peer
    }

    package var callID = ""
    package var ladder: [LadderLine] = []
    /// `PCMA`, `PCMU`.
    package var codec = ""
    package var packetsSent: UInt64 = 0
    package var packetsReceived: UInt64 = 0
    package var packetsLost: UInt64 = 0
    /// What was sent and what came, from the first packet sent: 8 kHz, on one time axis.
    package var sent: [Int16] = []
    package var received: [Int16] = []
    /// Nil when what came is not what was sent.
    package var echo: EchoMeasurement?
    /// Of everything that came; nil of silence.
    package var receivedLevelDBm0: Double?
    package var digitsReceived = ""
    package var endedBy = Ender.caller
    /// The Reason of the peer's BYE.
    package var reason: ReasonValue?

    package init() {}

    /// When the first response with this status came.
    package func milliseconds(until status: Int) -> Double? {
        ladder.first { !$0.isSent && $0.summary.hasPrefix("\(status) ") }?.milliseconds
    }
}

/// Why a test call came to nothing.
package enum TestCallError: Error, Hashable, Sendable, CustomStringConvertible {
    case noSuchHost(String)
    /// Refused, with the status, its phrase, the cause of a Q.850 Reason and the text of a Warning.
    case refused(status: Int, phrase: String, cause: Int?, warning: String?)
    case unreachable(String)
    /// No final response: the peer is not there, or says nothing.
    case noResponse
    case notAnswered(afterMilliseconds: Int64)
    /// The answer cannot be talked over.
    case badAnswer(String)
    case cannotListen(String)

    package var description: String {
        switch self {
        case .noSuchHost(let host): "the name \(host) has no address"
        case .refused(let status, let phrase, let cause, let warning):
            "refused: \(status) \(phrase)" + (cause.map { ", Q.850 cause \($0)" } ?? "")
                + (warning.map { " (\($0))" } ?? "")
        case .unreachable(let why): why
        case .noResponse: "no response to the INVITE: does anything listen there?"
        case .notAnswered(let time): "not answered within \(time / 1_000) s"
        case .badAnswer(let why): "answered with a session description that cannot be used: \(why)"
        case .cannotListen(let why): why
        }
    }
}
