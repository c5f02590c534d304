// SPDX-License-Identifier: GPL-2.0-or-later

/// What a network says about the audio and the path of a call (Q.931 section 4.5.23).
package struct ProgressIndicator: Hashable, Sendable {
    package var description: ProgressDescription
    package var location: CauseLocation

    package init(_ description: ProgressDescription, location: CauseLocation = .publicNetworkLocal) {
        self.description = description
        self.location = location
    }
}

package enum ProgressDescription: UInt8, Hashable, Sendable, CaseIterable {
    /// The call is not end-to-end ISDN: further progress may be in-band.
    case notEndToEndISDN = 1
    case destinationNotISDN = 2
    case originNotISDN = 3
    case returnedToISDN = 4
    case serviceChange = 5
    /// In-band information or an appropriate pattern is now available.
    case inbandInformation = 8

    /// Whether audio on the B channel is meant for the caller before CONNECT (RFC 3398 section 7.2.5 reads 1 and 8 so).
    package var announcesAudio: Bool { self == .notEndToEndISDN || self == .inbandInformation }
}
