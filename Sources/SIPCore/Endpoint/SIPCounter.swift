// SPDX-License-Identifier: GPL-2.0-or-later

/// What the endpoint counts. `show counters` and the metrics read this table.
package enum SIPCounter: String, CaseIterable, Sendable {
    case requestsReceived = "requests-received"
    case responsesReceived = "responses-received"
    case requestRetransmissionsReceived = "request-retransmissions-received"
    case requestsSent = "requests-sent"
    case responsesSent = "responses-sent"
    case retransmissionsSent = "retransmissions-sent"
    case malformedRequests = "malformed-requests"
    case malformedResponses = "malformed-responses"
    case notSIP = "not-sip"
    case strayResponses = "stray-responses"
    case strayAcknowledgements = "stray-acknowledgements"
    case noSuchDialog = "no-such-dialog"
    case mergedRequests = "merged-requests"
    case methodsNotAllowed = "methods-not-allowed"
    case extensionsRefused = "extensions-refused"
    case bodiesRefused = "bodies-refused"
    case outOfOrder = "out-of-order"
    case glare
    case transactionTimeouts = "transaction-timeouts"
    case acknowledgementTimeouts = "acknowledgement-timeouts"
    case transportFailures = "transport-failures"
    case forksReleased = "forks-released"
    case refusedFull = "refused-full"

    package var sentence: String {
        switch self {
        case .requestsReceived: "Requests that were parsed."
        case .responsesReceived: "Responses that were parsed."
        case .requestRetransmissionsReceived: "Requests that had come before, absorbed by their transaction."
        case .requestsSent: "Requests sent for the first time, ACK included."
        case .responsesSent: "Responses sent for the first time."
        case .retransmissionsSent: "Requests and responses sent again."
        case .malformedRequests: "Requests that could not be parsed, answered with 400 or 505 where that is possible."
        case .malformedResponses: "Responses that could not be parsed, dropped."
        case .notSIP: "Datagrams and streams that held nothing like SIP, dropped."
        case .strayResponses: "Responses to no request of ours, dropped."
        case .strayAcknowledgements: "ACKs that belong to no answer of ours, dropped."
        case .noSuchDialog: "Requests in a dialog we do not have, answered with 481."
        case .mergedRequests: "Requests that came over two paths, answered with 482."
        case .methodsNotAllowed: "Requests with a method we do not serve, answered with 405 or 501."
        case .extensionsRefused: "Requests that require an extension we do not have, answered with 420."
        case .bodiesRefused: "Requests with a body or an answer we cannot handle, answered with 415 or 406."
        case .outOfOrder: "Requests in a dialog with too low a CSeq number, answered with 500."
        case .glare: "re-INVITEs that met another INVITE in the same dialog, answered with 491 or 500."
        case .transactionTimeouts: "Requests of ours that got no final response in time."
        case .acknowledgementTimeouts: "Final responses of ours that were never acknowledged."
        case .transportFailures: "Messages that could not be sent."
        case .forksReleased: "Second answers to one INVITE, acknowledged and released with BYE."
        case .refusedFull: "Requests refused with 503 because the transaction table is full."
        }
    }
}
