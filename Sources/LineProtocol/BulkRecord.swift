// SPDX-License-Identifier: GPL-2.0-or-later

/// What travels on the bulk lane, where the oldest is dropped when nobody reads.
package enum BulkRecord: Hashable, Sendable {
    /// How many records were dropped since the lane was opened; sent when it grows.
    case dropped(UInt64)
    /// A LAPD frame without its FCS.
    case frame(SpanID, FrameDirection, wallNanoseconds: UInt64, [UInt8])
    case log(LogLevel, String)
    /// Every second: the values of `LineCounter.allCases`, in order.
    case counters([UInt64])
    /// Every ten seconds, for a leg whose channel is bridged.
    case facts(LegID, MediaFacts)
}

package enum FrameDirection: UInt8, Hashable, Sendable, CaseIterable {
    case received
    case sent
}

package enum LogLevel: UInt8, Hashable, Sendable, CaseIterable {
    case debug
    case info
    case warning
    case error
}
