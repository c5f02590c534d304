// SPDX-License-Identifier: GPL-2.0-or-later
import ISDN
package import SIPMessages

extension CallOffer {
    /// What an INVITE asks for. The number called is the Request-URI's (RFC 3398 section 7.2.1.1, 12.2).
    package init(invite: SIPMessage) {
        let caller = CallingParty(invite)
        self.init(
            sipUser: invite.requestURI?.subscriber ?? "", calling: caller.number, callingName: caller.name)
    }
}

/// Who calls, by an INVITE: P-Asserted-Identity where there is one (RFC 3325), else From; with what Privacy says (RFC 3323).
struct CallingParty {
    var number: PartyNumber?
    var name: String?

    init(_ invite: SIPMessage) {
        let identities = invite.pAssertedIdentities
        let asserted = identities.first { $0.uri.subscriber.flatMap { PartyNumber(sipUser: $0) } != nil }
        let party = asserted ?? invite.from
        // "anonymous@anonymous.invalid" is a From that says nothing (RFC 3323 section 4.1.1.3).
        let isAnonymous = party.uri.host == "anonymous.invalid" || party.uri.subscriber == "anonymous"
        let isPrivate = invite.privacy.contains { ["id", "user", "header"].contains($0.lowercased()) }
        guard !isAnonymous else { return }
        number = party.uri.subscriber.flatMap { PartyNumber(sipUser: $0) }
        number?.presentation = isPrivate || invite.from.uri.host == "anonymous.invalid" ? .restricted : .allowed
        number?.screening = asserted == nil ? .userProvidedNotScreened : .userProvidedPassed
        if !isPrivate { name = party.displayName.flatMap { $0.isEmpty ? nil : $0 } }
    }
}

extension SessionBody {
    package init(of message: SIPMessage) {
        let type = message.contentType
        self.init(message.body, isSDP: type.map { $0.matches(.sdp) } ?? true)
    }
}

extension SIPReply {
    /// Reason and Warning, as far as there are any.
    package var headers: [SIPHeader] {
        reasons.map { SIPHeader(.reason, $0) } + (warning.map { [SIPHeader(.warning, $0)] } ?? [])
    }
}

extension SIPInvitation {
    /// The From of the INVITE: the caller, or nobody when the caller may not be shown (RFC 3398 section 8.2.1.1, RFC 3323).
    ///
    /// - Parameter host: our own, as peers see it.
    package func from(host: String, port: UInt16? = nil) -> NameAddress {
        guard let calling, !calling.digits.isEmpty, calling.presentation == .allowed else {
            let isHidden = calling?.presentation == .restricted
            return isHidden
                ? NameAddress(displayName: "Anonymous", SIPURI(user: "anonymous", host: "anonymous.invalid"))
                : NameAddress(displayName: callingName, SIPURI(host: host, port: port))
        }
        return NameAddress(displayName: callingName, SIPURI(user: calling.text, host: host, port: port))
    }

    /// P-Asserted-Identity and `Privacy: id` for a caller who may not be shown (RFC 3325). For peers that are trusted.
    package func identityHeaders(host: String, port: UInt16? = nil) -> [SIPHeader] {
        guard let calling, !calling.digits.isEmpty else { return [] }
        let identity = NameAddress(SIPURI(user: calling.text, host: host, port: port))
        let asserted = SIPHeader(.pAssertedIdentity, identity)
        return calling.presentation == .allowed ? [asserted] : [asserted, SIPHeader(.privacy, "id")]
    }
}
