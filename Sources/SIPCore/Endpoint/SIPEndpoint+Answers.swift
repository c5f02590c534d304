// SPDX-License-Identifier: GPL-2.0-or-later
package import SIPMessages

/// Answering: the commands of the transaction user at the UAS, and the 2xx that is sent again until its ACK comes.
extension SIPEndpoint {
    /// Answers the INVITE or re-INVITE of that session: any number of 1xx, then one final response. Does nothing when none
    /// waits for an answer, as after a CANCEL that crossed.
    package mutating func respond(
        _ id: SessionID, _ status: SIPStatus, reason: String? = nil, headers: [SIPHeader] = [], body: [UInt8] = [],
        type: MediaType = .sdp, now: UInt64
    ) {
        advance(to: now)
        guard var session = sessions[id], let transaction = session.incoming,
            let request = transactions[transaction]?.request
        else { return }
        var response = request.response(status, reason: reason, toTag: session.localTag)
        if status.code > 100, status.code < 300 { response.append(.contact, contact(session)) }
        if status.isSuccess {
            response.append(.allow, configuration.allow)
            if !configuration.extensions.isEmpty { response.append(.supported, configuration.supported) }
        }
        response.append(headers)
        if !body.isEmpty { response.setBody(body, type: type) }
        if status.isProvisional { return send(response, in: transaction) }
        session.incoming = nil
        guard status.isSuccess else {
            let isFirst = session.phase == .invited
            sessions[id] = session
            send(response, in: transaction)
            if isFirst { end(id) }
            return
        }
        session.phase = .confirmed
        session.dialog?.isConfirmed = true
        sessions[id] = session
        send(response, in: transaction)
        startRepeating(id, request.cSeq.number, transaction)
    }

    /// Answers an OPTIONS, REGISTER or INFO.
    package mutating func respond(
        to transaction: SIPTransactionID, _ status: SIPStatus, reason: String? = nil, headers: [SIPHeader] = [],
        body: [UInt8] = [], type: MediaType = .sdp, now: UInt64
    ) {
        advance(to: now)
        guard let record = transactions[transaction], record.user == .user else { return }
        var response = record.request.response(status, reason: reason, toTag: makeTag())
        if record.request.method == .options {
            response.append(.allow, configuration.allow)
            response.append(.accept, configuration.accept)
            if !configuration.extensions.isEmpty { response.append(.supported, configuration.supported) }
        }
        response.append(headers)
        if !body.isEmpty { response.setBody(body, type: type) }
        send(response, in: transaction)
    }

    /// RFC 3261 13.3.1.4: "The 2xx response is passed to the transport with an interval that starts at T1 seconds and
    /// doubles for each retransmission until it reaches T2 seconds. Response retransmissions cease when an ACK request for
    /// the response is received. This is independent of whatever transport protocols are used to send the response."
    private mutating func startRepeating(_ id: SessionID, _ number: UInt32, _ transaction: SIPTransactionID) {
        guard let transmission = transactions[transaction]?.transmission else { return }
        let interval = configuration.timers.t1
        sessions[id]?.answer = Session.Answer(number: number, transmission: transmission, interval: interval)
        deadlines.set(.repeatAnswer(id), at: now &+ interval)
        deadlines.set(.answerUnacknowledged(id), at: now &+ configuration.timers.t1Times64)
    }

    mutating func repeatAnswer(_ id: SessionID) {
        guard var answer = sessions[id]?.answer else { return }
        answer.transmission.isRetransmission = true
        transmit(answer.transmission)
        answer.interval = SIPTimerValues.doubled(answer.interval, upTo: configuration.timers.t2)
        sessions[id]?.answer = answer
        deadlines.set(.repeatAnswer(id), at: now &+ answer.interval)
    }

    mutating func answerAcknowledged(_ id: SessionID, _ ack: SIPMessage) {
        stopRepeating(id)
        tell(.ackReceived(id, ack))
        sendDeferredBye(id)
    }

    /// "If the server retransmits the 2xx response for 64*T1 seconds without receiving an ACK, the dialog is confirmed, but
    /// the session SHOULD be terminated. This is accomplished with a BYE."
    mutating func answerUnacknowledged(_ id: SessionID) {
        guard sessions[id]?.answer != nil else { return }
        stopRepeating(id)
        count(up: .acknowledgementTimeouts)
        if sessions[id]?.deferredBye == nil { tell(.ackTimedOut(id)) }
        sendDeferredBye(id)
    }

    mutating func stopRepeating(_ id: SessionID) {
        sessions[id]?.answer = nil
        deadlines.cancel(.repeatAnswer(id))
        deadlines.cancel(.answerUnacknowledged(id))
    }

    private mutating func sendDeferredBye(_ id: SessionID) {
        guard let headers = sessions[id]?.deferredBye else { return }
        sessions[id]?.deferredBye = nil
        sendBye(id, headers)
    }

    /// A response could not be sent. While a final one is still to be given, the call cannot be answered; a 2xx is sent
    /// again anyway.
    mutating func serverTransportFailed(_ id: SIPTransactionID) {
        guard let record = transactions[id] else { return }
        switch record.user {
        case .invite(let session):
            guard sessions[session]?.incoming == id else { return }
            tell(.failed(session, .transport(record.failureReason)))
            end(session)
        case .reinvite(let session):
            guard sessions[session]?.incoming == id else { return }
            sessions[session]?.incoming = nil
            tell(.reinviteCancelled(session))
        case .bye, .user, .nobody: break
        }
    }
}
