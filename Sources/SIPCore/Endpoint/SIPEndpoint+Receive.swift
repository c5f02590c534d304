// SPDX-License-Identifier: GPL-2.0-or-later
package import SIPMessages

extension SIPEndpoint {
    /// A message that came over the network.
    package mutating func receive(_ message: SIPMessage, from flow: SIPFlow, now: UInt64) {
        advance(to: now)
        guard message.isRequest else {
            count(up: .responsesReceived)
            return receiveResponse(message)
        }
        count(up: .requestsReceived)
        let request = Self.stamped(message, flow)
        switch request.method {
        case .ack: receiveAcknowledgement(request)
        case .cancel: receiveCancel(request, flow)
        case .invite, .bye, .options, .register, .prack, .update, .info, .refer, .notify, .subscribe, .message,
            .publish,
            .other:
            guard !absorb(request) else { return }
            receiveNew(request, flow)
        }
    }

    /// Octets that are no SIP message: a request that can be told as one is answered, without a transaction.
    package mutating func receiveMalformed(_ error: SIPParseError, from flow: SIPFlow, now: UInt64) {
        advance(to: now)
        guard let salvaged = error.salvaged else {
            // A status line that is wrong leaves nothing behind either.
            return count(up: error.reason == .notSIP ? .notSIP : .malformedResponses)
        }
        guard salvaged.isRequest else { return count(up: .malformedResponses) }
        count(up: .malformedRequests)
        guard let status = error.status else { return }
        let request = salvaged.firstVia == nil ? salvaged : Self.stamped(salvaged, flow)
        var response = request.response(status, reason: error.description, toTag: makeTag())
        response.append(.server, configuration.product)
        transmit(SIPTransmission(response, to: Self.responseDestination(request, flow), transaction: nil))
    }

    /// The transport could not send what belongs to that transaction.
    package mutating func transportFailed(_ id: SIPTransactionID, reason: String, now: UInt64) {
        advance(to: now)
        guard let record = transactions[id] else { return }
        count(up: .transportFailures)
        transactions[id]?.failureReason = reason
        switch record.machine {
        case .inviteClient: drive(inviteClient: id, .transportError)
        case .nonInviteClient: drive(nonInviteClient: id, .transportError)
        case .inviteServer: drive(inviteServer: id, .transportError)
        case .nonInviteServer: drive(nonInviteServer: id, .transportError)
        }
    }

    /// RFC 3261 18.2.1: "If the host portion of the 'sent-by' parameter contains a domain name, or if it contains an IP
    /// address that differs from the packet source address, the server MUST add a 'received' parameter." RFC 3581 4: a
    /// server asked for `rport` sets it to the source port and always adds `received`.
    static func stamped(_ request: SIPMessage, _ flow: SIPFlow) -> SIPMessage {
        var via = request.via
        let wantsPort = via.asksForRport
        guard wantsPort || !via.host.equalsIgnoringCase(flow.remote.host) || via.received != nil else { return request }
        via.parameters.set("received", flow.remote.host)
        if wantsPort { via.parameters.set("rport", "\(flow.remote.port)") }
        var request = request
        request.replaceFirstVia(via)
        return request
    }

    /// Where responses go (RFC 3261 18.2.2, RFC 3581 4): over a connection, the same one; else to the source address, at
    /// the source port when the Via asked for it, else at the port of its sent-by. `maddr` is not followed: it would let
    /// anyone aim our responses at anybody.
    static func responseDestination(_ request: SIPMessage, _ flow: SIPFlow) -> SIPDestination {
        var port = flow.remote.port
        if let via = request.firstVia, flow.transport == .udp, !via.asksForRport { port = via.port ?? 5060 }
        return SIPDestination(
            transport: flow.transport, host: flow.remote.host, port: port, connection: flow.connection,
            local: flow.local)
    }

    /// A request that came before is its transaction's affair.
    private mutating func absorb(_ request: SIPMessage) -> Bool {
        guard let id = serverTransactions[ServerTransactionKey(request, method: request.method)] else { return false }
        count(up: .requestRetransmissionsReceived)
        drive(inviteServer: id, .request)
        drive(nonInviteServer: id, .request)
        return true
    }

