// SPDX-License-Identifier: GPL-2.0-or-later

/// The audio half of a span, owned by the media thread: blocks of 10 ms of every timeslot in and out.
///
/// It fits one socket per span and one descriptor per channel alike: the loop waits on `descriptors` until `nextDeadline`,
/// calls `service`, and runs as many ticks as came due, each between `beginTick` and `endTick`. Nothing here allocates
/// after the driver was made.
package protocol SpanDriver: AnyObject {
    /// Timeslots carried, counted from 1; 31 for E1.
    var timeslots: Int { get }
    /// What to wait for becoming readable. May be empty for a driver that runs on time alone.
    var descriptors: [Int32] { get }
    /// Monotonic nanoseconds at which `service` wants to be called even if nothing became readable.
    var nextDeadline: UInt64 { get }
    /// Takes what has arrived and answers how many ticks are due by the span's clock.
    func service(now: UInt64) -> Int
    /// Makes the next received block current.
    func beginTick()
    /// 80 octets for each timeslot, slot 1 first. Valid from `beginTick` to `endTick`.
    var received: UnsafePointer<UInt8> { get }
    /// 80 octets for each timeslot, slot 1 first, idle to begin with. The D channel's slot is the driver's own business.
    var transmit: UnsafeMutablePointer<UInt8> { get }
    /// Sends the transmit block.
    func endTick()
}

/// What layer 1 of a span says of itself, readable from any thread.
package protocol SpanMonitor: AnyObject, Sendable {
    /// `Layer1State` of the line protocol, by raw value.
    var layer1: UInt8 { get }
    /// The values of the counters this driver keeps, by raw value of `LineCounter`.
    func addCounters(into counters: inout [UInt64])
}

/// The octets in one timeslot in one tick of 10 ms.
package let octetsPerTick = 80
