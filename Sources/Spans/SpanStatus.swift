// SPDX-License-Identifier: GPL-2.0-or-later
package import LineProtocol
import Synchronization

/// Layer 1 and the counters of one span: written by its driver, read by anyone.
package final class SpanStatus: SpanMonitor {
    /// What a driver counts.
    enum Counter {
        case received, sent, malformed, foreign, lost, reordered, late, hdlcErrors, ringOverflows
    }

    private let state: Atomic<UInt8>
    private let received = Atomic<UInt64>(0)
    private let sent = Atomic<UInt64>(0)
    private let malformed = Atomic<UInt64>(0)
    private let foreign = Atomic<UInt64>(0)
    private let lost = Atomic<UInt64>(0)
    private let reordered = Atomic<UInt64>(0)
    private let late = Atomic<UInt64>(0)
    private let hdlcErrors = Atomic<UInt64>(0)
    private let ringOverflows = Atomic<UInt64>(0)

    package init(layer1: Layer1State) {
        state = Atomic(layer1.rawValue)
    }

    package var layer1: UInt8 { state.load(ordering: .relaxed) }

    func set(_ layer1: Layer1State) {
        state.store(layer1.rawValue, ordering: .relaxed)
    }

    func count(_ counter: Counter, by amount: UInt64 = 1) {
        switch counter {
        case .received: received.wrappingAdd(amount, ordering: .relaxed)
        case .sent: sent.wrappingAdd(amount, ordering: .relaxed)
        case .malformed: malformed.wrappingAdd(amount, ordering: .relaxed)
        case .foreign: foreign.wrappingAdd(amount, ordering: .relaxed)
        case .lost: lost.wrappingAdd(amount, ordering: .relaxed)
        case .reordered: reordered.wrappingAdd(amount, ordering: .relaxed)
        case .late: late.wrappingAdd(amount, ordering: .relaxed)
        case .hdlcErrors: hdlcErrors.wrappingAdd(amount, ordering: .relaxed)
        case .ringOverflows: ringOverflows.wrappingAdd(amount, ordering: .relaxed)
        }
    }

    package func addCounters(into counters: inout [UInt64]) {
        func add(_ counter: LineCounter, _ value: borrowing Atomic<UInt64>) {
            guard counters.indices.contains(counter.rawValue) else { return }
            counters[counter.rawValue] &+= value.load(ordering: .relaxed)
        }
        add(.pseudowireReceived, received)
        add(.pseudowireSent, sent)
        add(.pseudowireMalformed, malformed)
        add(.pseudowireForeign, foreign)
        add(.pseudowireLost, lost)
        add(.pseudowireReordered, reordered)
        add(.pseudowireLate, late)
        add(.hdlcErrors, hdlcErrors)
        add(.ringOverflows, ringOverflows)
    }
}