    private mutating func receiveResponse(_ response: SIPMessage) {
        // "If more than one Via header field value is present in a response, the UAC SHOULD discard the message" (8.1.3.3).
        guard response.vias.count == 1 else { return count(up: .strayResponses) }
        guard let key = ClientTransactionKey(response: response), let id = clientTransactions[key],
            let status = response.status
        else { return receiveStray(response) }
        transactions[id]?.response = response
        drive(inviteClient: id, status.isProvisional ? .provisional : status.isSuccess ? .success : .failure)
        drive(nonInviteClient: id, status.isProvisional ? .provisional : .final)
        transactions[id]?.response = nil
    }

    /// A 2xx to an INVITE whose transaction is over, as after a restart, is acknowledged again when its call is known;
    /// "responses that do not match are discarded" (18.1.2).
    private mutating func receiveStray(_ response: SIPMessage) {
        let dialogID = Dialog.ID(
            callID: response.callID, localTag: response.from.tag ?? "", remoteTag: response.to.tag ?? "")
        guard response.method == .invite, response.status?.isSuccess ?? false, let id = dialogs[dialogID],
            let session = sessions[id], let dialog = session.dialog, session.phase == .confirmed
        else { return count(up: .strayResponses) }
        let ack = dialog.makeAcknowledgement(number: response.cSeq.number)
        transmit(acknowledgement(ack, dialog, session))
    }

    private mutating func receiveAcknowledgement(_ ack: SIPMessage) {
        if let id = serverTransactions[ServerTransactionKey(ack, method: .invite)], let record = transactions[id],
            case .inviteServer(let machine) = record.machine, machine.state != .accepted
        {
            // Without a branch to go by, "the To tag of the ACK matches the To tag of the response" (17.2.3).
            let answered = record.transmission?.message.to.tag
            guard ack.via.uniqueBranch != nil || ack.to.tag == answered else {
                return count(up: .strayAcknowledgements)
            }
            drive(inviteServer: id, .acknowledgement)
            return
        }
        guard let dialogID = Dialog.id(ofIncoming: ack), let id = dialogs[dialogID],
            let answer = sessions[id]?.answer, answer.number == ack.cSeq.number
        else { return count(up: .strayAcknowledgements) }
        answerAcknowledged(id, ack)
    }

    /// RFC 3261 9.2: "If the UAS did not find a matching transaction for the CANCEL according to the procedure above, it
    /// SHOULD respond to the CANCEL with a 481. If the transaction for the original request still exists, … the UAS
    /// answers the CANCEL request itself with a 200 (OK) response" and, when it "has not yet issued a final response",
    /// "SHOULD immediately respond to the INVITE with a 487".
    private mutating func receiveCancel(_ cancel: SIPMessage, _ flow: SIPFlow) {
        guard !absorb(cancel) else { return }
        let found = serverTransactions[ServerTransactionKey(cancel, method: .invite)]
        let transaction = startServer(cancel, from: flow, user: .nobody)
        guard let id = found, let record = transactions[id] else {
            count(up: .noSuchDialog)
            return send(cancel.response(481, toTag: makeTag()), in: transaction)
        }
        let session: SessionID? =
            switch record.user {
            case .invite(let id), .reinvite(let id): id
            case .bye, .user, .nobody: nil
            }
        let tag = session.flatMap { sessions[$0]?.localTag } ?? record.transmission?.message.to.tag ?? makeTag()
        send(cancel.response(200, toTag: tag), in: transaction)
        guard record.isProceedingInviteServer else { return }
        send(record.request.response(487, toTag: tag), in: id)
        switch record.user {
        case .invite(let session):
            tell(.cancelled(session, cancel))
            end(session)
        case .reinvite(let session):
            sessions[session]?.incoming = nil
            tell(.reinviteCancelled(session))
        case .bye, .user, .nobody: break
        }
    }
}
