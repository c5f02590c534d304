// SPDX-License-Identifier: GPL-2.0-or-later
package import ISDN
import Routing

/// A call as it was asked for, in no protocol's words.
package struct CallOffer: Hashable, Sendable {
    /// For people and records: as it was dialled, `+` before an international number. From SIP it may be no number at all.
    package var called: String
    /// The called number with its type; nil when it is none.
    package var number: PartyNumber?
    package var calling: PartyNumber?
    package var callingName: String?
    package var bearer: BearerCapability

    /// From the line.
    package init(
        number: PartyNumber, calling: PartyNumber? = nil, callingName: String? = nil,
        bearer: BearerCapability = BearerCapability()
    ) {
        called = number.text
        self.number = number
        self.calling = calling
        self.callingName = callingName
        self.bearer = bearer
    }

    /// From SIP: the user part of the Request-URI, its escapes decoded.
    package init(sipUser: String, calling: PartyNumber? = nil, callingName: String? = nil) {
        called = sipUser
        number = PartyNumber(sipUser: sipUser)
        self.calling = calling
        self.callingName = callingName
        bearer = BearerCapability()
    }
}

extension PartyNumber {
    /// As in the user part of a SIP URI: `+` before an international number (RFC 3398 section 12).
    package var text: String { type == .international ? "+" + digits : digits }

    /// Nil when it is no telephone number.
    package init?(sipUser: String) {
        guard let number = DialledNumber(sipUser: sipUser) else { return nil }
        self.init(digits: number.digits, type: number.type)
    }
}
