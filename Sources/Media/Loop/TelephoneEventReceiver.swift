// SPDX-License-Identifier: GPL-2.0-or-later
import RTP

/// Makes of RFC 4733 event packets, in any number and order, the digits they mean and when their tone sounds.
///
/// An event is known by its timestamp: repeated packets lengthen it, the first with the end bit gives its duration. An event
/// whose end never comes ends after 200 ms without a packet, or with the next event. The tone lasts as long as the event, but
/// at least 50 ms; 40 ms of silence keep it from the next. A duration that runs more than 200 ms ahead of the time since the
/// event's first packet is not believed.
struct TelephoneEventReceiver: BitwiseCopyable {
    enum Step: BitwiseCopyable {
        case none
        /// The tone begins in this tick.
        case began(DTMFDigit)
        case sounding
        /// The tone ended with the tick before.
        case ended(DTMFDigit, milliseconds: Int)
        /// Between two tones.
        case gap
    }

    private struct Event: BitwiseCopyable {
        var digit: DTMFDigit
        /// In samples.
        var duration: Int
        var hasEnded: Bool
        /// The tick of its first packet.
        var firstTick: Int
    }

    private static var shortestToneTicks: Int { @_noAllocation @_noLocks get { 5 } }
    private static var gapTicks: Int { @_noAllocation @_noLocks get { 4 } }
    private static var patienceTicks: Int { @_noAllocation @_noLocks get { 20 } }

    private var queue = InlineArray<16, Event>(
        repeating: Event(digit: .zero, duration: 0, hasEnded: true, firstTick: 0))
    private var head = 0
    private var count = 0
    private var newestTimestamp: UInt32?
    private var now = 0
    private var ticksSincePacket = 0
    private var toneTicks = 0
    private var gap = 0

    @_noAllocation @_noLocks
    init() {}

    /// The source began anew: its timestamps are no longer comparable.
    @_noAllocation @_noLocks
    mutating func restart() {
        endNewest()
        newestTimestamp = nil
    }

    /// Whether a tone sounds or waits.
    var isBusy: Bool { @_noAllocation @_noLocks get { count > 0 } }

    /// True when the packet began a new digit.
    @_noAllocation @_noLocks
    mutating func receive(_ event: TelephoneEvent, timestamp: UInt32) -> Bool {
        guard let digit = DTMFDigit.from(event: event.event) else { return false }
        if let newest = newestTimestamp {
            let age = Int32(bitPattern: timestamp &- newest)
            if age == 0 {
                guard count > 0 else { return false }
                let place = (head &+ count &- 1) & 15
                guard !queue[place].hasEnded else { return false }
                let believed = min(Int(event.duration), (now &- queue[place].firstTick &+ 20) &* 80)
                queue[place].duration = max(queue[place].duration, believed)
                queue[place].hasEnded = event.end
                ticksSincePacket = 0
                return false
            }
            // One that was overtaken by the next event.
            if age < 0, age > -80_000 { return false }
        }
        endNewest()
        newestTimestamp = timestamp
        ticksSincePacket = 0
        guard count < 16 else { return false }
        queue[(head &+ count) & 15] = Event(
            digit: digit, duration: min(Int(event.duration), 20 &* 80), hasEnded: event.end, firstTick: now)
        count &+= 1
        return true
    }

    @_noAllocation @_noLocks
    private mutating func endNewest() {
        if count > 0 { queue[(head &+ count &- 1) & 15].hasEnded = true }
    }

    @_noAllocation @_noLocks
    mutating func advance() -> Step {
        now &+= 1
        if gap > 0 {
            gap &-= 1
            if gap > 0 { return .gap }
        }
        guard count > 0 else { return .none }
        ticksSincePacket = min(ticksSincePacket &+ 1, 1_000)
        if ticksSincePacket > Self.patienceTicks { endNewest() }
        let event = queue[head & 15]
        if toneTicks == 0 {
            toneTicks = 1
            return .began(event.digit)
        }
        if event.hasEnded, toneTicks >= Self.shortestToneTicks, toneTicks &* 80 >= event.duration {
            head = (head &+ 1) & 15
            count &-= 1
            toneTicks = 0
            gap = Self.gapTicks
            return .ended(event.digit, milliseconds: event.duration / 8)
        }
        toneTicks = min(toneTicks &+ 1, 1_000_000)
        return .sounding
    }
}
