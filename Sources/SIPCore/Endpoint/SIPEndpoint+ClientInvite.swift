// SPDX-License-Identifier: GPL-2.0-or-later
import SIPMessages

/// What comes of the requests we sent: responses and failures on their way to the session.
extension SIPEndpoint {
    mutating func deliverResponse(_ id: SIPTransactionID) {
        guard let record = transactions[id], let response = record.response, let status = response.status else {
            return
        }
        switch record.user {
        case .invite(let session), .reinvite(let session):
            if status.isProvisional {
                receiveProvisional(session, id, response)
            } else if status.isSuccess {
                receiveAnswer(session, id, response)
            } else {
                receiveFailure(session, id, .refused(response))
            }
        case .bye(let session):
            if status.isFinal { end(session) }
        case .user:
            if status.isFinal { tell(.requestAnswered(id, response)) }
        case .nobody: break
        }
    }

    mutating func deliverFailure(_ id: SIPTransactionID, _ failure: SIPFailure) {
        guard let record = transactions[id] else { return }
        switch record.user {
        case .invite(let session), .reinvite(let session): receiveFailure(session, id, failure)
        case .bye(let session): end(session)
        case .user: tell(.requestFailed(id, failure))
        case .nobody: break
        }
    }

    private mutating func receiveProvisional(_ id: SessionID, _ transaction: SIPTransactionID, _ response: SIPMessage) {
        guard var session = sessions[id], session.outgoing?.transaction == transaction else { return }
        session.outgoing?.hasProvisional = true
        if session.phase == .calling, let tag = response.to.tag, response.status != 100,
            let request = transactions[transaction]?.request, session.earlyDialogs[tag] == nil,
            session.earlyDialogs.count < Self.maximumForks
        {
            let dialog = Dialog(request: request, response: response)
            session.earlyDialogs[tag] = dialog
            dialogs[dialog.id] = id
        }
        sessions[id] = session
        sendCancelIfPossible(id)
        if session.phase == .calling, response.status != 100, session.outgoing?.cancelling == .no {
            tell(.provisional(id, response))
        }
    }

    /// More branches than a proxy forks to; what comes beyond is not remembered.
    private static var maximumForks: Int { 16 }

    /// 13.2.2.4: the first 2xx makes the dialog; "the UAC core MUST generate an ACK request for each 2xx received from the
    /// transaction layer"; "if, after acknowledging any 2xx response to an INVITE, the UAC does not want to continue with
    /// that dialog, then the UAC MUST terminate the dialog by sending a BYE".
    private mutating func receiveAnswer(_ id: SessionID, _ transaction: SIPTransactionID, _ response: SIPMessage) {
        guard let record = transactions[transaction] else { return }
        let tag = response.to.tag ?? ""
        if let known = record.acknowledgements[tag] {
            if let known { transmit(known) }
            return
        }
        guard record.acknowledgements.count < Self.maximumForks else { return }
        guard var session = sessions[id], let outgoing = session.outgoing, outgoing.transaction == transaction else {
            return releaseAnswer(transaction, record, response)
        }
        if outgoing.cancelling != .no, session.phase == .calling {
            // The 200 crossed our CANCEL, or came before any provisional response let us send it.
            releaseAnswer(transaction, record, response, headers: outgoing.cancelHeaders)
            tell(.failed(id, .cancelled))
            return end(id)
        }
        let isFirst = session.phase == .calling
        session.outgoing = nil
        deadlines.cancel(.cancelUnanswered(id))
        deadlines.cancel(.reinviteUnanswered(id))
        if isFirst {
            let dialog = Dialog(request: record.request, response: response)
            for early in session.earlyDialogs.values { dialogs[early.id] = nil }
            session.earlyDialogs = [:]
            session.dialog = dialog
            if session.peer == nil, !dialog.remoteTarget.isSIP {
                session.peer = SIPAddress(host: record.destination.host, port: record.destination.port)
            }
            session.phase = .confirmed
            dialogs[dialog.id] = id
        } else {
            session.dialog?.refreshTarget(response)
        }
        let waiting = Session.Unacknowledged(
            transaction: transaction, number: record.request.cSeq.number, tag: tag)
        session.unacknowledged = waiting
        sessions[id] = session
        transactions[transaction]?.acknowledgements[tag] = .some(nil)
        if !record.request.body.isEmpty { sendAcknowledgement(id, waiting, [], []) }
        tell(isFirst ? .answered(id, response) : .reinviteAnswered(id, response))
    }

