// SPDX-License-Identifier: GPL-2.0-or-later
package import ISDN
package import LineProtocol

/// One connection to the call lane's socket, numbered as it was accepted.
package struct LaneID: Hashable, Sendable, Comparable {
    package var number: UInt64

    package init(_ number: UInt64) {
        self.number = number
    }

    package static func < (a: LaneID, b: LaneID) -> Bool { a.number < b.number }
}

/// The two clocks an event is stamped with, in nanoseconds.
package struct LineTime: Hashable, Sendable {
    package var monotonic: UInt64
    package var wall: UInt64

    package init(monotonic: UInt64, wall: UInt64) {
        self.monotonic = monotonic
        self.wall = wall
    }
}

/// What the session has its owner do, in this order.
package enum LineSessionAction: Hashable, Sendable {
    case send(LaneID, NumberedEvent)
    /// After what was sent to it has left, or could not.
    case close(LaneID)
    /// For libpri's thread or the media engine.
    case execute(LineCommand)
    /// Clears a call because no control program is there, or because the program ends.
    case clear(LegID, Cause)
    case count(LineCounter)
    /// The program ends now.
    case end
}
