// SPDX-License-Identifier: GPL-2.0-or-later
import CallControl
import GatewayConfiguration
import ISDN
import LineProtocol
import Logging
import NIOCore
import Routing
import SDP
import SIPCore
import SIPMessages
import SIPTransport

/// SIP's events on their way to calls, and calls' wishes on their way to SIP.
extension CallController {
    func sip(_ event: SIPEvent) {
        switch event {
        case .inviteReceived(let session, let request, let flow): invited(session, request, flow)
        case .cancelled(let session, let cancel):
            give(session, incoming: .cancelled(cancel.reasons), outgoing: nil)
        case .provisional(let session, let response):
            let status = UInt16(clamping: response.status?.code ?? 0)
            give(session, incoming: nil, outgoing: .provisional(status, SessionBody(of: response)))
        case .answered(let session, let response):
            give(session, incoming: nil, outgoing: .answered(SessionBody(of: response)))
            confirmed(session)
        case .failed(let session, let failure):
            let reasons = failure.response?.reasons ?? []
            let warnings = failure.response?.warnings ?? []
            give(
                session, incoming: .failed("\(failure)"),
                outgoing: .failed(UInt16(clamping: failure.status.code), reasons, warnings: warnings))
        case .ackReceived(let session, let ack):
            let body = SessionBody(of: ack)
            give(session, incoming: .acknowledged(body), outgoing: .acknowledged(body))
            confirmed(session)
        case .ackTimedOut(let session): give(session, incoming: .ackTimedOut, outgoing: .ackTimedOut)
        case .reinviteReceived(let session, let request):
            let body = SessionBody(of: request)
            give(session, incoming: .reinvite(body), outgoing: .reinvite(body))
        case .reinviteCancelled(let session):
            sip.respond(session, 487)
        // No leg of ours changes a session by itself yet.
        case .reinviteAnswered, .reinviteFailed, .requestAnswered, .requestFailed: break
        case .byeReceived(let session, let request):
            give(session, incoming: .bye(request.reasons), outgoing: .bye(request.reasons))
        case .ended(let session):
            give(session, incoming: .ended, outgoing: .ended)
        case .infoReceived(_, let transaction, let request):
            // RFC 6086 section 4.2.2: an INFO whose package is not ours is refused; one without a body is a sign of life.
            sip.respond(to: transaction, request.body.isEmpty ? 200 : 415)
        case .optionsReceived(let transaction, _, let flow):
            sip.respond(to: transaction, trunk(for: flow) == nil ? 403 : 200)
        case .registerReceived(let transaction, let request, let flow): registered(transaction, request, flow)
        }
    }

    private func give(
        _ session: SessionID, incoming: IncomingSIPLeg.Event?, outgoing: OutgoingSIPLeg.Event?
    ) {
        guard let number = callOfSession[session], let side = calls[number]?.session?.side else { return }
        switch side {
        case .originating: if let incoming { step(number, .incomingSIP(incoming)) }
        case .terminating: if let outgoing { step(number, .outgoingSIP(outgoing)) }
        }
    }

    /// From here on the dialog can be written down, and the call outlives us.
    private func confirmed(_ session: SessionID) {
        guard let number = callOfSession[session], let dialog = sip.snapshot(session) else { return }
        step(number, .dialog(dialog))
    }

    // MARK: Calls that come

    private func invited(_ session: SessionID, _ request: SIPMessage, _ flow: SIPFlow) {
        guard let trunk = trunk(for: flow) else {
            counts.add(.unknownPeers)
            log.notice("INVITE from an address no trunk allows", metadata: ["from": "\(flow.remote)"])
            return sip.respond(session, 403)
        }
        let media = endpoints.take().map { grant($0, trunk: trunk, address: flow.local.host) }
        let number = open(from: trunk.name.text, origin: .sip(media: media), peer: trunk.name.text)
        bind(session, .originating, to: number)
        step(number, .incomingSIP(.invite(CallOffer(invite: request), SessionBody(of: request))))
    }

    /// The trunk whose addresses a message came from.
    func trunk(for flow: SIPFlow) -> SIPTrunk? {
        IPAddress(text: flow.remote.host).flatMap { settings.trunk(from: $0) }
    }

