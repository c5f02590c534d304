// SPDX-License-Identifier: GPL-2.0-or-later

/// An answer of `LadderBook`: a stretch of a ladder.
package struct LadderPage: Sendable, Codable, Hashable {
    package var entries: [LadderEntry]
    /// How many entries of these calls were dropped to stay within bounds.
    package var omitted: UInt64
    /// The number of the last entry written by then: ask for what comes after it next time.
    package var latest: UInt64

    package init(entries: [LadderEntry], omitted: UInt64, latest: UInt64) {
        self.entries = entries
        self.omitted = omitted
        self.latest = latest
    }
}
