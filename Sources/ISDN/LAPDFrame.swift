// SPDX-License-Identifier: GPL-2.0-or-later

/// The address and control fields of a frame on the D channel, modulo 128 (ITU-T Q.921 section 3).
package struct LAPDFrame: Hashable, Sendable {
    /// 0: call control; 63: management of layer 2.
    package var serviceAccessPoint: UInt8
    /// 0 on a primary rate access; 127 for everyone.
    package var terminalEndpoint: UInt8
    /// The C/R bit. A command carries 1 from network to user, 0 from user to network; a response the opposite.
    package var commandResponse: Bool
    package var control: Control
    /// Where the information field begins; at the frame's end when there is none.
    package var informationOffset: Int

    package enum Control: Hashable, Sendable {
        case information(sent: UInt8, received: UInt8, poll: Bool)
        case receiveReady(received: UInt8, pollFinal: Bool)
        case receiveNotReady(received: UInt8, pollFinal: Bool)
        case reject(received: UInt8, pollFinal: Bool)
        case setAsynchronousBalancedModeExtended(poll: Bool)
        case disconnectedMode(final: Bool)
        case unnumberedInformation(poll: Bool)
        case disconnect(poll: Bool)
        case unnumberedAcknowledgement(final: Bool)
        case frameReject(final: Bool)
        case exchangeIdentification(pollFinal: Bool)
    }

    /// Why octets are no frame.
    package enum Refusal: Error, Hashable, Sendable {
        case tooShort
        /// The address field's extension bits do not make two octets.
        case badAddress
        /// A control field Q.921 does not define.
        case unknownControl
    }

    /// Reads a frame without flags and FCS.
    package init(_ frame: [UInt8]) throws(Refusal) {
        guard frame.count >= 3 else { throw .tooShort }
        guard frame[0] & 1 == 0, frame[1] & 1 == 1 else { throw .badAddress }
        serviceAccessPoint = frame[0] >> 2
        commandResponse = frame[0] & 2 != 0
        terminalEndpoint = frame[1] >> 1
        if frame[2] & 3 == 3 {
            control = try Self.unnumbered(frame[2])
            informationOffset = 3
            return
        }
        guard frame.count >= 4 else { throw .tooShort }
        let received = frame[3] >> 1
        let pollFinal = frame[3] & 1 != 0
        informationOffset = 4
        if frame[2] & 1 == 0 {
            control = .information(sent: frame[2] >> 1, received: received, poll: pollFinal)
            return
        }
        switch frame[2] {
        case 0x01: control = .receiveReady(received: received, pollFinal: pollFinal)
        case 0x05: control = .receiveNotReady(received: received, pollFinal: pollFinal)
        case 0x09: control = .reject(received: received, pollFinal: pollFinal)
        default: throw .unknownControl
        }
    }

    private static func unnumbered(_ octet: UInt8) throws(Refusal) -> Control {
        let pollFinal = octet & 0x10 != 0
        return switch octet & 0xEF {
        case 0x6F: .setAsynchronousBalancedModeExtended(poll: pollFinal)
        case 0x0F: .disconnectedMode(final: pollFinal)
        case 0x03: .unnumberedInformation(poll: pollFinal)
        case 0x43: .disconnect(poll: pollFinal)
        case 0x63: .unnumberedAcknowledgement(final: pollFinal)
        case 0x87: .frameReject(final: pollFinal)
        case 0xAF: .exchangeIdentification(pollFinal: pollFinal)
        default: throw .unknownControl
        }
    }

    /// Whether the information field is a message of layer 3: an I or UI frame of call control.
    package var carriesCallControl: Bool {
        guard serviceAccessPoint == 0 else { return false }
        switch control {
        case .information, .unnumberedInformation: return true
        case .receiveReady, .receiveNotReady, .reject, .setAsynchronousBalancedModeExtended, .disconnectedMode,
            .disconnect, .unnumberedAcknowledgement, .frameReject, .exchangeIdentification:
            return false
        }
    }

    /// "I", "RR", "SABME": the frame's name in Q.921 table 5.
    package var title: String {
        switch control {
        case .information: "I"
        case .receiveReady: "RR"
        case .receiveNotReady: "RNR"
        case .reject: "REJ"
        case .setAsynchronousBalancedModeExtended: "SABME"
        case .disconnectedMode: "DM"
        case .unnumberedInformation: "UI"
        case .disconnect: "DISC"
        case .unnumberedAcknowledgement: "UA"
        case .frameReject: "FRMR"
        case .exchangeIdentification: "XID"
        }
    }

    /// "N(S) 3 N(R) 4 P", with the SAPI and TEI where they are not 0.
    package var detail: String {
        var words: [String] = []
        if serviceAccessPoint != 0 { words.append("SAPI \(serviceAccessPoint)") }
        if terminalEndpoint != 0 { words.append("TEI \(terminalEndpoint)") }
        switch control {
        case .information(let sent, let received, let poll):
            words.append("N(S) \(sent) N(R) \(received)")
            if poll { words.append("P") }
        case .receiveReady(let received, let pollFinal), .receiveNotReady(let received, let pollFinal),
            .reject(let received, let pollFinal):
            words.append("N(R) \(received)")
            if pollFinal { words.append("P/F") }
        case .setAsynchronousBalancedModeExtended(true), .unnumberedInformation(true), .disconnect(true):
            words.append("P")
        case .disconnectedMode(true), .unnumberedAcknowledgement(true), .frameReject(true):
            words.append("F")
        case .exchangeIdentification(true):
            words.append("P/F")
        case .setAsynchronousBalancedModeExtended(false), .unnumberedInformation(false), .disconnect(false),
            .disconnectedMode(false), .unnumberedAcknowledgement(false), .frameReject(false),
            .exchangeIdentification(false):
            break
        }
        return words.joined(separator: " ")
    }
}
