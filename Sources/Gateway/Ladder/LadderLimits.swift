// SPDX-License-Identifier: GPL-2.0-or-later

/// How much a `LadderBook` may keep.
package struct LadderLimits: Sendable, Hashable {
    package var calls: Int
    /// Of entries and messages together, reckoned with what Swift needs to hold them.
    package var octets: Int
    /// Beyond this the middle of a call's ladder is dropped: its beginning and what happened last tell most.
    package var entriesPerCall: Int
    package var messagesPerCall: Int
    /// Messages and entries that belong to no call: registrations, OPTIONS, LAPD frames. Up to a quarter more
    /// of them may be there for a while.
    package var withoutCall: Int

    package init(
        calls: Int = 500, octets: Int = 32 << 20, entriesPerCall: Int = 400, messagesPerCall: Int = 400,
        withoutCall: Int = 4000
    ) {
        self.calls = max(1, calls)
        self.octets = max(1, octets)
        self.entriesPerCall = max(2, entriesPerCall)
        self.messagesPerCall = max(2, messagesPerCall)
        self.withoutCall = max(1, withoutCall)
    }
}
