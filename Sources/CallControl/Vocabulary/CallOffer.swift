// SPDX-License-Identifier: GPL-2.0-or-later
package import ISDN

/// A call as it was asked for, in no protocol's words.
package struct CallOffer: Hashable, Sendable {
    /// As it was dialled; the user part of a SIP URI may be no number at all. International numbers begin with `+`.
    package var called: String
    package var calling: PartyNumber?
    package var callingName: String?
    package var bearer: BearerCapability

    package init(
        called: String, calling: PartyNumber? = nil, callingName: String? = nil,
        bearer: BearerCapability = BearerCapability()
    ) {
        self.called = called
        self.calling = calling
        self.callingName = callingName
        self.bearer = bearer
    }
}
