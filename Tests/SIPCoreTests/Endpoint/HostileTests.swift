// SPDX-License-Identifier: GPL-2.0-or-later
import Foundation
import SIPCore
import SIPMessages
import Testing

/// Anything may come from the network at any time: the endpoint answers or drops it, and forgets it again.
@Suite("Hostile messages")
struct HostileTests {
    static let corpora: [[UInt8]] = {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Corpora")
        return ["rfc4475", "rfc5118"].flatMap { folder in
            let directory = root.appending(path: folder)
            let names = (try? FileManager.default.contentsOfDirectory(atPath: directory.path())) ?? []
            return names.filter { $0.hasSuffix(".dat") }.sorted()
                .compactMap { try? [UInt8](Data(contentsOf: directory.appending(path: $0))) }
        }
    }()

    @Test("the torture messages are answered or dropped, and nothing is left of them")
    func torture() {
        #expect(Self.corpora.count == 61)
        var bench = Bench()
        for bytes in Self.corpora { bench.receive(bytes: bytes) }
        for event in bench.events {
            switch event {
            case .inviteReceived(let id, _, _): bench.perform { $0.respond(id, 486, now: $1) }
            case .optionsReceived(let id, _, _), .registerReceived(let id, _, _):
                bench.perform { $0.respond(to: id, 200, now: $1) }
            default: Issue.record("unexpected \(name(event))")
            }
        }
        bench.wait(200 * second)
        #expect(bench.endpoint.transactionCount == 0 && bench.endpoint.sessionCount == 0)
        #expect(bench.endpoint.timerCount == 0)
        #expect(bench.names.contains("inviteReceived") && bench.names.contains("registerReceived"))
    }

    /// Damages every message of real calls on its way, both directions.
    @Test("calls whose messages are damaged on the way end on both sides")
    func damagedCalls() {
        for seed in UInt64(1)...150 {
            var generator = SeededGenerator(state: seed)
            var pair = Pair(seed: seed)
            pair.damage = { bytes in
                guard Int.random(in: 0..<100, using: &generator) < 40, !bytes.isEmpty else { return bytes }
                var bytes = bytes
                let at = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: bytes[at] = UInt8.random(in: 0...255, using: &generator)
                case 1: bytes.removeSubrange(at..<min(bytes.count, at + Int.random(in: 1...30, using: &generator)))
                case 2: bytes.insert(contentsOf: bytes[at...].prefix(20), at: at)
                default: bytes = Array(bytes.prefix(at))
                }
                return bytes
            }
            let id = pair.call()
            pair.drive(for: 40 * second, CallTests.answer)
            pair.perform(.caller) { _ = $0.reinvite(id, body: [1], now: $1) }
            pair.drive(for: 40 * second, CallTests.answer)
            pair.perform(.caller) { $0.bye(id, now: $1) }
            pair.drive(for: 80 * second, CallTests.answer)
            for (_, side, event) in pair.events {
                if case .inviteReceived(let session, _, _) = event { pair.perform(side) { $0.bye(session, now: $1) } }
            }
            pair.drive(for: 200 * second, CallTests.answer)
            let leftOver = pair.leftOver
            #expect(leftOver == "", "seed \(seed)")
        }
    }

    /// Any command for any session at any time, with messages lost meanwhile.
    @Test("commands in any order do no harm")
    func commands() {
        for seed in UInt64(1)...150 {
            var generator = SeededGenerator(state: seed &* 77)
            var pair = Pair(seed: seed)
            pair.loss = 20
            var ids: [(Pair.Side, SessionID)] = [(.caller, pair.call(body: seed % 2 == 0 ? [] : [1]))]
            for _ in 0..<30 {
                pair.drive(for: UInt64.random(in: 0...3, using: &generator) * second) { _, side, event in
                    switch event {
                    case .inviteReceived(let id, _, _): ids.append((side, id))
                    default: break
                    }
                }
                let (side, id) = ids.randomElement(using: &generator) ?? ids[0]
                let choice = Int.random(in: 0..<8, using: &generator)
                pair.perform(side) { endpoint, now in
                    switch choice {
                    case 0: endpoint.respond(id, 180, now: now)
                    case 1: endpoint.respond(id, 200, body: [1], now: now)
                    case 2: endpoint.respond(id, 404, now: now)
                    case 3: endpoint.cancel(id, now: now)
                    case 4: endpoint.bye(id, now: now)
                    case 5: _ = endpoint.reinvite(id, body: [1], now: now)
                    case 6: endpoint.acknowledge(id, body: [2], now: now)
                    default: _ = endpoint.snapshot(id)
                    }
                }
            }
            for _ in 0..<3 {
                for (side, id) in ids { pair.perform(side) { $0.bye(id, now: $1) } }
                pair.drive(for: 200 * second)
            }
            let leftOver = pair.leftOver
            #expect(leftOver == "", "seed \(seed)")
            for side in [Pair.Side.caller, .callee] {
                #expect(pair.names(side).filter { $0 == "ended" }.count <= 1, "seed \(seed)")
            }
        }
    }

    @Test("a phone behind an address translator is reached where it sent from")
    func translated() throws {
        var bench = Bench()
        let inside = Bench.request("INVITE").replacing("192.0.2.1:5070", with: "10.0.0.9:5070")
        bench.receive(inside)
        let id = try #require(bench.session)
        bench.perform { $0.respond(id, 200, now: $1) }
        let tag = try #require(bench.sent.last?.message.to.tag)
        bench.receive(Bench.request("ACK", to: tag, branch: "z9hG4bKack"))
        let snapshot = try #require(bench.endpoint.snapshot(id))
        bench.perform { $0.bye(id, now: $1) }
        #expect(bench.sent.last?.destination.description == "udp://192.0.2.1:40000")
        #expect(bench.sent.last?.message.requestURI?.host == "10.0.0.9")
        var other = Bench()
        other.perform { endpoint, now in
            if let id = try? endpoint.restore(snapshot, now: now) { endpoint.bye(id, now: now) }
        }
        #expect(other.sent.last?.destination.description == "udp://192.0.2.1:40000")
    }

    @Test("a Contact that is no SIP address leads back where the INVITE came from")
    func otherContact() throws {
        var bench = Bench()
        bench.receive(Bench.request("INVITE").replacing("<sip:alice@192.0.2.1:5070>", with: "<tel:+1>"))
        let id = try #require(bench.session)
        bench.perform { $0.respond(id, 200, now: $1) }
        let tag = try #require(bench.sent.last?.message.to.tag)
        bench.receive(Bench.request("ACK", to: tag, branch: "z9hG4bKack"))
        bench.perform { $0.bye(id, now: $1) }
        #expect(bench.sent.last?.destination.description == "udp://192.0.2.1:40000")
    }
}
