// SPDX-License-Identifier: GPL-2.0-or-later
package import ISDN

/// Why a leg ends or must end, in no protocol's words: what crosses a call from one leg to the other.
package struct Release: Hashable, Sendable {
    /// Who wanted it, seen from the leg that reports it.
    package enum Initiator: UInt8, Hashable, Sendable, CaseIterable {
        /// Whoever is at the far end of that leg.
        case peer
        case gateway
    }

    package var cause: Cause
    package var location: CauseLocation?
    /// The SIP status that said so, or that is to be said whatever the tables make of the cause.
    package var status: UInt16?
    package var initiator: Initiator
    /// A sentence for people when something went wrong; else empty.
    package var text: String

    package init(
        _ cause: Cause, location: CauseLocation? = nil, status: UInt16? = nil, initiator: Initiator, text: String = ""
    ) {
        self.cause = cause
        self.location = location
        self.status = status
        self.initiator = initiator
        self.text = text
    }

    /// The status that refuses an INVITE for this. A status from another SIP leg is passed on, save those that mean nothing
    /// without their headers: redirections, and challenges that were for us.
    package var effectiveStatus: UInt16 {
        if let status, (400...699).contains(status), status != 401, status != 407 { return status }
        return CauseMapping.status(for: cause, location: location)
    }
}

/// What the gateway itself refuses or ends calls for.
extension Release {
    package static func noRoute(to number: String, from trunk: String) -> Release {
        Release(
            .unallocatedNumber, initiator: .gateway, text: "no route for \(number) from \(trunk); see `trunkgate check`"
        )
    }

    package static func dChannelDown(_ trunk: String) -> Release {
        Release(.networkOutOfOrder, initiator: .gateway, text: "\(trunk) is down; `trunkgate show spans` says why")
    }

    package static let noEndpoint = Release(
        .resourceUnavailable, initiator: .gateway, text: "no RTP port was free; widen rtp.ports")

    package static let lineProgramLost = Release(
        .temporaryFailure, initiator: .gateway, text: "the line program (trunkgate-line) ended")

    package static let draining = Release(
        .switchingEquipmentCongestion, initiator: .gateway, text: "the gateway takes no new calls: it is draining")

    package static let operatorHangup = Release(
        .normalCallClearing, initiator: .gateway, text: "hung up by the operator")

    static let notAnswered = Release(.noAnswer, initiator: .gateway, text: "rang too long without an answer")

    static let legLost = Release(
        .temporaryFailure, initiator: .gateway, text: "a leg ended without saying why; please report this call")

    static let noReply = Release(
        .recoveryOnTimerExpiry, initiator: .gateway,
        text: "the called side said nothing more, neither ringing nor answer")
}
