// SPDX-License-Identifier: GPL-2.0-or-later
import CallControl
import ISDN
import SIPMessages

// How numbers and names of a call are written in SIP headers, and read from them.

extension SessionBody {
    init(message: SIPMessage) {
        self.init(message.body, isSDP: message.contentType?.matches(.sdp) ?? true)
    }
}

extension SIPReply {
    var headers: [SIPHeader] {
        reasons.map { SIPHeader(.reason, $0) } + (warning.map { [SIPHeader(.warning, $0)] } ?? [])
    }
}

extension SIPMessage {
    /// The caller's number: asserted by a trunk we take calls from, else From. Nil when it is no number.
    var callingNumber: PartyNumber? {
        let identity = pAssertedIdentities.first ?? from
        let text = identity.uri.subscriber ?? identity.uri.user ?? ""
        let isInternational = text.hasPrefix("+")
        let digits = text.filter { !"+-.()".contains($0) }
        guard !digits.isEmpty, digits.count <= 32, digits.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
        let isPrivate = privacy.contains { ["id", "user", "header"].contains($0.lowercased()) }
        return PartyNumber(
            digits: digits, type: isInternational ? .international : .unknown,
            presentation: isPrivate ? .restricted : .allowed)
    }

    var callingName: String? {
        let name = (pAssertedIdentities.first ?? from).displayName ?? from.displayName
        return name.flatMap { $0.isEmpty ? nil : $0 }
    }
}

extension NameAddress {
    /// The From of a call that came from the line. RFC 3323 section 4.1.1.3: a caller who is not to be known is "Anonymous" at
    /// anonymous.invalid.
    static func caller(_ number: PartyNumber?, _ name: String?, host: String) -> NameAddress {
        guard let number, number.presentation == .allowed, !number.digits.isEmpty else {
            let uri = SIPURI(scheme: .sip, user: "anonymous", host: "anonymous.invalid")
            return NameAddress(displayName: "Anonymous", uri)
        }
        return NameAddress(displayName: name, SIPURI(scheme: .sip, user: number.text, host: host))
    }
}
