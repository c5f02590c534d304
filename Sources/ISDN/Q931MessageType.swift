// SPDX-License-Identifier: GPL-2.0-or-later

/// A message of Q.931 and Q.932, by its type octet; any other value is kept as it came.
package struct Q931MessageType: RawRepresentable, Hashable, Sendable {
    package var rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    package static let alerting = Q931MessageType(rawValue: 0x01)
    package static let callProceeding = Q931MessageType(rawValue: 0x02)
    package static let progress = Q931MessageType(rawValue: 0x03)
    package static let setup = Q931MessageType(rawValue: 0x05)
    package static let connect = Q931MessageType(rawValue: 0x07)
    package static let setupAcknowledge = Q931MessageType(rawValue: 0x0D)
    package static let connectAcknowledge = Q931MessageType(rawValue: 0x0F)
    package static let disconnect = Q931MessageType(rawValue: 0x45)
    package static let restart = Q931MessageType(rawValue: 0x46)
    package static let release = Q931MessageType(rawValue: 0x4D)
    package static let restartAcknowledge = Q931MessageType(rawValue: 0x4E)
    package static let releaseComplete = Q931MessageType(rawValue: 0x5A)
    package static let facility = Q931MessageType(rawValue: 0x62)
    package static let notify = Q931MessageType(rawValue: 0x6E)
    package static let statusEnquiry = Q931MessageType(rawValue: 0x75)
    package static let information = Q931MessageType(rawValue: 0x7B)
    package static let status = Q931MessageType(rawValue: 0x7D)

    /// The standard's name in capitals; nil for a value no table lists (Q.931 table 4-2, Q.932 table 7-1).
    package var name: String? {
        switch rawValue {
        case 0x01: "ALERTING"
        case 0x02: "CALL PROCEEDING"
        case 0x03: "PROGRESS"
        case 0x05: "SETUP"
        case 0x07: "CONNECT"
        case 0x0D: "SETUP ACKNOWLEDGE"
        case 0x0F: "CONNECT ACKNOWLEDGE"
        case 0x20: "USER INFORMATION"
        case 0x21: "SUSPEND REJECT"
        case 0x22: "RESUME REJECT"
        case 0x24: "HOLD"
        case 0x25: "SUSPEND"
        case 0x26: "RESUME"
        case 0x28: "HOLD ACKNOWLEDGE"
        case 0x2D: "SUSPEND ACKNOWLEDGE"
        case 0x2E: "RESUME ACKNOWLEDGE"
        case 0x30: "HOLD REJECT"
        case 0x31: "RETRIEVE"
        case 0x33: "RETRIEVE ACKNOWLEDGE"
        case 0x37: "RETRIEVE REJECT"
        case 0x45: "DISCONNECT"
        case 0x46: "RESTART"
        case 0x4D: "RELEASE"
        case 0x4E: "RESTART ACKNOWLEDGE"
        case 0x5A: "RELEASE COMPLETE"
        case 0x60: "SEGMENT"
        case 0x62: "FACILITY"
        case 0x64: "REGISTER"
        case 0x6E: "NOTIFY"
        case 0x75: "STATUS ENQUIRY"
        case 0x79: "CONGESTION CONTROL"
        case 0x7B: "INFORMATION"
        case 0x7D: "STATUS"
        default: nil
        }
    }
}
