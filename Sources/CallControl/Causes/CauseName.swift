// SPDX-License-Identifier: GPL-2.0-or-later
package import ISDN

extension Cause {
    /// As Q.850 names it; an unlisted value has the name of its class's last member (Q.850 section 2.2.5).
    package var name: String {
        if let name = Self.names[rawValue] { return name }
        return switch rawValue {
        case ..<32: "Normal, unspecified"
        case ..<48: "Resource unavailable, unspecified"
        case ..<64: "Service or option not available, unspecified"
        case ..<80: "Service or option not implemented, unspecified"
        case ..<96: "Invalid message, unspecified"
        case ..<112: "Protocol error, unspecified"
        default: "Interworking, unspecified"
        }
    }

    /// What RFC 3398 gives for 405 and Q.850 calls "service or option not available, unspecified".
    static let serviceUnavailable = Cause(rawValue: 63) ?? .serviceNotImplemented

    private static let names: [UInt8: String] = [
        1: "Unallocated number", 2: "No route to specified transit network", 3: "No route to destination",
        4: "Send special information tone", 5: "Misdialled trunk prefix", 6: "Channel unacceptable",
        7: "Call awarded and being delivered in an established channel", 8: "Preemption",
        9: "Preemption, circuit reserved for reuse", 16: "Normal call clearing", 17: "User busy",
        18: "No user responding", 19: "No answer from user", 20: "Subscriber absent", 21: "Call rejected",
        22: "Number changed", 23: "Redirection to new destination", 25: "Exchange routing error",
        26: "Non-selected user clearing", 27: "Destination out of order", 28: "Invalid number format",
        29: "Facility rejected", 30: "Response to STATUS ENQUIRY", 31: "Normal, unspecified",
        34: "No circuit/channel available", 38: "Network out of order",
        39: "Permanent frame mode connection out of service", 40: "Permanent frame mode connection operational",
        41: "Temporary failure", 42: "Switching equipment congestion", 43: "Access information discarded",
        44: "Requested circuit/channel not available", 46: "Precedence call blocked",
        47: "Resource unavailable, unspecified", 49: "Quality of service not available",
        50: "Requested facility not subscribed", 53: "Outgoing calls barred within CUG",
        55: "Incoming calls barred within CUG", 57: "Bearer capability not authorized",
        58: "Bearer capability not presently available", 62: "Inconsistency in access information",
        63: "Service or option not available, unspecified", 65: "Bearer capability not implemented",
        66: "Channel type not implemented", 69: "Requested facility not implemented",
        70: "Only restricted digital information bearer capability is available",
        79: "Service or option not implemented, unspecified", 81: "Invalid call reference value",
        82: "Identified channel does not exist", 83: "A suspended call exists, but this call identity does not",
        84: "Call identity in use", 85: "No call suspended", 86: "Call having the requested identity has been cleared",
        87: "User not member of CUG", 88: "Incompatible destination", 90: "Non-existent CUG",
        91: "Invalid transit network selection", 95: "Invalid message, unspecified",
        96: "Mandatory information element is missing", 97: "Message type non-existent or not implemented",
        98: "Message not compatible with call state or non-existent", 99: "Information element non-existent",
        100: "Invalid information element contents", 101: "Message not compatible with call state",
        102: "Recovery on timer expiry", 103: "Parameter non-existent, passed on",
        110: "Message with unrecognized parameter, discarded", 111: "Protocol error, unspecified",
        127: "Interworking, unspecified",
    ]
}
