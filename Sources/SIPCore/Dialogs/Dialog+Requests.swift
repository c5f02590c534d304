// SPDX-License-Identifier: GPL-2.0-or-later
package import SIPMessages

extension Dialog {
    /// A request in this dialog (RFC 3261 12.2.1.1), with everything but Via, Contact and body.
    ///
    /// "If the local sequence number is not empty, the value of the local sequence number MUST be incremented by one, and
    /// this value MUST be placed into the CSeq header field."
    package mutating func makeRequest(_ method: SIPMethod) -> SIPMessage {
        let number = localSequence.map { $0 &+ 1 } ?? 1
        localSequence = number
        return request(method, number: number)
    }

    /// The ACK for the 2xx to our INVITE of that number (13.2.2.4): "The sequence number of the CSeq header field MUST be
    /// the same as the INVITE being acknowledged, but the CSeq method MUST be ACK."
    package func makeAcknowledgement(number: UInt32) -> SIPMessage { request(.ack, number: number) }

    private func request(_ method: SIPMethod, number: UInt32) -> SIPMessage {
        var requestURI = remoteTarget
        var routes = routeSet
        // "If the route set is not empty, and its first URI does not contain the lr parameter, the UAC MUST place the
        // first URI from the route set into the Request-URI … and then place the remote target URI into the Route header
        // field as the last value."
        if let first = routeSet.first, !first.uri.isLooseRouter {
            requestURI = first.uri
            requestURI.headers = nil
            requestURI.parameters.remove("method")
            routes = Array(routeSet.dropFirst()) + [NameAddress(remoteTarget)]
        }
        requestURI.headers = nil
        var request = SIPMessage(method: method, uri: requestURI)
        for route in routes { request.append(.route, route) }
        request.append(.maxForwards, 70)
        request.append(.from, Self.tagged(local, id.localTag))
        request.append(.to, Self.tagged(remote, id.remoteTag))
        request.append(.callID, id.callID)
        request.append(.cSeq, CSeq(number, method))
        return request
    }

    /// The URI that says where the next request is sent: the first route, else the remote target.
    package var nextHop: SIPURI { routeSet.first?.uri ?? remoteTarget }

    package enum Order: Hashable, Sendable, CaseIterable { case inOrder, outOfOrder }

    /// Takes a request of the peer into account (12.2.2).
    ///
    /// "If the remote sequence number was not empty, but the sequence number of the request is lower than the remote
    /// sequence number, the request is out of order and MUST be rejected with a 500 (Server Internal Error) response."
    /// A target refresh request replaces the remote target "with the URI from the Contact header field in that request".
    package mutating func receive(_ request: SIPMessage) -> Order {
        if let remoteSequence, request.cSeq.number < remoteSequence { return .outOfOrder }
        remoteSequence = request.cSeq.number
        if request.method == .invite { refreshTarget(request) }
        return .inOrder
    }

    /// From the INVITE of the peer, or its 2xx to ours (12.2.1.2).
    package mutating func refreshTarget(_ message: SIPMessage) {
        if let contact = message.contact, contact.uri.isSIP { remoteTarget = contact.uri }
    }

    private static func tagged(_ address: NameAddress, _ tag: String) -> NameAddress {
        var address = address
        if !tag.isEmpty { address.tag = tag }
        return address
    }
}
