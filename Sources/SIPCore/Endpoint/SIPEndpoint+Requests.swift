// SPDX-License-Identifier: GPL-2.0-or-later
import SIPMessages

/// What a user agent server does with a request that is new to it (RFC 3261 8.2 and 12.2.2), in the order of 8.2.
extension SIPEndpoint {
    mutating func receiveNew(_ request: SIPMessage, _ flow: SIPFlow) {
        // A call that is up can always be ended.
        guard request.to.tag != nil || transactions.count < configuration.maximumTransactions else {
            count(up: .refusedFull)
            var response = request.response(503, toTag: makeTag())
            response.append(.retryAfter, 10)
            return transmit(
                SIPTransmission(response, to: Self.responseDestination(request, flow), transaction: nil))
        }
        if let refusal = refusal(of: request) { return refuse(request, flow, refusal) }
        if request.to.tag != nil { return receiveInDialog(request, flow) }
        switch request.method {
        case .invite: receiveInvite(request, flow)
        case .options: tell(.optionsReceived(startServer(request, from: flow, user: .user), request, flow))
        case .register: tell(.registerReceived(startServer(request, from: flow, user: .user), request, flow))
        // A BYE or an INFO without a To tag is in no dialog; other methods were refused before.
        case .ack, .bye, .cancel, .info, .prack, .update, .refer, .notify, .subscribe, .message, .publish, .other:
            count(up: .noSuchDialog)
            refuse(request, flow, request.response(481, toTag: makeTag()))
        }
    }

    mutating func refuse(_ request: SIPMessage, _ flow: SIPFlow, _ response: SIPMessage) {
        send(response, in: startServer(request, from: flow, user: .nobody))
    }

    /// The answer to a request that no transaction user needs to see.
    private mutating func refusal(of request: SIPMessage) -> SIPMessage? {
        // 8.2.1: "If the UAS recognizes but does not support the method of a request, it MUST generate a 405. … MUST add
        // an Allow header field." A method that is not recognized gets 501 (21.5.2).
        guard configuration.allowedMethods.contains(request.method) else {
            count(up: .methodsNotAllowed)
            let isKnown = SIPMethod.named.contains(request.method)
            var response = request.response(isKnown ? 405 : 501, toTag: makeTag())
            response.append(.allow, configuration.allow)
            return response
        }
        // 8.2.2.1: "If the Request-URI uses a scheme not supported by the UAS, it SHOULD reject the request with a 416."
        if let scheme = request.requestURI?.scheme, case .other = scheme {
            return request.response(416, toTag: makeTag())
        }
        // 8.2.2.2: "If the request has no tag in the To header field, the UAS core MUST check the request against ongoing
        // transactions. If the From tag, Call-ID, and CSeq exactly match those associated with an ongoing transaction, but
        // the request does not match that transaction …, the UAS core SHOULD generate a 482 (Loop Detected)."
        if request.to.tag == nil, merges[MergeKey(request)] != nil {
            count(up: .mergedRequests)
            return request.response(482, toTag: makeTag())
        }
        // 8.2.2.3: "it MUST respond by generating a response with status code 420 (Bad Extension). The UAS MUST add an
        // Unsupported header field, and list in it those options it does not understand."
        let unsupported = request.required.filter { !configuration.extensions.contains($0) }
        if !unsupported.isEmpty {
            count(up: .extensionsRefused)
            var response = request.response(420, toTag: makeTag())
            response.append(.unsupported, unsupported.joined(separator: ", "))
            return response
        }
        return request.method == .invite ? refusalOfBody(request) : nil
    }

    /// 8.2.3: "If there are any bodies whose type (indicated by the Content-Type), language or encoding are not understood,
    /// and that body part is not optional, the UAS MUST reject the request with a 415", with Accept and the like.
    private mutating func refusalOfBody(_ request: SIPMessage) -> SIPMessage? {
        let isOptional = request.text(.contentDisposition)?.lowercased().contains("handling=optional") ?? false
        if !request.body.isEmpty, !isOptional {
            let type = request.contentType
            let encoding = request.text(.contentEncoding)?.lowercased() ?? "identity"
            let isKnown = type.map { type in configuration.acceptedBodies.contains { $0.matches(type) } } ?? false
            if !isKnown || encoding != "identity" {
                count(up: .bodiesRefused)
                var response = request.response(415, toTag: makeTag())
                response.append(.accept, configuration.accept)
                response.append(named: "Accept-Encoding", "identity")
                return response
            }
        }
        // 20.1: without Accept a UAC takes application/sdp; one that takes none of what we can answer gets 406.
        let accepts = request.accept
        let canAnswer = accepts.contains { wish in
            configuration.acceptedBodies.contains { ours in
                wish.type == "*" || (wish.type == ours.type && (wish.subtype == "*" || wish.subtype == ours.subtype))
            }
        }
        guard request.has(.accept), !accepts.isEmpty, !canAnswer else { return nil }
        count(up: .bodiesRefused)
        return request.response(406, toTag: makeTag())
    }

