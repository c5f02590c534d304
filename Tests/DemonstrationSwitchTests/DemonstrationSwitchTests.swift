// SPDX-License-Identifier: GPL-2.0-or-later
import DemonstrationSwitch
import Foundation
import ISDN
import LineProtocol
import Logging
import NIOPosix
import Testing

/// The running switch, over real sockets, with a line program that says what a test wants.
@Suite(.timeLimit(.minutes(1)))
struct DemonstrationSwitchTests {
    private let span = SpanConfiguration(
        id: SpanID(0), name: "a", driver: .loop(peer: SpanID(1)), role: .nt, hunt: .lowest)
    private let directory: String
    private let line: ScriptedLineProgram
    private let subject: DemonstrationSwitch

    init() throws {
        // A socket's path may have 107 octets.
        directory = "/tmp/tg-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        line = ScriptedLineProgram(directory: directory)
        subject = DemonstrationSwitch(
            configuration: [span], stateDirectory: directory, executable: "/nonexistent/trunkgate-line",
            eventLoop: MultiThreadedEventLoopGroup.singleton.next(),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    }

    private func withSwitch(_ body: () async throws -> Void) async throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try await line.start()
        let subject = subject
        let running = Task { try await subject.run() }
        #expect(await line.expect(.configure(span)))
        try await body()
        await subject.shutdown()
        #expect(await line.expect(.shutdown(drain: false)))
        try await line.die()
        try await running.value
    }

    @Test("An incoming call is answered on the line it is for")
    func incoming() async throws {
        try await withSwitch {
            let leg = LegID(epoch: 0, counter: 1)
            let call = IncomingCall(
                channel: ChannelID(span: span.id, timeslot: 31), bearer: BearerCapability(),
                called: PartyNumber(digits: "0101"))
            await line.send(.incoming(leg, call))
            #expect(await line.expect(.send(leg, .proceeding([]))))
            #expect(await line.expect(.send(leg, .alerting([]))))
            #expect(await line.expect(.send(leg, .connect)))
            #expect(await line.expect(.play(.channel(leg), .tone(.milliwatt))))
            #expect(await subject.callCount == 1)
        }
    }

    @Test("A call in tells its progress up to its end")
    func callIn() async throws {
        try await withSwitch {
            let progress = await subject.callIn(CallInRequest(called: "8750", calling: "555"))
            let leg = try #require(await line.next { if case .setup(let leg, _) = $0 { leg } else { nil } })
            await line.send(.received(leg, .alerting([])))
            await line.send(.received(leg, .connect))
            await line.send(.received(leg, .disconnect(.normalCallClearing, .user)))
            await line.send(.ended(leg, EndReport(cause: .normalCallClearing, location: .user, initiator: .remote)))
            var told: [CallInProgress] = []
            for await step in progress { told.append(step) }
            let end = CallInEnd(cause: .normalCallClearing, location: .user, initiator: .remote, answered: true)
            #expect(told == [.ringing, .answered, .ended(end)])
        }
    }

    @Test("Whoever stops listening to a call in hangs it up")
    func abandoned() async throws {
        try await withSwitch {
            let subject = subject
            let listening = Task {
                for await _ in await subject.callIn(CallInRequest(called: "8750")) {}
            }
            let leg = try #require(await line.next { if case .setup(let leg, _) = $0 { leg } else { nil } })
            listening.cancel()
            #expect(await line.expect(.clear(leg, .normalCallClearing)))
        }
    }

    @Test("When its line program dies the calls end, and it attaches to the next one")
    func lineProgramDies() async throws {
        try await withSwitch {
            let progress = await subject.callIn(CallInRequest(called: "8750"))
            _ = await line.next { if case .setup = $0 { true } else { nil } }
            try await line.die()
            var last: CallInProgress?
            for await step in progress { last = step }
            guard case .ended(let end) = last else {
                Issue.record("no end")
                return
            }
            #expect(end.cause == .temporaryFailure)
            #expect(end.reason?.isEmpty == false)
            try await line.start()
            #expect(await line.expect(.configure(span)))
        }
    }

    @Test("Without a line program a call in ends at once with the reason")
    func notRunning() async throws {
        var told: [CallInProgress] = []
        for await step in await subject.callIn(CallInRequest(called: "1")) { told.append(step) }
        guard case .ended(let end) = told.last, told.count == 1 else {
            Issue.record("\(told)")
            return
        }
        #expect(end.reason == "the switch's line program is not running")
    }

    @Test("A line program that cannot be started is an error at the first attempt")
    func cannotStart() async throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let error = await #expect(throws: (any Error).self) { try await subject.run() }
        #expect("\(String(describing: error))".contains("/nonexistent/trunkgate-line"))
    }
}
