// SPDX-License-Identifier: GPL-2.0-or-later

/// The timers of a call; those of its protocols run below it. Ours begin with `x`.
package enum CallTimerName: UInt8, Hashable, Sendable, CaseIterable {
    /// From the offer to the answer: for terminating legs whose protocol has no such timer.
    case xNoAnswer
    /// From the release until both legs are gone.
    case xClearing
}

/// How long they run.
package struct CallTimerValues: Hashable, Sendable {
    /// Above T301 and T310 together, which are to act first and know more.
    package var noAnswerMilliseconds: UInt32
    /// Above T305 and T308 together, and above the 128 × T1 of a CANCEL that waits for its first response.
    package var clearingMilliseconds: UInt32

    package init(noAnswerMilliseconds: UInt32 = 240_000, clearingMilliseconds: UInt32 = 70_000) {
        self.noAnswerMilliseconds = noAnswerMilliseconds
        self.clearingMilliseconds = clearingMilliseconds
    }

    package func milliseconds(_ timer: CallTimerName) -> UInt32 {
        switch timer {
        case .xNoAnswer: noAnswerMilliseconds
        case .xClearing: clearingMilliseconds
        }
    }
}
