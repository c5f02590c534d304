// SPDX-License-Identifier: GPL-2.0-or-later
import CallControl
import ISDN
import LineProtocol
import Testing
import TestSupport

@Suite("A call under any sequence of events")
struct EngineFuzzTests {
    /// Whatever came before: everything that still owes a last word says it, and the guard timer does the rest.
    private func finish(_ bench: inout Bench) {
        bench.give(.hangup(.operatorHangup))
        bench.give(.incomingSIP(.ended))
        bench.give(.outgoingSIP(.ended))
        bench.give(.line(.ended(Given.lineLeg, Given.end(.normalCallClearing))))
        bench.give(.line(.ended(Given.ourLeg, Given.end(.normalCallClearing))))
        if bench.timers.contains(.xClearing) { bench.give(.timer(.xClearing)) }
    }

    private func check(_ bench: Bench, _ seed: UInt64) {
        #expect(bench.isFinished, "seed \(seed)")
        #expect(bench.timers.isEmpty, "seed \(seed)")
        #expect(bench.records.count == 1, "seed \(seed)")
        #expect(bench.engine.endpoints.isEmpty, "seed \(seed)")
        #expect(bench.playing.isEmpty, "seed \(seed)")
        guard let record = bench.records.first else { return }
        #expect(record.cause > 0 && record.ended >= record.started, "seed \(seed)")
        if let answered = record.answered { #expect(record.ended >= answered, "seed \(seed)") }
    }

    @Test("nothing is left of it, and the world's rules were kept", arguments: 0..<4)
    func anything(kind: Int) {
        for seed in UInt64(0)..<1_500 {
            var random = SplitMix64(seed: seed << 2 | UInt64(kind))
            var bench =
                switch kind {
                case 0: Bench.fromSIP()
                case 1: Bench.fromSIP(media: nil)
                case 2: Bench.fromLine(role: .te)
                default: Bench.fromLine(role: .nt)
                }
            // Most walks begin as calls do, else they would end too soon to meet anything.
            let opening: [CallInput] =
                kind < 2
                ? [.incomingSIP(.invite(Given.offer, Given.body)), .routed(Given.toLine)]
                : [.line(.incoming(Given.lineLeg, Given.setup)), .routed(Given.toPBX)]
            for input in opening.prefix(Int.random(in: 0...3, using: &random)) { bench.give(input) }
            for _ in 0..<Int.random(in: 1...25, using: &random) {
                if let timer = bench.timers.first, Int.random(in: 0..<12, using: &random) == 0 {
                    bench.give(.timer(timer))
                } else if let input = Seeds.inputs.randomElement(using: &random) {
                    bench.give(input, after: UInt64.random(in: 0...100, using: &random))
                }
            }
            finish(&bench)
            check(bench, seed)
        }
    }
}
