// SPDX-License-Identifier: GPL-2.0-or-later

/// T1, T2 and T4 (RFC 3261 17.1.1.1, table 4), from which every transaction timer follows. Nanoseconds.
package struct SIPTimerValues: Hashable, Sendable {
    /// Round-trip time estimate.
    package var t1: UInt64
    /// The longest interval between retransmissions of a non-INVITE request or an INVITE response.
    package var t2: UInt64
    /// The longest time a message stays in the network.
    package var t4: UInt64

    package init(t1: UInt64 = 500_000_000, t2: UInt64 = 4_000_000_000, t4: UInt64 = 5_000_000_000) {
        self.t1 = t1
        self.t2 = t2
        self.t4 = t4
    }

    /// Timers B, D, F, H, J, L, M and the wait for an ACK.
    package var t1Times64: UInt64 { t1.multipliedReportingOverflow(by: 64).partialValue }

    /// The next interval of a retransmission that doubles up to a limit.
    package static func doubled(_ interval: UInt64, upTo limit: UInt64) -> UInt64 {
        interval > limit / 2 ? limit : interval * 2
    }
}
