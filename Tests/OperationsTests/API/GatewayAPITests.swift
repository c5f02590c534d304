// SPDX-License-Identifier: GPL-2.0-or-later
import CallControl
import Foundation
import Gateway
import Operations
import Testing

@Suite("API over the control socket")
struct GatewayAPITests {
    private func failure(_ body: () async throws -> Void) async -> CommandFailure? {
        do {
            try await body()
            return nil
        } catch {
            return error as? CommandFailure
        }
    }

    @Test("What the gateway says of itself arrives as it was said")
    func views() async throws {
        try await withStateDirectory { directory in
            let routes = GatewayRoutes(gateway: FakeGateway(), records: nil)
            try await withControlServer(directory, routes.router()) { (client: ControlClient) async throws in
                #expect(try await client.status().processID == 42)
                #expect(try await client.calls() == [FakeGateway.call])
                #expect(try await client.spans() == [FakeGateway.span])
                #expect(try await client.channels() == [FakeGateway.channel])
                #expect(try await client.counters() == [FakeGateway.counter])
            }
        }
    }

    @Test("The socket lets its owner in and nobody else, and is gone afterwards")
    func mode() async throws {
        try await withStateDirectory { directory in
            let routes = GatewayRoutes(gateway: FakeGateway(), records: nil)
            try await withControlServer(directory, routes.router()) { (client: ControlClient) async throws in
                let socket = try FileManager.default.attributesOfItem(atPath: client.directory.controlSocket)
                #expect(socket[.posixPermissions] as? Int == 0o600)
                let folder = try FileManager.default.attributesOfItem(atPath: client.directory.path)
                #expect(folder[.posixPermissions] as? Int == 0o700)
            }
            #expect(!FileManager.default.fileExists(atPath: directory.controlSocket))
        }
    }

    @Test("A hangup reaches the call; a call that is not there is said so, with exit code 1")
    func hangup() async throws {
        let gateway = FakeGateway()
        try await withStateDirectory { directory in
            try await withControlServer(directory, GatewayRoutes(gateway: gateway, records: nil).router()) {
                (client: ControlClient) async throws in
                try await client.hangup(call: 7)
                let failure = await failure { try await client.hangup(call: 8) }
                #expect(failure?.exit == .wrong)
                #expect(failure?.sentence.contains("there is no call 8") == true)
            }
        }
        #expect(await gateway.hungUp == [7, 8])
    }

    @Test("Ladders and captures are selected by call, and followed by number")
    func trace() async throws {
        let gateway = FakeGateway()
        await gateway.write(LadderEntry(call: 1, time: 5, kind: .sip, from: "a", to: "trunkgate", label: "INVITE"))
        await gateway.write(LadderEntry(call: 2, time: 6, kind: .q931, from: "s", to: "trunkgate", label: "SETUP"))
        await gateway.write(
            CapturedMessage(call: 1, time: 5, interface: .sip, name: "udp", sent: true, octets: [0, 255]))
        try await withStateDirectory { directory in
            try await withControlServer(directory, GatewayRoutes(gateway: gateway, records: nil).router()) {
                (client: ControlClient) async throws in
                #expect(try await client.ladder(.lastCall).entries.map(\.label) == ["SETUP"])
                #expect(try await client.ladder(.call(1)).entries.map(\.label) == ["INVITE"])
                #expect(try await client.ladder(.everything, after: 1).entries.map(\.label) == ["SETUP"])
                #expect(try await client.ladder(.everything, after: .max).latest == 3)
                #expect(try await client.capture(.call(1)).map(\.octets) == [[0, 255]])
            }
        }
    }

    @Test(
        "A question that is none is answered with 400 and a sentence",
        arguments: [
            "/api/v1/ladder?call=first", "/api/v1/ladder?after=x", "/api/v1/ladder?call=-1", "/api/v1/capture?call=",
            "/api/v1/cdr?since=yesterday", "/api/v1/cdr?limit=1000000", "/api/v1/cdr?after=1.5",
        ])
    func badQueries(uri: String) async throws {
        try await withStateDirectory { directory in
            let store = try CallRecordStore(path: directory.path + "/cdr.db", logger: quietLogger)
            let routes = GatewayRoutes(gateway: FakeGateway(), records: store)
            try await withControlServer(directory, routes.router()) { (client: ControlClient) async throws in
                let failure = await failure { () async throws in let _: LadderPage = try await client.get(uri) }
                #expect(failure?.exit == .wrong)
                #expect(failure?.sentence.contains("must be a") == true)
            }
        }
    }

    @Test("Without a store, cdr says that none is configured; an unknown path is a wrong answer, not a crash")
    func absent() async throws {
        try await withStateDirectory { directory in
            let routes = GatewayRoutes(gateway: FakeGateway(), records: nil)
            try await withControlServer(directory, routes.router()) { (client: ControlClient) async throws in
                let none = await failure { _ = try await client.callRecords(since: 0) }
                #expect(none?.sentence.contains("keeps no call records") == true)
                let unknown = await failure { () async throws in
                    let _: [String] = try await client.get("/api/v1/nothing")
                }
                #expect(unknown?.exit == .wrong)
            }
        }
    }

    @Test("Nobody there is exit code 3 with the places that were tried")
    func nobody() async throws {
        try await withStateDirectory { directory in
            let candidates = [directory, StateDirectory(directory.path + "/other")]
            let failure = await failure {
                _ = try ControlClient.find(candidates, what: "gateway", advice: "start one")
            }
            #expect(failure?.exit == .unreachable)
            #expect(failure?.sentence.contains(directory.controlSocket) == true)
            #expect(failure?.sentence.contains("/other/control.sock") == true)
            let direct = await self.failure { _ = try await ControlClient(directory).calls() }
            #expect(direct?.exit == .unreachable)
        }
    }

    @Test("The second place is found when nobody is at the first")
    func secondPlace() async throws {
        try await withStateDirectory { directory in
            let routes = GatewayRoutes(gateway: FakeGateway(), records: nil)
            try await withControlServer(directory, routes.router()) { (client: ControlClient) async throws in
                let candidates = [StateDirectory("/tmp/tg-nobody"), client.directory]
                let found = try ControlClient.find(candidates, what: "gateway", advice: "")
                #expect(found.directory == client.directory)
            }
        }
    }

    @Test("Records go from the sink through the store and the API to the client, page by page")
    func callRecords() async throws {
        try await withStateDirectory { directory in
            let store = try CallRecordStore(path: directory.path + "/cdr.db", logger: quietLogger)
            let routes = GatewayRoutes(gateway: FakeGateway(), records: store)
            let records = (1...3).map {
                CallRecord(call: $0, started: UInt64($0) * 10, from: "a", caller: "b", called: "c")
            }
            try await withServices([store]) { records.forEach { store.record($0) } }
            try await withControlServer(directory, routes.router()) { (client: ControlClient) async throws in
                #expect(try await client.callRecords(since: 0) == CallRecordPage(records: records, next: nil))
                #expect(try await client.callRecords(since: 15).records.map(\.call) == [2, 3])
                let first: CallRecordPage = try await client.get("/api/v1/cdr?limit=2")
                #expect(first.records.map(\.call) == [1, 2])
                let rest = try await client.callRecords(since: 0, after: try #require(first.next))
                #expect(rest.records.map(\.call) == [3])
            }
        }
    }
}
