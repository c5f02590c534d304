// SPDX-License-Identifier: GPL-2.0-or-later
package import LineProtocol

/// Events said and not acknowledged, oldest first. `ended` outlives the others: a call record depends on it.
package struct RetainedEvents {
    /// How many of each kind are kept: `ended`, and all others.
    package static let limit = 4_096

    private var others: [NumberedEvent] = []
    private var ends: [NumberedEvent] = []

    package init() {}

    package var count: Int { others.count + ends.count }

    package mutating func append(_ event: NumberedEvent) {
        if case .ended = event.event {
            Self.append(event, to: &ends)
        } else {
            Self.append(event, to: &others)
        }
    }

    package mutating func acknowledge(through sequence: UInt64) {
        others.removeFirst(others.prefix { $0.sequence <= sequence }.count)
        ends.removeFirst(ends.prefix { $0.sequence <= sequence }.count)
    }

    /// All that is kept, by number.
    package var inOrder: [NumberedEvent] {
        (others + ends).sorted { $0.sequence < $1.sequence }
    }

    /// Whether the end of this leg is kept.
    package func hasEnd(of leg: LegID) -> Bool {
        ends.contains {
            if case .ended(leg, _) = $0.event { true } else { false }
        }
    }

    private static func append(_ event: NumberedEvent, to queue: inout [NumberedEvent]) {
        // In one go, so that a control program that never acknowledges costs little.
        if queue.count >= 2 * limit { queue.removeFirst(queue.count - limit + 1) }
        queue.append(event)
    }
}
