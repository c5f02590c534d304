// SPDX-License-Identifier: GPL-2.0-or-later
import SIPCore
import SIPMessages
import Testing

@Suite("Sessions written down")
struct SnapshotTests {
    /// A call that is up, with the snapshots of both ends.
    static func call() throws -> (Pair, caller: [UInt8], callee: [UInt8]) {
        var pair = Pair()
        let id = pair.call()
        #expect(pair.caller.snapshot(id) == nil)
        pair.drive(for: second, CallTests.answer)
        guard case .inviteReceived(let other, _, _)? = pair.events.first(where: { $0.side == .callee })?.event else {
            throw SnapshotError.malformed
        }
        let snapshot = try #require(pair.caller.snapshot(id))
        return (pair, snapshot, try #require(pair.callee.snapshot(other)))
    }

    @Test(
        "a call outlives the restart of either end", arguments: [Pair.Side.caller, .callee],
        [Pair.Side.caller, .callee])
    func restart(_ restarted: Pair.Side, _ ends: Pair.Side) throws {
        var (pair, caller, callee) = try Self.call()
        let bytes = restarted == .caller ? caller : callee
        #expect(bytes.count < 1024)
        pair[restarted] = SIPEndpoint(generator: SeededGenerator(state: 99))
        pair.events = []
        var id: SessionID?
        pair.perform(restarted) { id = try? $0.restore(bytes, now: $1) }
        let restored = try #require(id)
        #expect(pair[restarted].snapshot(restored) != nil)
        if ends == restarted {
            pair.perform(ends) { _ = $0.reinvite(restored, body: [1], now: $1) }
            pair.drive(for: second, CallTests.answer)
            #expect(pair.names(ends).contains("reinviteAnswered"))
            pair.perform(ends) { $0.bye(restored, now: $1) }
        } else {
            // The other end's session is the only one it has: ids count up from 1.
            for raw in UInt64(1)...10 { pair.perform(ends) { $0.bye(SessionID(rawValue: raw), now: $1) } }
        }
        pair.drive(for: 100 * second)
        #expect(pair.names(.caller).last == "ended" && pair.names(.callee).last == "ended")
        #expect(pair.caller.sessionCount == 0 && pair.callee.sessionCount == 0)
    }

    @Test("a restored session says the same again, but for the gap in its numbers")
    func roundTrip() throws {
        let (_, _, bytes) = try Self.call()
        var endpoint = SIPEndpoint(generator: SeededGenerator(state: 5))
        let id = try endpoint.restore(bytes, now: 0)
        let again = try #require(endpoint.snapshot(id))
        #expect(again.count == bytes.count)
        #expect(zip(again, bytes).filter { $0 != $1 }.count <= 8)
        #expect(throws: SnapshotError.malformed) { try endpoint.restore(bytes, now: 0) }
    }

    @Test("a snapshot that is cut short or damaged is refused or read, never trapped on")
    func damaged() throws {
        let (_, bytes, _) = try Self.call()
        for count in 0..<bytes.count {
            var endpoint = SIPEndpoint(generator: SeededGenerator(state: 5))
            #expect(throws: SnapshotError.self) { try endpoint.restore(Array(bytes[..<count]), now: 0) }
        }
        var generator = SeededGenerator(state: 11)
        for _ in 0..<5000 {
            var damaged = bytes
            damaged[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            var endpoint = SIPEndpoint(generator: SeededGenerator(state: 5))
            guard let id = try? endpoint.restore(damaged, now: 0) else { continue }
            endpoint.bye(id, now: 0)
            while endpoint.nextOutput() != nil {}
        }
        var endpoint = SIPEndpoint(generator: SeededGenerator(state: 5))
        var other = bytes
        other[7] = 2
        #expect(throws: SnapshotError.unknownVersion) { try endpoint.restore(other, now: 0) }
    }
}
