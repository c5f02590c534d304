// SPDX-License-Identifier: GPL-2.0-or-later
import Foundation
import Testing

extension SystemTests {
    /// Programs that die, lines that go away, and what is left of the calls.
    @Suite("Survival", .serialized)
    struct Survival {
        @Test("a call outlives kill -9 of the control program, and a BYE from the phone then ends it")
        func byeFromPhone() async throws {
            try await withFixture { fixture in
                let sipp = Sipp(fixture: fixture)
                let call = try sipp.start("0207940101", "uac-answered", keys: ["HOLD": "14000"])
                try await restartControlProgram(fixture)
                let result = try #require(await call.wait(seconds: 60))
                #expect(result.status == 0, "\(result)\n\(sipp.complaints())")
                #expect(await fixture.settled())
                try await checkRecord(fixture, from: "office-pbx", to: "carrier-a", called: "0207940101")
            }
        }

        @Test("a call outlives kill -9 of the control program, and the line then ends it")
        func disconnectFromLine() async throws {
            try await withFixture { fixture in
                let sipp = Sipp(fixture: fixture)
                let peer = try sipp.answer("uas-answers")
                let caller = try fixture.switchCall("+442071838750", "--from", "02079460018")
                try await restartControlProgram(fixture)
                // Ctrl-C at the caller's end: DISCONNECT comes from the line.
                caller.signal(SIGINT)
                let result = try #require(await peer.wait(seconds: 60))
                #expect(result.status == 0, "\(result)\n\(sipp.complaints())")
                #expect(await fixture.settled())
                try await checkRecord(fixture, from: "carrier-a", to: "office-pbx", called: "+442071838750")
            }
        }

        @Test("when the line program is killed calls get BYE, records are written and the span comes back")
        func lineProgramKilled() async throws {
            try await withFixture { fixture in
                let sipp = Sipp(fixture: fixture)
                let call = try sipp.start("0207940101", "uac-hung-up", keys: ["CAUSE": "41"])
                #expect(await connected(fixture))
                let before = try #require(fixture.linePid(fixture.gatewayState))
                fixture.killLineProgram(fixture.gatewayState)
                let result = try #require(await call.wait(seconds: 60))
                #expect(result.status == 0, "\(result)\n\(sipp.complaints())")
                #expect(await eventually { fixture.linePid(fixture.gatewayState).map { $0 != before } ?? false })
                try await fixture.waitInService()
                #expect(await fixture.settled())
                let again = try await sipp.call("0207940101", "uac-answered", keys: ["HOLD": "500"])
                #expect(again.status == 0, "\(again)\n\(sipp.complaints())")
                #expect(await fixture.settled())
                let causes = try await fixture.callRecords().compactMap { $0["cause"] as? Int }
                #expect(causes.sorted() == [16, 41])
            }
        }

        @Test("with the D channel down calls get 503 and cause 38 at once, and show spans says which layer is down")
        func dChannelDown() async throws {
            var options = Fixture.Options()
            options.startSwitch = false
            try await withStoppedFixture(options) { fixture in
                try fixture.startGateway()
                #expect(await eventually { try await !fixture.show("spans").isEmpty })
                let sipp = Sipp(fixture: fixture)
                let result = try await sipp.call("0207940101", "uac-refused", keys: ["STATUS": "503", "CAUSE": "38"])
                #expect(result.status == 0, "\(result)\n\(sipp.complaints())")
                let span = try #require(try await fixture.show("spans").first)
                #expect(span["layer1"] as? String == "loss-of-signal")
                #expect(span["layer2"] as? String == "down")
                let table = try await fixture.trunkgate("show", "spans")
                #expect(table.status == 0 && table.output.contains("carrier-a"), "\(table)")
            }
        }

        private func connected(_ fixture: Fixture) async -> Bool {
            await eventually { try await fixture.show("calls").first?["state"] as? String == "connected" }
        }

        private func restartControlProgram(_ fixture: Fixture) async throws {
            try #require(await connected(fixture))
            let line = fixture.linePid(fixture.gatewayState)
            try await Task.sleep(for: .seconds(2))
            let old = try #require(fixture.gateway)
            old.signal(SIGKILL)
            _ = await old.wait(seconds: 10)
            // Audio goes on with nobody in control: the line program keeps sending.
            let sent = try sentPackets(line)
            try await Task.sleep(for: .seconds(2))
            #expect(try sentPackets(line) > sent + 20)
            try fixture.startGateway()
            #expect(await connected(fixture))
            #expect(fixture.linePid(fixture.gatewayState) == line)
        }

        /// UDP datagrams the program's network namespace sent: while nothing else runs, the line programs' own.
        private func sentPackets(_ pid: Int32?) throws -> Int {
            let text = try String(contentsOfFile: "/proc/\(try #require(pid))/net/snmp", encoding: .utf8)
            let row = text.split(separator: "\n").filter { $0.hasPrefix("Udp:") }.last ?? ""
            return row.split(separator: " ").dropFirst(4).first.flatMap { Int($0) } ?? 0
        }

        private func checkRecord(_ fixture: Fixture, from: String, to: String, called: String) async throws {
            let records = try await fixture.callRecords()
            #expect(records.count == 1)
            let record = try #require(records.first)
            #expect(record["endedBy"] as? String == "caller")
            #expect(record["cause"] as? Int == 16)
            #expect(record["called"] as? String == called)
            #expect(record["from"] as? String == from && record["to"] as? String == to)
            let started = try #require(record["started"] as? UInt64)
            let answered = try #require(record["answered"] as? UInt64)
            let ended = try #require(record["ended"] as? UInt64)
            // Two seconds before the kill, two seconds without control: the record spans both.
            #expect(started <= answered && ended > answered + 4_000_000_000)
        }
    }
}

func withStoppedFixture(_ options: Fixture.Options = .init(), _ body: (Fixture) async throws -> Void) async throws {
    let fixture = try Fixture(options)
    do {
        try await body(fixture)
    } catch {
        await fixture.stop()
        throw error
    }
    await fixture.stop()
}
