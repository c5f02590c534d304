// SPDX-License-Identifier: GPL-2.0-or-later
import Foundation
import Testing

extension SystemTests {
    /// Full spans, many calls, both ends at once.
    @Suite("Load and collisions", .serialized)
    struct Load {
        @Test("thirty calls fill the E1 and the thirty-first is refused with 503 and cause 34")
        func fullSpan() async throws {
            try await withFixture { fixture in
                let sipp = Sipp(fixture: fixture)
                let thirty = try sipp.start(
                    "0207940101", "uac-answered", calls: 30, rate: 10, atOnce: 30, keys: ["HOLD": "12000"])
                #expect(
                    await eventually {
                        try await fixture.show("calls").filter { $0["state"] as? String == "connected" }.count == 30
                    })
                let refused = try await sipp.call("0207940101", "uac-refused", keys: ["STATUS": "503", "CAUSE": "34"])
                #expect(refused.status == 0, "\(refused)\n\(sipp.complaints())")
                let result = try #require(await thirty.wait(seconds: 90))
                #expect(result.status == 0, "\(result)\n\(sipp.complaints())")
                #expect(await fixture.settled())
                #expect(try await fixture.callRecords().count == 31)
            }
        }

        @Test("three hundred calls one after another leave no channel, timer, socket or memory behind")
        func manyCalls() async throws {
            try await withFixture { fixture in
                let sipp = Sipp(fixture: fixture)
                func calls(_ count: Int) async throws {
                    let result = try await sipp.call(
                        "0207940101", "uac-answered", calls: count, rate: 20, atOnce: 1, keys: ["HOLD": "20"],
                        seconds: 300)
                    #expect(result.status == 0, "\(result)\n\(sipp.complaints())")
                    #expect(await fixture.settled())
                }
                try await calls(100)
                let before = try Footprint(of: fixture)
                try await calls(200)
                let after = try Footprint(of: fixture)
                #expect(after.descriptors == before.descriptors)
                // The ladder keeps the last calls by design; what is left must not grow with the number of calls.
                #expect(after.residentKilobytes.gateway < before.residentKilobytes.gateway + 12_000)
                #expect(after.residentKilobytes.line < before.residentKilobytes.line + 1_000)
                #expect(try await fixture.callRecords().count == 300)
            }
        }

        @Test("forty refused calls one after another take no RTP port away from those that follow")
        func manyRefusals() async throws {
            try await withFixture { fixture in
                let sipp = Sipp(fixture: fixture)
                let refused = try await sipp.call(
                    "0207940104", "uac-refused", calls: 40, rate: 20, atOnce: 1, keys: ["STATUS": "404", "CAUSE": "1"],
                    seconds: 120)
                #expect(refused.status == 0, "\(refused)\n\(sipp.complaints())")
                let answered = try await sipp.call("0207940101", "uac-answered", keys: ["HOLD": "500"])
                #expect(answered.status == 0, "\(answered)\n\(sipp.complaints())")
                #expect(await fixture.settled())
                #expect(try await fixture.callRecords().count == 41)
            }
        }

        @Test("both ends taking the last channel at once is counted as glare and answered with 503")
        func glare() async throws {
            var options = Fixture.Options()
            options.gatewayHunt = "lowest"
            try await withFixture(options) { fixture in
                let sipp = Sipp(fixture: fixture)
                let busy = try sipp.start(
                    "0207940101", "uac-answered", calls: 29, rate: 15, atOnce: 29, keys: ["HOLD": "60000"])
                #expect(await eventually { try await fixture.show("calls").count == 29 })
                var collisions = 0
                // Calls that take and free the last channel again and again, and calls from the far end in between: the
                // messages of two of them cross on the line before long.
                for _ in 0..<40 where collisions == 0 {
                    let peer = try sipp.answer("uas-refuses", calls: 100, keys: ["STATUS": "486"])
                    let invites = try sipp.start("0207940104", "uac-any-refusal", calls: 20, rate: 10, atOnce: 20)
                    while invites.isRunning {
                        let callers = try (0..<3).map { _ in
                            try fixture.switchCall("+442071838750", "--from", "02079460018")
                        }
                        for caller in callers { _ = await caller.wait(seconds: 30) }
                    }
                    let outcome = try #require(await invites.wait(seconds: 30))
                    #expect(outcome.status == 0, "\(outcome)\n\(sipp.complaints())")
                    peer.signal(SIGKILL)
                    #expect(await eventually { try await fixture.show("calls").count == 29 })
                    collisions = try await fixture.counter("calls.glare")
                }
                #expect(collisions > 0)
                let lost = try await fixture.callRecords().filter { $0["cause"] as? Int == 44 }
                #expect(!lost.isEmpty)
                #expect(lost.allSatisfy { $0["status"] as? Int == 503 })
                busy.signal(SIGKILL)
            }
        }
    }
}

/// What the programs of a fixture hold of the machine.
struct Footprint {
    var descriptors: [Int]
    var residentKilobytes: (gateway: Int, line: Int)

    init(of fixture: Fixture) throws {
        let gateway = try #require(fixture.gateway).pid
        let line = try #require(fixture.linePid(fixture.gatewayState))
        descriptors = try [gateway, line].map {
            try FileManager.default.contentsOfDirectory(atPath: "/proc/\($0)/fd").count
        }
        residentKilobytes = (Footprint.resident(gateway), Footprint.resident(line))
    }

    private static func resident(_ pid: Int32) -> Int {
        let text = (try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)) ?? ""
        let row = text.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
        return row.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) } ?? 0
    }
}
