// SPDX-License-Identifier: GPL-2.0-or-later
import ISDN
import LineProtocol
import Spans

/// The spans' drivers, made as they are configured.
struct SpanTable {
    /// One span ready for libpri's thread and the media thread.
    struct Made {
        var configuration: SpanConfiguration
        var driver: any SpanDriver
        var dChannel: any DChannel
        var monitor: any SpanMonitor
    }

    enum Answer {
        /// New spans: one, or both ends of a loop.
        case made([Made])
        /// Known already; nothing the driver depends on has changed.
        case known(Made)
        /// A loop waits for its other end.
        case waiting
    }

    private var made: [SpanID: Made] = [:]
    private var waiting: [SpanID: SpanConfiguration] = [:]

    mutating func configure(_ span: SpanConfiguration) throws(SpanError) -> Answer {
        if var known = made[span.id] {
            let old = known.configuration
            guard old.driver == span.driver, old.role == span.role, old.law == span.law else {
                throw SpanError(
                    "span \(span.name): its driver, role and law cannot change while the line program runs: "
                        + "end trunkgate-line and start again")
            }
            known.configuration = span
            made[span.id] = known
            return .known(known)
        }
        switch span.driver {
        case .pseudowire(let configuration):
            let driver = try PseudowireSpan(configuration, role: span.role, law: span.law)
            return .made([
                keep(
                    Made(
                        configuration: span, driver: driver, dChannel: driver.dChannel, monitor: driver.status))
            ])
        case .loop(let peer):
            return try configureLoop(span, peer: peer)
        }
    }

    /// Of the spans, layer 1 and what the drivers counted.
    func addCounters(into counters: inout [UInt64]) {
        for span in made.values { span.monitor.addCounters(into: &counters) }
    }

    private mutating func configureLoop(_ span: SpanConfiguration, peer: SpanID) throws(SpanError) -> Answer {
        guard peer != span.id else { throw SpanError("span \(span.name): a loop needs two spans, not one with itself") }
        guard made[peer] == nil else { throw SpanError("span \(span.name): the other end, span \(peer), is in use") }
        guard let other = waiting[peer] else {
            waiting[span.id] = span
            return .waiting
        }
        guard other.driver == .loop(peer: span.id) else {
            throw SpanError("span \(span.name): span \(peer) is the end of another loop")
        }
        guard other.role != span.role else {
            throw SpanError(
                "span \(span.name): one end of a loop must be the network side (nt), the other the user side (te)")
        }
        guard other.law == span.law else { throw SpanError("span \(span.name): both ends of a loop must have one law") }
        let (a, b) = try LoopSpan.makePair(idle: span.law == .aLaw ? 0xD5 : 0xFF)
        waiting[peer] = nil
        waiting[span.id] = nil
        return .made([
            keep(Made(configuration: other, driver: a, dChannel: a.dChannel, monitor: a.status)),
            keep(Made(configuration: span, driver: b, dChannel: b.dChannel, monitor: b.status)),
        ])
    }

    private mutating func keep(_ span: Made) -> Made {
        made[span.configuration.id] = span
        return span
    }
}
