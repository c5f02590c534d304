// SPDX-License-Identifier: GPL-2.0-or-later
package import SIPMessages

/// What a call is started with.
package struct OutgoingInvite: Sendable {
    /// The Request-URI.
    package var target: SIPURI
    package var destination: SIPDestination
    /// Our address towards that destination, for Via and Contact.
    package var local: SIPAddress
    package var from: NameAddress
    package var to: NameAddress
    package var headers: [SIPHeader]
    /// The offer; empty to ask the peer for one.
    package var body: [UInt8]
    /// Requests in the call go to `destination` as well, unless there are routes, and not to the Contact of the answer: for
    /// a phone behind an address translator, whose Contact does not lead to it.
    package var staysOnPath: Bool

    package init(
        target: SIPURI, destination: SIPDestination, local: SIPAddress, from: NameAddress, to: NameAddress? = nil,
        headers: [SIPHeader] = [], body: [UInt8] = [], staysOnPath: Bool = false
    ) {
        self.staysOnPath = staysOnPath
        self.target = target
        self.destination = destination
        self.local = local
        self.from = from
        self.to = to ?? NameAddress(target)
        self.headers = headers
        self.body = body
    }
}

/// The commands of the transaction user at the UAC, and for a call that is up.
extension SIPEndpoint {
    /// Starts a call (RFC 3261 13.2.1).
    package mutating func invite(_ call: OutgoingInvite, now: UInt64) -> SessionID {
        advance(to: now)
        let id = SessionID(rawValue: nextSerial())
        let tag = makeTag()
        var session = Session(
            phase: .calling, transport: call.destination.transport, local: call.local,
            connection: call.destination.connection, contactUser: call.from.uri.user, localTag: tag)
        if call.staysOnPath { session.peer = SIPAddress(host: call.destination.host, port: call.destination.port) }
        var request = makeRequest(.invite, call.target, from: call.from, tag: tag, to: call.to)
        describe(&request, session)
        request.append(call.headers)
        if !call.body.isEmpty { request.setBody(call.body, type: .sdp) }
        sessions[id] = session
        session.outgoing = Session.Outgoing(
            transaction: startClient(request, to: call.destination, local: call.local, user: .invite(id)))
        sessions[id] = session
        return id
    }

    /// Changes the session (14.1). `false`, and nothing sent, when the call is not up or another INVITE is in progress: "a
    /// UAC MUST NOT initiate a new INVITE transaction within a dialog while another INVITE transaction is in progress in
    /// either direction".
    package mutating func reinvite(
        _ id: SessionID, headers: [SIPHeader] = [], body: [UInt8], now: UInt64
    ) -> Bool {
        advance(to: now)
        guard var session = sessions[id], session.phase == .confirmed, session.outgoing == nil, session.incoming == nil,
            session.answer == nil, session.unacknowledged == nil, session.deferredBye == nil,
            var dialog = session.dialog
        else { return false }
        var request = dialog.makeRequest(.invite)
        describe(&request, session)
        request.append(headers)
        if !body.isEmpty { request.setBody(body, type: .sdp) }
        session.dialog = dialog
        sessions[id] = session
        let transaction = startClient(
            request, to: destination(dialog, session), local: session.local, user: .reinvite(id), dialog: dialog)
        sessions[id]?.outgoing = Session.Outgoing(transaction: transaction)
        deadlines.set(.reinviteUnanswered(id), at: self.now &+ configuration.timers.t1Times64)
        return true
    }

    /// Acknowledges a 2xx to an INVITE of ours that had no body: `body` is the answer to the peer's offer.
    package mutating func acknowledge(
        _ id: SessionID, headers: [SIPHeader] = [], body: [UInt8] = [], now: UInt64
    ) {
        advance(to: now)
        guard let waiting = sessions[id]?.unacknowledged else { return }
        sendAcknowledgement(id, waiting, headers, body)
    }

    /// Gives up a call that has no answer yet, or our re-INVITE (9.1). A call that is answered meanwhile is ended with BYE.
    package mutating func cancel(_ id: SessionID, headers: [SIPHeader] = [], now: UInt64) {
        advance(to: now)
        guard let session = sessions[id] else { return }
        guard var outgoing = session.outgoing else {
            if session.phase == .confirmed { bye(id, headers: headers, now: now) }
            return
        }
        guard outgoing.cancelling == .no else { return }
        outgoing.cancelling = .whenProvisional
        outgoing.cancelHeaders = headers
        sessions[id]?.outgoing = outgoing
        sendCancelIfPossible(id)
    }

    /// Ends a call, in whatever state it is.
    package mutating func bye(_ id: SessionID, headers: [SIPHeader] = [], now: UInt64) {
        advance(to: now)
        guard let session = sessions[id] else { return }
        switch session.phase {
        case .calling: cancel(id, headers: headers, now: now)
        case .invited: respond(id, 480, headers: headers, now: now)
        case .leaving: break
        case .confirmed:
            if let waiting = session.unacknowledged { sendAcknowledgement(id, waiting, [], []) }
            // 15: "The callee's UA MUST NOT send a BYE on a confirmed dialog until it has received an ACK for its 2xx
            // response or until the server transaction times out."
            if session.answer != nil {
                if session.deferredBye == nil { sessions[id]?.deferredBye = headers }
            } else {
                sendBye(id, headers)
            }
        }
    }

