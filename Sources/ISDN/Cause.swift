// SPDX-License-Identifier: GPL-2.0-or-later

/// Why a call was refused or cleared: the cause value of ITU-T Q.850, 1 to 127.
///
/// Zero is not a cause; anything else that fits seven bits is kept as it came, since networks send values no table lists.
package struct Cause: RawRepresentable, Hashable, Sendable, CaseIterable {
    package let rawValue: UInt8

    /// Nil outside 1...127.
    package init?(rawValue: UInt8) {
        guard (1...127).contains(rawValue) else { return nil }
        self.rawValue = rawValue
    }

    private init(_ value: UInt8) {
        self.rawValue = value
    }

    package static var allCases: [Cause] { (1...127).map { Cause($0) } }

    package static let unallocatedNumber = Cause(1)
    package static let noRouteToTransitNetwork = Cause(2)
    package static let noRouteToDestination = Cause(3)
    package static let sendSpecialInformationTone = Cause(4)
    package static let channelUnacceptable = Cause(6)
    package static let normalCallClearing = Cause(16)
    package static let userBusy = Cause(17)
    package static let noUserResponding = Cause(18)
    package static let noAnswer = Cause(19)
    package static let subscriberAbsent = Cause(20)
    package static let callRejected = Cause(21)
    package static let numberChanged = Cause(22)
    package static let redirection = Cause(23)
    package static let exchangeRoutingError = Cause(25)
    package static let nonSelectedUserClearing = Cause(26)
    package static let destinationOutOfOrder = Cause(27)
    package static let invalidNumberFormat = Cause(28)
    package static let facilityRejected = Cause(29)
    package static let normalUnspecified = Cause(31)
    package static let noCircuitAvailable = Cause(34)
    package static let networkOutOfOrder = Cause(38)
    package static let temporaryFailure = Cause(41)
    package static let switchingEquipmentCongestion = Cause(42)
    package static let requestedCircuitNotAvailable = Cause(44)
    package static let resourceUnavailable = Cause(47)
    package static let outgoingCallsBarred = Cause(52)
    package static let incomingCallsBarred = Cause(54)
    package static let bearerCapabilityNotAuthorized = Cause(57)
    package static let bearerCapabilityNotAvailable = Cause(58)
    package static let bearerCapabilityNotImplemented = Cause(65)
    package static let onlyRestrictedDigitalAvailable = Cause(70)
    package static let serviceNotImplemented = Cause(79)
    package static let invalidCallReference = Cause(81)
    package static let channelDoesNotExist = Cause(82)
    package static let incompatibleDestination = Cause(88)
    package static let mandatoryElementMissing = Cause(96)
    package static let messageTypeNonExistent = Cause(97)
    package static let messageNotCompatibleWithCallState = Cause(101)
    package static let recoveryOnTimerExpiry = Cause(102)
    package static let protocolError = Cause(111)
    package static let interworkingUnspecified = Cause(127)
}

/// Who generated a cause (Q.850 section 2.2.3).
package enum CauseLocation: UInt8, Hashable, Sendable, CaseIterable {
    case user = 0
    case privateNetworkLocal = 1
    case publicNetworkLocal = 2
    case transitNetwork = 3
    case publicNetworkRemote = 4
    case privateNetworkRemote = 5
    case internationalNetwork = 7
    case beyondInterworkingPoint = 10
}