    private mutating func receiveInvite(_ request: SIPMessage, _ flow: SIPFlow) {
        let id = SessionID(rawValue: nextSerial())
        let transaction = startServer(request, from: flow, user: .invite(id))
        let tag = makeTag()
        var session = Session(
            phase: .invited, transport: flow.transport, local: flow.local, connection: flow.connection,
            contactUser: request.requestURI?.user, localTag: tag)
        session.incoming = transaction
        let dialog = Dialog(answering: request, localTag: tag, isConfirmed: false)
        session.dialog = dialog
        if Self.isTranslated(request, flow, dialog) { session.peer = flow.remote }
        sessions[id] = session
        dialogs[dialog.id] = id
        // 17.2.1: "MUST generate a 100 (Trying) response unless it knows that the TU will generate a provisional or final
        // response within 200 ms."
        send(request.response(100), in: transaction)
        tell(.inviteReceived(id, request, flow))
    }

    /// The peer sent the request itself, calls itself in Via and Contact by one and the same numeric address, and that is
    /// not the address it sent from.
    private static func isTranslated(_ request: SIPMessage, _ flow: SIPFlow, _ dialog: Dialog) -> Bool {
        guard dialog.remoteTarget.isSIP else { return true }
        let host = request.via.host
        let isNumeric = host.utf8.contains(0x3A) || host.utf8.allSatisfy { ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x2E }
        return isNumeric && request.vias.count == 1 && !host.equalsIgnoringCase(flow.remote.host)
            && dialog.remoteTarget.host.equalsIgnoringCase(host)
    }

    private mutating func receiveInDialog(_ request: SIPMessage, _ flow: SIPFlow) {
        // 12.2.2: "If the UAS wishes to reject the request because it does not wish to recreate the dialog, it MUST respond
        // to the request with a 481 (Call/Transaction Does Not Exist)."
        guard let dialogID = Dialog.id(ofIncoming: request), let id = dialogs[dialogID], var session = sessions[id],
            var dialog = session.dialog(id: dialogID)
        else {
            count(up: .noSuchDialog)
            return refuse(request, flow, request.response(481))
        }
        if request.method == .invite, let response = refusalOfReinvite(request, session) {
            count(up: .glare)
            return refuse(request, flow, response)
        }
        guard dialog.receive(request) == .inOrder else {
            count(up: .outOfOrder)
            return refuse(request, flow, request.response(500))
        }
        if flow.transport == session.transport { session.connection = flow.connection }
        session.replace(dialog)
        sessions[id] = session
        switch request.method {
        case .invite:
            let transaction = startServer(request, from: flow, user: .reinvite(id))
            sessions[id]?.incoming = transaction
            send(request.response(100), in: transaction)
            tell(.reinviteReceived(id, request))
        case .bye: receiveBye(request, flow, id, session)
        case .info: tell(.infoReceived(id, startServer(request, from: flow, user: .user), request))
        case .options: tell(.optionsReceived(startServer(request, from: flow, user: .user), request, flow))
        case .ack, .cancel, .register, .prack, .update, .refer, .notify, .subscribe, .message, .publish, .other:
            count(up: .methodsNotAllowed)
            var response = request.response(405)
            response.append(.allow, configuration.allow)
            refuse(request, flow, response)
        }
    }

    /// 14.2: "A UAS that receives a second INVITE before it sends the final response to a first INVITE with a lower CSeq
    /// sequence number on the same dialog MUST return a 500 (Server Internal Error) response to the second INVITE and MUST
    /// include a Retry-After header field with a randomly chosen value of between 0 and 10 seconds. A UAS that receives an
    /// INVITE on a dialog while an INVITE it had sent on that dialog is in progress MUST return a 491 (Request Pending)."
    /// A 2xx of ours that is not acknowledged yet counts as in progress (RFC 6337 3.5).
    private mutating func refusalOfReinvite(_ request: SIPMessage, _ session: Session) -> SIPMessage? {
        if session.incoming != nil {
            var response = request.response(500)
            response.append(.retryAfter, UInt64.random(in: 0...10, using: &generator))
            return response
        }
        if session.outgoing != nil || session.unacknowledged != nil || session.answer != nil
            || session.phase == .leaving
        {
            return request.response(491)
        }
        return nil
    }

    /// 15.1.2: "the UAS core … SHOULD generate a 2xx response" and "MUST still respond to any pending requests received for
    /// that dialog. It is RECOMMENDED that a 487 (Request Terminated) response be generated to those pending requests."
    private mutating func receiveBye(_ request: SIPMessage, _ flow: SIPFlow, _ id: SessionID, _ session: Session) {
        refuse(request, flow, request.response(200))
        if let pending = session.incoming, let invite = transactions[pending]?.request {
            send(invite.response(487, toTag: session.localTag), in: pending)
        }
        // BYEs that crossed: ours is still to be finished.
        guard session.phase != .leaving else { return }
        if session.phase == .calling, session.outgoing?.cancelling == .no {
            sessions[id]?.outgoing?.cancelling = .whenProvisional
            sendCancelIfPossible(id)
        }
        tell(.byeReceived(id, request))
        end(id)
    }
}

extension Session {
    /// The dialog of that id: the one of the answer, or one that is early yet.
    func dialog(id: Dialog.ID) -> Dialog? { dialog?.id == id ? dialog : earlyDialogs[id.remoteTag] }

    mutating func replace(_ changed: Dialog) {
        if dialog?.id == changed.id { dialog = changed } else { earlyDialogs[changed.id.remoteTag] = changed }
    }
}