    /// Sends a request that belongs to no call: OPTIONS to a trunk, REGISTER to a registrar.
    package mutating func request(
        _ method: SIPMethod, _ call: OutgoingInvite, callID: String? = nil, number: UInt32 = 1, now: UInt64
    ) -> SIPTransactionID {
        advance(to: now)
        let tag = makeTag()
        var request = makeRequest(method, call.target, from: call.from, tag: tag, to: call.to)
        if let callID { request.set(.callID, callID) }
        request.set(.cSeq, CSeq(number, method))
        request.append(call.headers)
        if !call.body.isEmpty { request.setBody(call.body, type: .sdp) }
        return startClient(request, to: call.destination, local: call.local, user: .user)
    }

    /// How long to wait before trying a re-INVITE again that met 491 (14.1): nanoseconds.
    ///
    /// "If the UAC is the owner of the Call-ID of the dialog ID (meaning it generated the value), T has a randomly chosen
    /// value between 2.1 and 4 seconds in units of 10 ms. If not, between 0 and 2 seconds in units of 10 ms."
    package mutating func glareDelay(ownsCallID: Bool) -> UInt64 {
        let range: ClosedRange<UInt64> = ownsCallID ? 210...400 : 0...200
        return UInt64.random(in: range, using: &generator) * 10_000_000
    }

    /// 8.1.1, without Via.
    private mutating func makeRequest(
        _ method: SIPMethod, _ target: SIPURI, from: NameAddress, tag: String, to: NameAddress
    ) -> SIPMessage {
        var from = from
        from.tag = tag
        var request = SIPMessage(method: method, uri: target)
        request.append(.maxForwards, 70)
        request.append(.from, from)
        request.append(.to, to)
        request.append(.callID, makeCallID())
        request.append(.cSeq, CSeq(1, method))
        return request
    }

    /// Our Contact: where the peer is to send its requests in the call.
    func contact(_ session: Session) -> NameAddress {
        let host = configuration.advertisedHost ?? session.local.host
        var uri = SIPURI(user: session.contactUser, host: host, port: session.local.port)
        if session.transport != .udp { uri.parameters.set("transport", session.transport.rawValue) }
        return NameAddress(uri)
    }

    /// Contact, Allow and Supported, as an INVITE has them.
    private func describe(_ request: inout SIPMessage, _ session: Session) {
        request.append(.contact, contact(session))
        request.append(.allow, configuration.allow)
        if !configuration.extensions.isEmpty { request.append(.supported, configuration.supported) }
    }

    /// The session's Call-ID; nil when there is no such session.
    package func callID(of id: SessionID) -> String? {
        guard let session = sessions[id] else { return nil }
        if let dialog = session.dialog { return dialog.id.callID }
        guard let transaction = session.incoming ?? session.outgoing?.transaction else { return nil }
        return transactions[transaction]?.request.callID
    }

    /// Where requests in a dialog go. A connection is used again: the peer may not be reachable otherwise.
    func destination(_ dialog: Dialog, _ session: Session) -> SIPDestination {
        var destination = SIPDestination(dialog.nextHop, transport: session.transport)
        if let peer = session.peer, dialog.routeSet.isEmpty {
            destination = SIPDestination(transport: session.transport, host: peer.host, port: peer.port)
        }
        if destination.transport == session.transport {
            destination.local = session.local
            if destination.transport.isReliable { destination.connection = session.connection }
        }
        return destination
    }

    mutating func sendBye(_ id: SessionID, _ headers: [SIPHeader]) {
        guard var session = sessions[id], var dialog = session.dialog else { return }
        if let pending = session.incoming, let invite = transactions[pending]?.request {
            send(invite.response(487, toTag: session.localTag), in: pending)
            session.incoming = nil
        }
        var request = dialog.makeRequest(.bye)
        request.append(headers)
        session.dialog = dialog
        session.phase = .leaving
        sessions[id] = session
        _ = startClient(request, to: destination(dialog, session), local: session.local, user: .bye(id))
    }

    /// Forgets a session; its transactions live out their time.
    mutating func end(_ id: SessionID) {
        guard let session = sessions[id] else { return }
        stopRepeating(id)
        deadlines.cancel(.cancelUnanswered(id))
        deadlines.cancel(.reinviteUnanswered(id))
        // An INVITE in "Proceeding" has no timer of its own: a peer that never answers must not make it stay for ever.
        if let outgoing = session.outgoing, transactions[outgoing.transaction] != nil {
            deadlines.set(.abandoned(outgoing.transaction), at: now &+ configuration.timers.t1Times64)
        }
        sessions[id] = nil
        for dialog in [session.dialog].compactMap({ $0 }) + session.earlyDialogs.values where dialogs[dialog.id] == id {
            dialogs[dialog.id] = nil
        }
        tell(.ended(id))
    }
}
