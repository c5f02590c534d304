// SPDX-License-Identifier: GPL-2.0-or-later
import SIPMessages

/// Runs the transaction machines: what they want sent is sent, what they deliver goes to the session.
extension SIPEndpoint {
    /// Sends a request of ours in a transaction of its own, with a Via of ours on top.
    mutating func startClient(
        _ request: SIPMessage, to destination: SIPDestination, local: SIPAddress, user: TransactionRecord.User,
        branch: String? = nil, dialog: Dialog? = nil
    ) -> SIPTransactionID {
        let branch = branch ?? makeBranch()
        let request = addressed(request, destination, local, branch: branch)
        let id = SIPTransactionID(rawValue: nextSerial())
        let key = ClientTransactionKey(branch: branch, method: request.method)
        let isReliable = destination.transport.isReliable
        let isInvite = request.method == .invite
        let invite = InviteClientTransaction(timers: configuration.timers, isReliable: isReliable)
        let other = NonInviteClientTransaction(timers: configuration.timers, isReliable: isReliable)
        var record = TransactionRecord(
            machine: isInvite ? .inviteClient(invite) : .nonInviteClient(other), request: request, key: .client(key),
            user: user, destination: destination)
        record.transmission = SIPTransmission(request, to: destination, transaction: id)
        record.dialog = dialog
        record.local = local
        transactions[id] = record
        clientTransactions[key] = id
        if isInvite {
            perform(invite.start(), id) { .inviteClient(id, $0) }
        } else {
            perform(other.start(), id) { .nonInviteClient(id, $0) }
        }
        return id
    }

    /// Puts our Via on top: "the client transport MUST insert a value of the 'sent-by' field" (RFC 3261 18.1.1), and
    /// `rport` (RFC 3581 3).
    func addressed(
        _ request: SIPMessage, _ destination: SIPDestination, _ local: SIPAddress, branch: String
    ) -> SIPMessage {
        var request = request
        var via = Via(
            transport: destination.transport.viaName, host: configuration.advertisedHost ?? local.host,
            port: local.port, branch: branch)
        if destination.transport == .udp { via.parameters.set("rport") }
        request.prepend(.via, via)
        if !request.has(.userAgent) { request.append(.userAgent, configuration.product) }
        return request
    }

    /// Opens the server transaction of a request that was received.
    mutating func startServer(_ request: SIPMessage, from flow: SIPFlow, user: TransactionRecord.User)
        -> SIPTransactionID
    {
        let id = SIPTransactionID(rawValue: nextSerial())
        let key = ServerTransactionKey(request, method: request.method)
        let merge = request.to.tag == nil ? MergeKey(request) : nil
        let isReliable = flow.transport.isReliable
        let machine: TransactionRecord.Machine =
            request.method == .invite
            ? .inviteServer(InviteServerTransaction(timers: configuration.timers, isReliable: isReliable))
            : .nonInviteServer(NonInviteServerTransaction(timers: configuration.timers, isReliable: isReliable))
        transactions[id] = TransactionRecord(
            machine: machine, request: request, key: .server(key, merge), user: user,
            destination: Self.responseDestination(request, flow))
        serverTransactions[key] = id
        if let merge { merges[merge] = id }
        return id
    }

    /// Gives a response to the server transaction.
    mutating func send(_ response: SIPMessage, in id: SIPTransactionID) {
        guard var record = transactions[id], let status = response.status else { return }
        var response = response
        if !response.has(.server), status != 100 { response.append(.server, configuration.product) }
        let previous = record.transmission
        record.transmission = SIPTransmission(response, to: record.destination, transaction: id)
        transactions[id] = record
        let accepted: Bool
        switch record.machine {
        case .inviteServer:
            let event: InviteServerTransaction.Event =
                status.isProvisional ? .provisional : status.isSuccess ? .success : .failure
            accepted = drive(inviteServer: id, event)
        case .nonInviteServer:
            accepted = drive(nonInviteServer: id, status.isProvisional ? .provisional : .final)
        case .inviteClient, .nonInviteClient:
            accepted = false
        }
        // A response that came too late must not replace the one that is repeated.
        if !accepted { transactions[id]?.transmission = previous }
    }

    mutating func drive(inviteClient id: SIPTransactionID, _ event: InviteClientTransaction.Event) {
        guard case .inviteClient(var machine) = transactions[id]?.machine else { return }
        let actions = machine.handle(event)
        transactions[id]?.machine = .inviteClient(machine)
        perform(actions, id) { .inviteClient(id, $0) }
    }

    mutating func drive(nonInviteClient id: SIPTransactionID, _ event: NonInviteClientTransaction.Event) {
        guard case .nonInviteClient(var machine) = transactions[id]?.machine else { return }
        let actions = machine.handle(event)
        transactions[id]?.machine = .nonInviteClient(machine)
        perform(actions, id) { .nonInviteClient(id, $0) }
    }

