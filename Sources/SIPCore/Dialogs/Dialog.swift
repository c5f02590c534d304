// SPDX-License-Identifier: GPL-2.0-or-later
package import SIPMessages

/// A dialog (RFC 3261 section 12): what two user agents remember about each other between a 1xx or 2xx and a BYE.
package struct Dialog: Hashable, Sendable {
    package struct ID: Hashable, Sendable {
        package var callID: String
        package var localTag: String
        /// Empty for a peer of RFC 2543 that gave none.
        package var remoteTag: String

        package init(callID: String, localTag: String, remoteTag: String) {
            self.callID = callID
            self.localTag = localTag
            self.remoteTag = remoteTag
        }
    }

    package let id: ID
    /// With display name, without tag.
    package let local: NameAddress
    package let remote: NameAddress
    /// Where the next request goes, save for the route set: the peer's last Contact.
    package internal(set) var remoteTarget: SIPURI
    package let routeSet: [NameAddress]
    /// The number of our last request; `nil` before the first.
    package internal(set) var localSequence: UInt32?
    /// The number of the peer's last request; `nil` before the first.
    package internal(set) var remoteSequence: UInt32?
    /// Early until a 2xx.
    package internal(set) var isConfirmed: Bool

    init(
        id: ID, local: NameAddress, remote: NameAddress, remoteTarget: SIPURI, routeSet: [NameAddress],
        localSequence: UInt32?, remoteSequence: UInt32?, isConfirmed: Bool
    ) {
        self.id = id
        self.local = local
        self.remote = remote
        self.remoteTarget = remoteTarget
        self.routeSet = routeSet
        self.localSequence = localSequence
        self.remoteSequence = remoteSequence
        self.isConfirmed = isConfirmed
    }

    /// RFC 3261 12.1.1: at the UAS, when it answers a request with a 1xx (not 100) or 2xx.
    ///
    /// "The route set MUST be set to the list of URIs in the Record-Route header field from the request, taken in order
    /// and preserving all URI parameters. The remote target MUST be set to the URI from the Contact header field of the
    /// request." A request without Contact, as RFC 2543 lets it be, leads back to its From.
    package init(answering request: SIPMessage, localTag: String, isConfirmed: Bool) {
        let from = request.from
        self.init(
            id: ID(callID: request.callID, localTag: localTag, remoteTag: from.tag ?? ""),
            local: Self.party(request.to), remote: Self.party(from), remoteTarget: request.contact?.uri ?? from.uri,
            routeSet: request.recordRoutes, localSequence: nil, remoteSequence: request.cSeq.number,
            isConfirmed: isConfirmed)
    }

    /// RFC 3261 12.1.2: at the UAC, when a 1xx with a To tag or a 2xx comes.
    ///
    /// "The route set MUST be set to the list of URIs in the Record-Route header field from the response, taken in
    /// reverse order and preserving all URI parameters."
    package init(request: SIPMessage, response: SIPMessage) {
        let from = request.from
        self.init(
            id: ID(callID: request.callID, localTag: from.tag ?? "", remoteTag: response.to.tag ?? ""),
            local: Self.party(from), remote: Self.party(response.to),
            remoteTarget: response.contact?.uri ?? request.requestURI ?? request.to.uri,
            routeSet: response.recordRoutes.reversed(), localSequence: request.cSeq.number, remoteSequence: nil,
            isConfirmed: response.status?.isSuccess ?? false)
    }

    /// The dialog a request that came says it is in (12.2.2): its To tag is ours.
    package static func id(ofIncoming request: SIPMessage) -> ID? {
        guard let localTag = request.to.tag else { return nil }
        return ID(callID: request.callID, localTag: localTag, remoteTag: request.from.tag ?? "")
    }

    private static func party(_ address: NameAddress) -> NameAddress {
        NameAddress(displayName: address.displayName, address.uri)
    }
}
