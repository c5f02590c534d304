// SPDX-License-Identifier: GPL-2.0-or-later
package import ISDN
package import SDP
package import SIPMessages

/// What a SIP leg asks of its session: messages without the headers that transactions and dialogs give them.
///
/// The ACK of a 2xx, the 200 that answers CANCEL and BYE, and holding a CANCEL back until the first provisional response
/// (RFC 3261 section 9.1) are the session's.
package enum SIPLegAction: Hashable, Sendable {
    /// The response to the INVITE that began the session.
    case respond(SIPReply)
    /// The final response to a re-INVITE.
    case respondToReinvite(SIPReply)
    case invite(SIPInvitation)
    case cancel([ReasonValue])
    case bye([ReasonValue])
}

/// A response.
package struct SIPReply: Hashable, Sendable {
    package var status: UInt16
    package var reasons: [ReasonValue]
    package var warning: WarningValue?
    package var body: SessionDescription?

    package init(
        _ status: UInt16, reasons: [ReasonValue] = [], warning: WarningValue? = nil, body: SessionDescription? = nil
    ) {
        self.status = status
        self.reasons = reasons
        self.warning = warning
        self.body = body
    }
}

/// An INVITE to send.
package struct SIPInvitation: Hashable, Sendable {
    /// The Request-URI, as the route gave it.
    package var target: String
    package var calling: PartyNumber?
    package var callingName: String?
    package var body: SessionDescription

    package init(target: String, calling: PartyNumber?, callingName: String?, body: SessionDescription) {
        self.target = target
        self.calling = calling
        self.callingName = callingName
        self.body = body
    }
}