    /// - Returns: whether the machine did anything.
    @discardableResult
    mutating func drive(inviteServer id: SIPTransactionID, _ event: InviteServerTransaction.Event) -> Bool {
        guard case .inviteServer(var machine) = transactions[id]?.machine else { return false }
        let actions = machine.handle(event)
        transactions[id]?.machine = .inviteServer(machine)
        perform(actions, id) { .inviteServer(id, $0) }
        return !actions.isEmpty
    }

    /// - Returns: whether the machine did anything.
    @discardableResult
    mutating func drive(nonInviteServer id: SIPTransactionID, _ event: NonInviteServerTransaction.Event) -> Bool {
        guard case .nonInviteServer(var machine) = transactions[id]?.machine else { return false }
        let actions = machine.handle(event)
        transactions[id]?.machine = .nonInviteServer(machine)
        perform(actions, id) { .nonInviteServer(id, $0) }
        return !actions.isEmpty
    }

    private mutating func perform<Timer>(
        _ actions: [ClientTransactionAction<Timer>], _ id: SIPTransactionID, key: (Timer) -> DeadlineKey
    ) {
        for action in actions {
            switch action {
            case .sendRequest: sendAgain(id)
            case .sendAcknowledgement: acknowledgeFailure(id)
            case .deliverResponse: deliverResponse(id)
            case .start(let timer, let after): deadlines.set(key(timer), at: now &+ after)
            case .stop(let timer): deadlines.cancel(key(timer))
            case .timedOut:
                count(up: .transactionTimeouts)
                deliverFailure(id, .timeout)
            case .transportFailed:
                deliverFailure(id, .transport(transactions[id]?.failureReason ?? ""))
            case .terminated: destroy(id)
            }
        }
    }

    private mutating func perform<Timer>(
        _ actions: [ServerTransactionAction<Timer>], _ id: SIPTransactionID, key: (Timer) -> DeadlineKey
    ) {
        for action in actions {
            switch action {
            case .sendResponse: sendAgain(id)
            case .start(let timer, let after): deadlines.set(key(timer), at: now &+ after)
            case .stop(let timer): deadlines.cancel(key(timer))
            case .acknowledgementTimedOut: count(up: .acknowledgementTimeouts)
            case .transportFailed: serverTransportFailed(id)
            case .terminated: destroy(id)
            }
        }
    }

    /// Sends the request or the last response; from the second time on it counts as a retransmission.
    private mutating func sendAgain(_ id: SIPTransactionID) {
        guard let transmission = transactions[id]?.transmission else { return }
        transmit(transmission)
        transactions[id]?.transmission?.isRetransmission = true
    }

    /// RFC 3261 17.1.1.3: the ACK "MUST contain values for the Call-ID, From, and Request-URI that are equal to the values
    /// of those header fields in the request … The To header field in the ACK MUST equal the To header field in the
    /// response being acknowledged … MUST contain a single Via header field, and this MUST be equal to the top Via header
    /// field of the original request." Route as in the request.
    private mutating func acknowledgeFailure(_ id: SIPTransactionID) {
        guard let record = transactions[id] else { return }
        if let again = record.acknowledgement {
            transmit(again)
            return
        }
        guard let response = record.response, let uri = record.request.requestURI else { return }
        var ack = SIPMessage(method: .ack, uri: uri)
        ack.append(.via, record.request.via)
        ack.copy(.route, from: record.request)
        ack.append(.maxForwards, 70)
        ack.copy(.from, from: record.request)
        ack.copy(.to, from: response)
        ack.copy(.callID, from: record.request)
        ack.append(.cSeq, CSeq(record.request.cSeq.number, .ack))
        var transmission = SIPTransmission(ack, to: record.destination, transaction: id)
        transmit(transmission)
        transmission.isRetransmission = true
        transactions[id]?.acknowledgement = transmission
    }

    mutating func destroy(_ id: SIPTransactionID) {
        guard let record = transactions.removeValue(forKey: id) else { return }
        switch record.key {
        case .client(let key):
            clientTransactions[key] = nil
        case .server(let key, let merge):
            serverTransactions[key] = nil
            if let merge, merges[merge] == id { merges[merge] = nil }
        }
        switch record.machine {
        case .inviteClient:
            for timer in InviteClientTransaction.Timer.allCases { deadlines.cancel(.inviteClient(id, timer)) }
            deadlines.cancel(.abandoned(id))
        case .nonInviteClient:
            for timer in NonInviteClientTransaction.Timer.allCases { deadlines.cancel(.nonInviteClient(id, timer)) }
        case .inviteServer:
            for timer in InviteServerTransaction.Timer.allCases { deadlines.cancel(.inviteServer(id, timer)) }
        case .nonInviteServer:
            for timer in NonInviteServerTransaction.Timer.allCases { deadlines.cancel(.nonInviteServer(id, timer)) }
        }
    }
}