    func grant(_ endpoint: GrantedEndpoint, trunk: SIPTrunk, address: String) -> MediaGrant {
        let local = LocalAudio(
            address: advertised ?? address, port: endpoint.port,
            codecs: trunk.codecs.map { $0 == .aLaw ? .pcma : .pcmu }, ptime: Int(trunk.packetMilliseconds),
            telephoneEvent: trunk.digits == .rfc4733 ? 101 : nil)
        return MediaGrant(
            endpoint: endpoint.endpoint, local: local, sessionID: UInt64.random(in: 1...UInt64(Int64.max)),
            jitterMilliseconds: settings.rtp.jitterMilliseconds)
    }

    /// What peers are told instead of our own address.
    var advertised: String? { settings.sip.advertise.map(\.description) }

    // MARK: What calls want of SIP

    func performSIP(_ action: SIPLegAction, for number: UInt32) {
        if case .invite(let invitation) = action { return invite(invitation, for: number) }
        guard let session = calls[number]?.session?.id else { return }
        switch action {
        case .respond(let reply), .respondToReinvite(let reply):
            sip.respond(
                session, SIPStatus(Int(reply.status)), headers: reply.headers, body: reply.body?.encoded() ?? [])
            // The peer has its answer: killed before its ACK comes, we must still know the call.
            if (200..<300).contains(reply.status) { confirmed(session) }
        case .cancel(let reasons): sip.cancel(session, headers: reasons.map { SIPHeader(.reason, $0) })
        case .bye(let reasons): sip.bye(session, headers: reasons.map { SIPHeader(.reason, $0) })
        case .invite: break
        }
    }

    private func invite(_ invitation: SIPInvitation, for number: UInt32) {
        guard let target = SIPURI(invitation.target) else {
            return step(number, .outgoingSIP(.failed(500, [], warnings: [])))
        }
        // A registration's own path works through a NAT where its Contact does not.
        let path = registration(target)
        let destination = path ?? SIPDestination(target)
        guard let local = sip.localAddress(towards: destination) else {
            log.error("no way to \(destination): nothing listens for it", metadata: ["call": "\(number)"])
            return step(number, .outgoingSIP(.failed(503, [], warnings: [])))
        }
        let host = advertised ?? local.host
        let session = sip.invite(
            OutgoingInvite(
                target: target, destination: destination, local: local, from: invitation.from(host: host),
                headers: invitation.identityHeaders(host: host),
                body: invitation.body.encoded(), staysOnPath: path != nil))
        bind(session, .terminating, to: number)
    }

    private func registration(_ target: SIPURI) -> SIPDestination? {
        guard let user = target.user, let binding = locations.find(user: user, now: monotonicClock()),
            binding.contact.isEquivalent(to: target),
            let transport = SIPCore.SIPTransportKind(name: binding.source.transport)
        else { return nil }
        return SIPDestination(
            transport: transport, host: binding.source.address, port: binding.source.port,
            connection: binding.source.connection)
    }

    // MARK: Registrations

    private func registered(_ transaction: SIPTransactionID, _ request: SIPMessage, _ flow: SIPFlow) {
        guard let trunk = trunk(for: flow), trunk.acceptsRegistrations else {
            counts.add(.unknownPeers)
            return sip.respond(to: transaction, 403)
        }
        let source = RegistrationSource(
            transport: flow.transport.rawValue, address: flow.remote.host, port: flow.remote.port,
            connection: flow.connection)
        switch locations.register(request, from: source, now: monotonicClock()) {
        case .accepted(let contacts):
            counts.add(.registrations)
            let headers = contacts.map { contact, seconds in
                var address = NameAddress(contact)
                address.parameters.set("expires", "\(seconds)")
                return SIPHeader(.contact, address)
            }
            sip.respond(to: transaction, 200, headers: headers)
        case .tooBrief:
            // RFC 3261 section 10.3: "generate a response with a 423 … containing Min-Expires".
            sip.respond(
                to: transaction, 423,
                headers: [SIPHeader(named: "Min-Expires", "\(LocationTable.minimumSeconds)")])
        case .badRequest: sip.respond(to: transaction, 400)
        case .outOfOrder: sip.respond(to: transaction, 500)
        case .full: sip.respond(to: transaction, 503, headers: [SIPHeader(.retryAfter, "60")])
        }
    }
}
