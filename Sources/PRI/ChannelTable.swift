// SPDX-License-Identifier: GPL-2.0-or-later
package import ISDN
package import LineProtocol

/// The B channels of one span: who holds each, which are being restarted, which is free.
///
/// RESTART goes out for one channel at a time, the next when the one before is acknowledged (Q.931 section 5.5), since libpri
/// remembers only one.
package struct ChannelTable: Sendable {
    package struct Use: Hashable, Sendable {
        package var leg: LegID
        /// Setting up, connected or clearing.
        package var state: ChannelState

        package init(leg: LegID, state: ChannelState) {
            self.leg = leg
            self.state = state
        }
    }

    package struct Change: Hashable, Sendable {
        package var timeslot: UInt8
        package var state: ChannelState
        package var leg: LegID?
    }

    /// Layer 2 is up.
    package var isUp = false
    private var uses: [UInt8: Use] = [:]
    private var awaitingRestart: [UInt8] = []
    package private(set) var restarting: UInt8?
    private var reported: [UInt8: Change] = [:]

    package init() {}

    package subscript(timeslot: UInt8) -> Use? { uses[timeslot] }

    package func state(of timeslot: UInt8) -> ChannelState {
        if let use = uses[timeslot] { return use.state }
        if !isUp { return .unavailable }
        return restarting == timeslot || awaitingRestart.contains(timeslot) ? .restarting : .idle
    }

    /// The first free channel from one end.
    package func free(_ order: HuntOrder) -> UInt8? {
        switch order {
        case .lowest: PrimaryRateE1.bChannels.first { state(of: $0) == .idle }
        case .highest: PrimaryRateE1.bChannels.last { state(of: $0) == .idle }
        }
    }

    package mutating func take(_ timeslot: UInt8, for leg: LegID) {
        uses[timeslot] = Use(leg: leg, state: .settingUp)
        // A call on it shows that it works.
        awaitingRestart.removeAll { $0 == timeslot }
    }

    package mutating func set(_ state: ChannelState, of timeslot: UInt8, for leg: LegID) {
        guard uses[timeslot]?.leg == leg else { return }
        uses[timeslot]?.state = state
    }

    package mutating func release(_ timeslot: UInt8, by leg: LegID) {
        guard uses[timeslot]?.leg == leg else { return }
        uses[timeslot] = nil
    }

    /// Channels to restart; those in use or waiting already are left out.
    package mutating func requestRestart(of timeslots: [UInt8]) {
        for timeslot in timeslots
        where uses[timeslot] == nil && restarting != timeslot && !awaitingRestart.contains(timeslot) {
            awaitingRestart.append(timeslot)
        }
    }

    /// The next channel to send RESTART for, when none is under way.
    package mutating func nextRestart() -> UInt8? {
        guard isUp, restarting == nil, !awaitingRestart.isEmpty else { return nil }
        restarting = awaitingRestart.removeFirst()
        return restarting
    }

    package mutating func restarted(_ timeslot: UInt8) {
        if restarting == timeslot { restarting = nil }
    }

    /// The far end does not answer RESTART: all are taken as free.
    package mutating func abandonRestarts() {
        restarting = nil
        awaitingRestart = []
    }

    /// Layer 2 went down: what was under way is begun anew when it is back.
    package mutating func suspendRestarts() {
        guard let timeslot = restarting else { return }
        restarting = nil
        awaitingRestart.insert(timeslot, at: 0)
    }

    package var isRestarting: Bool { restarting != nil || !awaitingRestart.isEmpty }

    /// What changed since it was last asked.
    package mutating func changes() -> [Change] {
        var changes: [Change] = []
        for timeslot in PrimaryRateE1.bChannels {
            let now = Change(timeslot: timeslot, state: state(of: timeslot), leg: uses[timeslot]?.leg)
            if reported[timeslot] != now {
                reported[timeslot] = now
                changes.append(now)
            }
        }
        return changes
    }
}
