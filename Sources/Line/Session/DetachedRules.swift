// SPDX-License-Identifier: GPL-2.0-or-later
import ISDN
import LineProtocol

/// What becomes of calls while no control program is attached. Nanoseconds.
///
/// | leg | becomes |
/// |---|---|
/// | connected | goes on; cleared when its RTP, not on hold, is silent for a minute, or after ten minutes alone |
/// | being set up when the control program went | cleared with cause 41 after 5 s |
/// | arrived since | held 2 s for a control program to come, then cause 42 |
/// | being cleared | left to Q.931's timers |
package enum DetachedRules {
    package static let otherLegs: UInt64 = 5_000_000_000
    package static let newLegs: UInt64 = 2_000_000_000
    package static let silence: UInt64 = 60_000_000_000
    package static let everything: UInt64 = 600_000_000_000

    /// When a leg is to be cleared and with which cause, if nobody comes; nil for one that is being cleared.
    static func verdict(
        on leg: LegBook.Leg, aloneSince: UInt64, onHold: Bool
    ) -> (deadline: UInt64, cause: Cause)? {
        if leg.clearing { return nil }
        let last = aloneSince &+ everything
        if leg.connected {
            guard leg.endpoint != nil, !onHold else { return (last, .temporaryFailure) }
            return (min(last, max(leg.lastPacket, aloneSince) &+ silence), .temporaryFailure)
        }
        if leg.since > aloneSince { return (min(last, leg.since &+ newLegs), .switchingEquipmentCongestion) }
        return (min(last, aloneSince &+ otherLegs), .temporaryFailure)
    }
}

extension LegBook {
    /// The legs to clear now, and when to look again.
    func overdue(aloneSince: UInt64, now: UInt64) -> (clear: [(leg: LegID, cause: Cause)], next: UInt64?) {
        var clear: [(leg: LegID, cause: Cause)] = []
        var next: UInt64?
        for (id, leg) in legs.sorted(by: { $0.key < $1.key }) {
            let hears = leg.endpoint.flatMap { endpoints[$0]?.hears } ?? false
            guard let verdict = DetachedRules.verdict(on: leg, aloneSince: aloneSince, onHold: !hears) else {
                continue
            }
            if verdict.deadline <= now {
                clear.append((id, verdict.cause))
            } else {
                next = min(next ?? .max, verdict.deadline)
            }
        }
        return (clear, next)
    }
}
