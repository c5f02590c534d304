// SPDX-License-Identifier: GPL-2.0-or-later
import Foundation
import Testing

/// Everything that drives the built programs, one test at a time: they share the machine's ports and processors.
@Suite(.serialized)
enum SystemTests {}

extension SystemTests {
    /// Every line of the demonstration switch, called by sipp, and calls from the switch answered by sipp.
    @Suite("Calls to and from the test lines", .serialized)
    struct BasicCalls {
        @Test("sipp reaches the lines that answer, over UDP and over TCP", arguments: ["u1", "t1"])
        func answeringLines(transport: String) async throws {
            try await withFixture { fixture in
                let sipp = Sipp(fixture: fixture, transport: transport)
                for line in ["0100", "0101", "0105"] {
                    let result = try await sipp.call("020794600\(line)", "uac-answered", keys: ["HOLD": "1000"])
                    #expect(result.status == 0, "line \(line): \(result)\n\(sipp.complaints())")
                }
                #expect(await fixture.settled())
                let records = try await fixture.callRecords()
                #expect(records.count == 3)
                #expect(records.allSatisfy { $0["cause"] as? Int == 16 && $0["answered"] is NSNumber })
                #expect(records.allSatisfy { $0["endedBy"] as? String == "caller" })
            }
        }

        @Test("lines that refuse give the status RFC 3398 says and the cause in Reason")
        func refusingLines() async throws {
            try await withFixture { fixture in
                let sipp = Sipp(fixture: fixture)
                let cases: [(line: String, status: Int, cause: Int)] = [
                    ("0102", 486, 17), ("0104", 404, 1), ("0109001", 404, 1), ("0109003", 404, 3), ("0109018", 408, 18),
                    ("0109019", 480, 19), ("0109022", 410, 22), ("0109027", 502, 27), ("0109028", 484, 28),
                    ("0109031", 480, 31), ("0109034", 503, 34), ("0109038", 503, 38), ("0109041", 503, 41),
                    ("0109057", 403, 57), ("0109065", 488, 65), ("0109079", 501, 79), ("0109102", 504, 102),
                    ("0109111", 500, 111), ("0109127", 500, 127),
                ]
                for (line, status, cause) in cases {
                    let result = try await sipp.call(
                        "02079\(line)", "uac-refused", keys: ["STATUS": "\(status)", "CAUSE": "\(cause)"])
                    #expect(result.status == 0, "line \(line): \(result)\n\(sipp.complaints())")
                }
                #expect(await fixture.settled())
                let causes = try await fixture.callRecords().compactMap { $0["cause"] as? Int }
                #expect(causes.sorted() == cases.map(\.cause).sorted())
            }
        }

        @Test("line 0106 hangs up and the BYE says cause 16")
        func lineHangsUp() async throws {
            try await withFixture { fixture in
                let sipp = Sipp(fixture: fixture)
                let result = try await sipp.call("0207940106", "uac-hung-up", keys: ["CAUSE": "16"])
                #expect(result.status == 0, "\(result)\n\(sipp.complaints())")
                #expect(await fixture.settled())
                #expect(try await fixture.callRecords().first?["endedBy"] as? String == "callee")
            }
        }

        @Test("CANCEL before and after ringing ends the call on the line")
        func cancel() async throws {
            try await withFixture { fixture in
                let sipp = Sipp(fixture: fixture)
                for scenario in ["uac-cancel-before-ringing", "uac-cancel-after-ringing"] {
                    let result = try await sipp.call("0207940103", scenario)
                    #expect(result.status == 0, "\(scenario): \(result)\n\(sipp.complaints())")
                    #expect(await fixture.settled())
                }
            }
        }

        @Test("hold and resume are answered in kind and the call goes on")
        func hold() async throws {
            try await withFixture { fixture in
                let sipp = Sipp(fixture: fixture)
                let result = try await sipp.call("0207940101", "uac-hold")
                #expect(result.status == 0, "\(result)\n\(sipp.complaints())")
                #expect(await fixture.settled())
            }
        }

        @Test("a peer with µ-law alone is transcoded, one with no G.711 gets 488 with a Warning")
        func codecs() async throws {
            try await withFixture { fixture in
                let sipp = Sipp(fixture: fixture)
                var result = try await sipp.call("0207940101", "uac-mulaw-only", keys: ["HOLD": "1000"])
                #expect(result.status == 0, "\(result)\n\(sipp.complaints())")
                result = try await sipp.call("0207940101", "uac-no-common-codec")
                #expect(result.status == 0, "\(result)\n\(sipp.complaints())")
                #expect(await fixture.settled())
                let trace = try await fixture.trunkgate("trace")
                #expect(trace.output.contains("G.711"), "\(trace)")
            }
        }

        @Test("OPTIONS is answered with what we allow")
        func options() async throws {
            try await withFixture { fixture in
                let sipp = Sipp(fixture: fixture)
                let result = try await sipp.call("x", "uac-options")
                #expect(result.status == 0, "\(result)\n\(sipp.complaints())")
            }
        }

        @Test("the switch calls in: answered and hung up from either side, busy, given up")
        func inbound() async throws {
            try await withFixture { fixture in
                let sipp = Sipp(fixture: fixture)

                var peer = try sipp.answer("uas-answers-and-hangs-up", keys: ["HOLD": "1000"])
                var caller = try fixture.switchCall("+442071838750", "--from", "02079460018")
                var ended = try #require(await caller.wait(seconds: 60))
                #expect(ended.status == 0, "\(ended)")
                var peerEnded = try #require(await peer.wait(seconds: 30))
                #expect(peerEnded.status == 0, "\(peerEnded)\n\(sipp.complaints())")
                #expect(await fixture.settled())

                peer = try sipp.answer("uas-refuses", keys: ["STATUS": "486"])
                caller = try fixture.switchCall("+442071838751", "--from", "02079460018")
                ended = try #require(await caller.wait(seconds: 60))
                #expect(ended.output.contains("17"), "busy is cause 17: \(ended)")
                peerEnded = try #require(await peer.wait(seconds: 30))
                #expect(peerEnded.status == 0, "\(peerEnded)\n\(sipp.complaints())")
                #expect(await fixture.settled())

                peer = try sipp.answer("uas-rings")
                caller = try fixture.switchCall("+442071838752", "--from", "02079460018")
                #expect(await eventually { try await fixture.show("calls").first?["state"] as? String == "ringing" })
                caller.signal(SIGINT)
                peerEnded = try #require(await peer.wait(seconds: 30))
                #expect(peerEnded.status == 0, "\(peerEnded)\n\(sipp.complaints())")
                #expect(await fixture.settled())

                let records = try await fixture.callRecords()
                #expect(records.count == 3)
                #expect(Set(records.compactMap { $0["cause"] as? Int }) == [16, 17])
            }
        }

        @Test("a DID nobody routes is refused with cause 1")
        func noRoute() async throws {
            try await withFixture { fixture in
                let caller = try fixture.switchCall("+442071999999", "--from", "02079460018")
                let ended = try #require(await caller.wait(seconds: 60))
                #expect(ended.output.contains("cause 1"), "\(ended)")
                #expect(await fixture.settled())
            }
        }
    }
}

/// A started gateway and switch for one test, ended whatever happens.
func withFixture(_ options: Fixture.Options = .init(), _ body: (Fixture) async throws -> Void) async throws {
    let fixture = try Fixture(options)
    do {
        try await fixture.start()
        try await body(fixture)
    } catch {
        await fixture.stop()
        throw error
    }
    await fixture.stop()
}
