// SPDX-License-Identifier: GPL-2.0-or-later

/// One information element of a Q.931 message (section 4.5). What this gateway has no use for stays as it came.
package enum InformationElement: Hashable, Sendable {
    case sendingComplete
    case bearer(BearerCapability)
    case cause(Cause, CauseLocation?)
    case callState(UInt8)
    case channel(ChannelIdentification)
    case progress(ProgressIndicator)
    case notification(UInt8)
    case display(String)
    case keypad(String)
    case connected(PartyNumber)
    case calling(PartyNumber)
    case called(PartyNumber)
    case redirecting(PartyNumber)
    case restartIndicator(RestartClass)
    /// Another element, one of another codeset than 0, or one whose contents make no sense (then listed in `flaws`).
    /// A single-octet element has no contents.
    case other(codeset: UInt8, identifier: UInt8, contents: [UInt8])
}

/// What a RESTART begins anew (Q.931 section 4.5.25).
package enum RestartClass: UInt8, Hashable, Sendable, CaseIterable {
    case indicatedChannels = 0
    case singleInterface = 6
    case allInterfaces = 7
}

/// Which B channel a message is about (Q.931 section 4.5.13, primary rate).
package struct ChannelIdentification: Hashable, Sendable {
    package enum Selection: Hashable, Sendable {
        case none
        case any
        /// Timeslots, in ascending order. Empty when the interface itself is meant.
        case timeslots([UInt8])
        /// A basic rate access names its two B channels in the first octet.
        case basicRate(UInt8)
    }

    package var selection: Selection
    /// No other channel will do.
    package var exclusive: Bool
    /// Where several interfaces share one D channel.
    package var interface: UInt8?

    package init(selection: Selection, exclusive: Bool = true, interface: UInt8? = nil) {
        self.selection = selection
        self.exclusive = exclusive
        self.interface = interface
    }
}
