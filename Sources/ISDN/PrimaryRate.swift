// SPDX-License-Identifier: GPL-2.0-or-later

/// The two sides of an ISDN interface (ITU-T I.411): the user's terminal equipment, the network termination.
package enum InterfaceRole: UInt8, Hashable, Sendable, CaseIterable {
    case te = 0
    case nt = 1
}

/// The layer 3 dialect an exchange speaks.
package enum SwitchType: UInt8, Hashable, Sendable, CaseIterable {
    /// ETSI EN 300 403 (Q.931 as Europe uses it).
    case euroISDN = 0
}

/// The order in which a side looks for a free B channel; the two sides of a span take opposite ends so that they rarely meet.
package enum HuntOrder: UInt8, Hashable, Sendable, CaseIterable {
    case lowest = 0
    case highest = 1
}

/// An E1 primary rate access: 31 usable timeslots, the D channel in slot 16 (ITU-T G.704, I.431).
package enum PrimaryRateE1 {
    package static let timeslots: ClosedRange<UInt8> = 1...31
    package static let dChannelTimeslot: UInt8 = 16
    package static let bChannels: [UInt8] = Array(1...15) + Array(17...31)
}