    mutating func sendAcknowledgement(
        _ id: SessionID, _ waiting: Session.Unacknowledged, _ headers: [SIPHeader], _ body: [UInt8]
    ) {
        guard let session = sessions[id], let dialog = session.dialog else { return }
        sessions[id]?.unacknowledged = nil
        var ack = dialog.makeAcknowledgement(number: waiting.number)
        ack.append(headers)
        if !body.isEmpty { ack.setBody(body, type: .sdp) }
        var transmission = acknowledgement(ack, dialog, session)
        transmit(transmission)
        transmission.isRetransmission = true
        transactions[waiting.transaction]?.acknowledgements[waiting.tag] = .some(transmission)
    }

    /// With a Via of its own: an ACK for a 2xx is a transaction by itself (17.1.1.3).
    mutating func acknowledgement(_ ack: SIPMessage, _ dialog: Dialog, _ session: Session) -> SIPTransmission {
        let destination = destination(dialog, session)
        let message = addressed(ack, destination, session.local, branch: makeBranch())
        return SIPTransmission(message, to: destination, transaction: nil)
    }

    /// ACK and BYE for a 2xx that nobody wants: a second fork, or a call that was given up.
    private mutating func releaseAnswer(
        _ transaction: SIPTransactionID, _ record: TransactionRecord, _ response: SIPMessage, headers: [SIPHeader] = []
    ) {
        count(up: .forksReleased)
        guard let local = record.local else { return }
        var session = Session(
            phase: .leaving, transport: record.destination.transport, local: local,
            connection: record.destination.connection,
            contactUser: nil, localTag: record.request.from.tag ?? "")
        let isReinvite = record.dialog != nil
        var dialog = record.dialog ?? Dialog(request: record.request, response: response)
        if !dialog.nextHop.isSIP {
            session.peer = SIPAddress(host: record.destination.host, port: record.destination.port)
        }
        let ack = dialog.makeAcknowledgement(number: record.request.cSeq.number)
        var transmission = acknowledgement(ack, dialog, session)
        transmit(transmission)
        transmission.isRetransmission = true
        transactions[transaction]?.acknowledgements[response.to.tag ?? ""] = .some(transmission)
        // The call of a re-INVITE ended by a BYE of its own.
        guard !isReinvite else { return }
        var bye = dialog.makeRequest(.bye)
        bye.append(headers)
        _ = startClient(bye, to: destination(dialog, session), local: local, user: .nobody)
    }

    private mutating func receiveFailure(_ id: SessionID, _ transaction: SIPTransactionID, _ failure: SIPFailure) {
        guard let session = sessions[id], session.outgoing?.transaction == transaction else { return }
        deadlines.cancel(.cancelUnanswered(id))
        deadlines.cancel(.reinviteUnanswered(id))
        sessions[id]?.outgoing = nil
        if session.phase == .calling {
            tell(.failed(id, failure))
            end(id)
        } else if session.phase == .confirmed {
            tell(.reinviteFailed(id, failure))
        }
    }

    /// 9.1: "If no provisional response has been received, the CANCEL request MUST NOT be sent; rather, the client MUST
    /// wait for the arrival of a provisional response before sending the request." And: "the Request-URI, Call-ID, To, the
    /// numeric part of CSeq, and From header fields in the CANCEL request MUST be identical to those in the request being
    /// cancelled, including tags. A CANCEL constructed by a client MUST have only a single Via header field value matching
    /// the top Via value in the request being cancelled."
    mutating func sendCancelIfPossible(_ id: SessionID) {
        guard let outgoing = sessions[id]?.outgoing, outgoing.hasProvisional, outgoing.cancelling == .whenProvisional,
            let record = transactions[outgoing.transaction], let uri = record.request.requestURI,
            let branch = record.request.via.branch, let session = sessions[id]
        else { return }
        sessions[id]?.outgoing?.cancelling = .sent
        var cancel = SIPMessage(method: .cancel, uri: uri)
        cancel.copy(.route, from: record.request)
        cancel.append(.maxForwards, 70)
        for name in [SIPHeaderName.from, .to, .callID] { cancel.copy(name, from: record.request) }
        cancel.append(.cSeq, CSeq(record.request.cSeq.number, .cancel))
        cancel.append(outgoing.cancelHeaders)
        _ = startClient(cancel, to: record.destination, local: session.local, user: .nobody, branch: branch)
        deadlines.set(.cancelUnanswered(id), at: now &+ configuration.timers.t1Times64)
    }

    /// 9.1: "If there is no final response for the original request in 64*T1 seconds, the client SHOULD then consider the
    /// original transaction cancelled and SHOULD destroy the client transaction handling the original request."
    mutating func cancelUnanswered(_ id: SessionID) {
        guard let session = sessions[id], let outgoing = session.outgoing else { return }
        destroy(outgoing.transaction)
        receiveFailure(id, outgoing.transaction, .cancelled)
    }
}
