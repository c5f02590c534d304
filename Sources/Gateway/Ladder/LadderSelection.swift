// SPDX-License-Identifier: GPL-2.0-or-later

/// Which calls a trace is about.
package enum LadderSelection: Sendable, Hashable {
    /// The call that began last.
    case lastCall
    case call(UInt32)
    /// Every call, and what belongs to none.
    case everything
}
