// SPDX-License-Identifier: GPL-2.0-or-later
package import ISDN
package import SIPMessages

/// The tables of RFC 3398 that turn a Q.850 cause into a SIP status and back, read for Q.931.
///
/// A `Reason` header with a Q.850 cause (RFC 3326, RFC 6432) says more than any status, and is believed first.
package enum CauseMapping {
    /// The status that refuses an INVITE (section 7.2.4.1).
    ///
    /// - Parameter location: nil when the line did not say.
    package static func status(for cause: Cause, location: CauseLocation?) -> UInt16 {
        // "If the cause location is 'user' then the 6xx code could be given rather than the 4xx code (i.e., 403 becomes
        // 603)": the person called has declined, and asking elsewhere is of no use.
        if cause == .callRejected, location == .user { return 603 }
        // "If an ISUP cause value other than those listed is received, the default response '500 Server internal error'
        // would be used." That holds for 16 too, which the table leaves to BYE and CANCEL.
        return statusByCause[cause.rawValue] ?? 500
    }

    /// The cause that releases the line after a 3xx–6xx (section 8.2.6.1).
    ///
    /// - Parameter warnings: the codes of the Warning header, which alone tell why a 488 or 606 was given.
    package static func cause(forStatus status: UInt16, warnings: [Int] = []) -> Cause {
        switch status {
        case 488, 606: cause(forWarnings: warnings)
        case 300...399: .interworkingUnspecified
        default: causeByStatus[status] ?? causeOfClass(status)
        }
    }

    /// "The cause location": a 6xx speaks for the user, the others for the network we know no more of.
    package static func location(forStatus status: UInt16) -> CauseLocation {
        (600...699).contains(status) ? .user : .beyondInterworkingPoint
    }

    /// The first Q.850 cause among the values of the Reason headers; nil when there is none that is a cause.
    package static func cause(in reasons: [ReasonValue]) -> Cause? {
        for reason in reasons where reason.isQ850 {
            if let value = reason.cause.flatMap(UInt8.init(exactly:)), let cause = Cause(rawValue: value) {
                return cause
            }
        }
        return nil
    }

    /// `Q.850;cause=17;text="User busy"`.
    package static func reason(_ cause: Cause) -> ReasonValue {
        .q850(Int(cause.rawValue), cause.name)
    }

    /// A status nobody listed counts as the x00 of its class (RFC 3261 section 8.1.3.2).
    private static func causeOfClass(_ status: UInt16) -> Cause {
        switch status {
        case 400...599: .temporaryFailure
        case 600...699: .userBusy
        default: .interworkingUnspecified
        }
    }

    /// The RFC says "by Warning header" and no more: what names the media or its transport is a bearer that is not
    /// implemented, bandwidth is a resource.
    private static func cause(forWarnings codes: [Int]) -> Cause {
        for code in codes {
            switch code {
            case 300...306: return .bearerCapabilityNotImplemented
            case 370: return .resourceUnavailable
            default: continue
            }
        }
        return .normalUnspecified
    }

    private static let statusByCause: [UInt8: UInt16] = [
        // Normal event
        1: 404,  // unallocated number
        2: 404,  // no route to network
        3: 404,  // no route to destination
        17: 486,  // user busy
        18: 408,  // no user responding
        19: 480,  // no answer from the user
        20: 480,  // subscriber absent
        21: 403,  // call rejected
        22: 410,  // number changed (without diagnostic)
        23: 410,  // redirection to new destination
        26: 404,  // non-selected user clearing
        27: 502,  // destination out of order
        28: 484,  // address incomplete
        29: 501,  // facility rejected
        31: 480,  // normal unspecified
        // Resource unavailable
        34: 503,  // no circuit available
        38: 503,  // network out of order
        41: 503,  // temporary failure
        42: 503,  // switching equipment congestion
        47: 503,  // resource unavailable
        // Service or option not available
        55: 403,  // incoming calls barred within CUG
        57: 403,  // bearer capability not authorized
        58: 503,  // bearer capability not presently available
        // Service or option not implemented
        65: 488,  // bearer capability not implemented
        70: 488,  // only restricted digital information bearer capability is available
        79: 501,  // service or option not implemented
        // Invalid message
        87: 403,  // user not member of CUG
        88: 503,  // incompatible destination
        // Protocol error
        102: 504,  // recovery on timer expiry
        111: 500,  // protocol error, unspecified
        // Interworking
        127: 500,  // interworking, unspecified
    ]

    private static let causeByStatus: [UInt16: Cause] = [
        400: .temporaryFailure,
        401: .callRejected,
        402: .callRejected,
        403: .callRejected,
        404: .unallocatedNumber,
        405: .serviceUnavailable,
        406: .serviceNotImplemented,
        407: .callRejected,
        408: .recoveryOnTimerExpiry,
        410: .numberChanged,
        413: .interworkingUnspecified,
        414: .interworkingUnspecified,
        415: .serviceNotImplemented,
        416: .interworkingUnspecified,
        420: .interworkingUnspecified,
        421: .interworkingUnspecified,
        423: .interworkingUnspecified,
        480: .noUserResponding,
        481: .temporaryFailure,
        482: .exchangeRoutingError,
        483: .exchangeRoutingError,
        484: .invalidNumberFormat,
        485: .unallocatedNumber,
        486: .userBusy,
        // "No mapping": it answers our own CANCEL. One that comes unasked says only that the call is over.
        487: .normalUnspecified,
        500: .temporaryFailure,
        501: .serviceNotImplemented,
        502: .networkOutOfOrder,
        503: .temporaryFailure,
        504: .recoveryOnTimerExpiry,
        505: .interworkingUnspecified,
        513: .interworkingUnspecified,
        600: .userBusy,
        603: .callRejected,
        604: .unallocatedNumber,
        607: .callRejected,  // RFC 8197 section 5
        608: .callRejected,  // RFC 8688 section 3
    ]
}

extension Cause {
    /// What RFC 3398 gives for 405 and Q.850 calls "service or option not available, unspecified".
    static let serviceUnavailable = Cause(rawValue: 63) ?? .serviceNotImplemented
}
