// SPDX-License-Identifier: GPL-2.0-or-later
import LineProtocol
import Synchronization

/// What libpri's thread counts, readable from any thread.
package final class PRICounters: Sendable {
    enum Counter {
        case framesReceived, framesSent, framesRepaired, framesMalformed, framesOverTurnLimit
        case glare, restartsSent, restartsReceived, spanDown, legsStarted, legsEnded
    }

    private let framesReceived = Atomic<UInt64>(0)
    private let framesSent = Atomic<UInt64>(0)
    private let framesRepaired = Atomic<UInt64>(0)
    private let framesMalformed = Atomic<UInt64>(0)
    private let framesOverTurnLimit = Atomic<UInt64>(0)
    private let glare = Atomic<UInt64>(0)
    private let restartsSent = Atomic<UInt64>(0)
    private let restartsReceived = Atomic<UInt64>(0)
    private let spanDown = Atomic<UInt64>(0)
    private let legsStarted = Atomic<UInt64>(0)
    private let legsEnded = Atomic<UInt64>(0)

    package init() {}

    func count(_ counter: Counter, by amount: UInt64 = 1) {
        switch counter {
        case .framesReceived: framesReceived.wrappingAdd(amount, ordering: .relaxed)
        case .framesSent: framesSent.wrappingAdd(amount, ordering: .relaxed)
        case .framesRepaired: framesRepaired.wrappingAdd(amount, ordering: .relaxed)
        case .framesMalformed: framesMalformed.wrappingAdd(amount, ordering: .relaxed)
        case .framesOverTurnLimit: framesOverTurnLimit.wrappingAdd(amount, ordering: .relaxed)
        case .glare: glare.wrappingAdd(amount, ordering: .relaxed)
        case .restartsSent: restartsSent.wrappingAdd(amount, ordering: .relaxed)
        case .restartsReceived: restartsReceived.wrappingAdd(amount, ordering: .relaxed)
        case .spanDown: spanDown.wrappingAdd(amount, ordering: .relaxed)
        case .legsStarted: legsStarted.wrappingAdd(amount, ordering: .relaxed)
        case .legsEnded: legsEnded.wrappingAdd(amount, ordering: .relaxed)
        }
    }

    /// Adds to the table of all counters, by raw value of `LineCounter`.
    package func addCounters(into counters: inout [UInt64]) {
        func add(_ counter: LineCounter, _ value: borrowing Atomic<UInt64>) {
            guard counters.indices.contains(counter.rawValue) else { return }
            counters[counter.rawValue] &+= value.load(ordering: .relaxed)
        }
        add(.framesReceived, framesReceived)
        add(.framesSent, framesSent)
        add(.framesRepaired, framesRepaired)
        add(.framesMalformed, framesMalformed)
        add(.framesOverTurnLimit, framesOverTurnLimit)
        add(.glare, glare)
        add(.restartsSent, restartsSent)
        add(.restartsReceived, restartsReceived)
        add(.spanDown, spanDown)
        add(.legsStarted, legsStarted)
        add(.legsEnded, legsEnded)
    }
}
