// SPDX-License-Identifier: GPL-2.0-or-later

/// The eight classes of causes, by bits 7 to 5 of the value (Q.850 section 2.2.5).
package enum CauseClass: Hashable, Sendable, CaseIterable {
    case normalEvent
    case resourceUnavailable
    case serviceNotAvailable
    case serviceNotImplemented
    case invalidMessage
    case protocolError
    case interworking
}

extension Cause: CustomStringConvertible {
    package var causeClass: CauseClass {
        switch rawValue {
        case 32...47: .resourceUnavailable
        case 48...63: .serviceNotAvailable
        case 64...79: .serviceNotImplemented
        case 80...95: .invalidMessage
        case 96...111: .protocolError
        case 112...: .interworking
        default: .normalEvent
        }
    }

    /// As people read it: "17 user busy".
    package var description: String { "\(rawValue) \(name)" }

    /// What Q.850 section 2.2.7 calls it; "unassigned" where no table lists the value.
    package var name: String {
        switch causeClass {
        case .normalEvent: normalEventName
        case .resourceUnavailable: resourceName
        case .serviceNotAvailable, .serviceNotImplemented: serviceName
        case .invalidMessage, .protocolError, .interworking: protocolName
        }
    }

    private var normalEventName: String {
        switch rawValue {
        case 1: "unallocated number"
        case 2: "no route to the transit network"
        case 3: "no route to destination"
        case 4: "send special information tone"
        case 5: "misdialled trunk prefix"
        case 6: "channel unacceptable"
        case 7: "call awarded, being delivered in an established channel"
        case 8: "preemption"
        case 9: "preemption, circuit reserved for reuse"
        case 14: "query on release: ported number"
        case 16: "normal call clearing"
        case 17: "user busy"
        case 18: "no user responding"
        case 19: "no answer from user"
        case 20: "subscriber absent"
        case 21: "call rejected"
        case 22: "number changed"
        case 23: "redirection to new destination"
        case 24: "call rejected by a feature at the destination"
        case 25: "exchange routing error"
        case 26: "non-selected user clearing"
        case 27: "destination out of order"
        case 28: "invalid number format"
        case 29: "facility rejected"
        case 30: "response to STATUS ENQUIRY"
        case 31: "normal, unspecified"
        default: "unassigned"
        }
    }

    private var resourceName: String {
        switch rawValue {
        case 34: "no circuit or channel available"
        case 38: "network out of order"
        case 39: "permanent frame mode connection out of service"
        case 40: "permanent frame mode connection operational"
        case 41: "temporary failure"
        case 42: "switching equipment congestion"
        case 43: "access information discarded"
        case 44: "requested circuit or channel not available"
        case 46: "precedence call blocked"
        case 47: "resource unavailable, unspecified"
        default: "unassigned"
        }
    }

    private var serviceName: String {
        switch rawValue {
        case 49: "quality of service not available"
        case 50: "requested facility not subscribed"
        case 52: "outgoing calls barred"
        case 53: "outgoing calls barred within the closed user group"
        case 54: "incoming calls barred"
        case 55: "incoming calls barred within the closed user group"
        case 57: "bearer capability not authorized"
        case 58: "bearer capability not presently available"
        case 62: "inconsistent outgoing access information and subscriber class"
        case 63: "service or option not available, unspecified"
        case 65: "bearer capability not implemented"
        case 66: "channel type not implemented"
        case 69: "requested facility not implemented"
        case 70: "only restricted digital information available"
        case 79: "service or option not implemented, unspecified"
        default: "unassigned"
        }
    }

    private var protocolName: String {
        switch rawValue {
        case 81: "invalid call reference value"
        case 82: "identified channel does not exist"
        case 83: "a suspended call exists, but not with this identity"
        case 84: "call identity in use"
        case 85: "no call suspended"
        case 86: "the call with the requested identity has been cleared"
        case 87: "user not member of the closed user group"
        case 88: "incompatible destination"
        case 90: "non-existent closed user group"
        case 91: "invalid transit network selection"
        case 95: "invalid message, unspecified"
        case 96: "mandatory information element missing"
        case 97: "message type non-existent or not implemented"
        case 98: "message not compatible with call state, or not implemented"
        case 99: "information element non-existent or not implemented"
        case 100: "invalid information element contents"
        case 101: "message not compatible with call state"
        case 102: "recovery on timer expiry"
        case 103: "parameter non-existent or not implemented, passed on"
        case 110: "message with unrecognized parameter, discarded"
        case 111: "protocol error, unspecified"
        case 127: "interworking, unspecified"
        default: "unassigned"
        }
    }
}

extension CauseLocation: CustomStringConvertible {
    package var description: String {
        switch self {
        case .user: "user"
        case .privateNetworkLocal: "private network of the local user"
        case .publicNetworkLocal: "public network of the local user"
        case .transitNetwork: "transit network"
        case .publicNetworkRemote: "public network of the remote user"
        case .privateNetworkRemote: "private network of the remote user"
        case .internationalNetwork: "international network"
        case .beyondInterworkingPoint: "network beyond an interworking point"
        }
    }
}
