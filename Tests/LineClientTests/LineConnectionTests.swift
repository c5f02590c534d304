// SPDX-License-Identifier: GPL-2.0-or-later
import Foundation
import Glibc
import LineClient
import LineProtocol
import NIOCore
import NIOPosix
import Testing

/// A connection against scripted sockets; both ends on one event loop, where every step of a test runs.
@Suite("Line connection", .timeLimit(.minutes(1)))
struct LineConnectionTests {
    /// One test's event loop, fake and listener, touched on that loop alone.
    final class Bench: Sendable {
        let eventLoop: any EventLoop = MultiThreadedEventLoopGroup.singleton.next()
        private let parts: NIOLoopBoundBox<(fake: FakeLine, listener: Listener)>
        let directory: String

        init() throws {
            let loop = eventLoop
            parts = try loop.submit {
                NIOLoopBoundBox((try FakeLine(on: loop), Listener()), eventLoop: loop)
            }.wait()
            let parts = parts
            directory = try loop.submit { parts.value.fake.directory }.wait()
            try loop.flatSubmit { parts.value.fake.listen() }.wait()
        }

        /// Runs a step on the loop.
        func on<Answer: Sendable>(
            _ body: @escaping @Sendable (FakeLine, Listener) throws -> Answer
        ) async throws -> Answer {
            let parts = parts
            return try await eventLoop.submit { try body(parts.value.fake, parts.value.listener) }.get()
        }

        func wait(_ condition: @escaping @Sendable (Listener) -> Bool) async throws {
            let (parts, loop) = (parts, eventLoop)
            try await loop.flatSubmit { parts.value.listener.wait(on: loop, until: condition) }.get()
        }

        /// Waits until the fake has heard what is asked for; looked at after each turn.
        func heard(_ condition: @escaping @Sendable ([LineCommand]) -> Bool) async throws -> [LineCommand] {
            while true {
                let commands = try await on { fake, _ in fake.commands }
                if condition(commands) { return commands }
                await Task.yield()
            }
        }

        func connect() async throws -> LineConnection {
            try await on { fake, _ in
                fake.answer = { command in
                    if case .hello = command { [.welcome(version: 1, bootID: 77)] } else { [] }
                }
            }
            return try await LineConnection.open(stateDirectory: directory, on: eventLoop).get()
        }

        func attached(_ acknowledging: Acknowledging = .afterHandling) async throws -> LineConnection {
            let line = try await connect()
            try await on { _, listener in
                line.attach(lastEvent: 0, acknowledging: acknowledging, handler: listener)
            }
            _ = try await heard { $0.contains(.attach(lastEvent: 0)) }
            return line
        }

        func end() async throws {
            try await on { fake, _ in fake.close() }
        }
    }

    let leg = LegID(epoch: 1, counter: 1)

    @Test("Each hello carries a higher epoch, which is on the disk before")
    func epoch() async throws {
        let bench = try Bench()
        for expected in [UInt32(1), 2, 3] {
            let line = try await bench.connect()
            #expect(line.welcome == LineWelcome(version: 1, bootID: 77, epoch: expected))
            let text = try String(contentsOfFile: "\(bench.directory)/epoch", encoding: .utf8)
            #expect(text == "\(expected)\n")
            try await bench.on { _, _ in line.close() }
        }
        try await bench.end()
    }

    @Test("Events and records come to the handler in order, commands leave in order")
    func order() async throws {
        let bench = try Bench()
        let line = try await bench.attached()
        try await bench.on { fake, _ in
            for sequence in 1...500 { fake.say(.firstPacket(EndpointID(UInt32(sequence))), sequence: UInt64(sequence)) }
            fake.say(.dropped(9))
            for port in 0..<100 { line.send(.close(EndpointID(UInt32(port)))) }
        }
        try await bench.wait { $0.events.count == 500 && $0.records == [.dropped(9)] }
        let sequences = try await bench.on { _, listener in listener.events.map(\.sequence) }
        #expect(sequences == Array(1...500))
        let commands = try await bench.heard { $0.contains(.close(EndpointID(99))) }
        let ports = commands.compactMap { if case .close(let endpoint) = $0 { endpoint.number } else { nil } }
        #expect(ports == Array(0..<100))
        try await bench.end()
    }

    @Test("Events are acknowledged together, the last at once after a moment; snapshot events are not")
    func acknowledging() async throws {
        let bench = try Bench()
        let line = try await bench.attached()
        try await bench.on { fake, _ in
            fake.say(.snapshotEnd)
            for sequence in 1...200 { fake.say(.snapshotEnd, sequence: UInt64(sequence)) }
        }
        let commands = try await bench.heard { $0.contains(.acknowledge(event: 200)) }
        let acknowledged = commands.compactMap { if case .acknowledge(let event) = $0 { event } else { nil } }
        #expect(acknowledged == acknowledged.sorted())
        #expect(acknowledged.count <= 5)
        try await bench.on { _, _ in line.close() }
        try await bench.end()
    }

    @Test("A handler that acknowledges itself decides when, and leaving says it at once")
    func acknowledgingByHandler() async throws {
        let bench = try Bench()
        let line = try await bench.attached(.byHandler)
        try await bench.on { fake, _ in for sequence in 1...100 { fake.say(.snapshotEnd, sequence: UInt64(sequence)) } }
        try await bench.wait { $0.events.count == 100 }
        try await bench.on { _, _ in
            line.acknowledge(through: 40)
            line.detach()
        }
        let commands = try await bench.heard { $0.contains(.detach) }
        #expect(commands.suffix(2) == [.acknowledge(event: 40), .detach])
        let losses = try await bench.on { _, listener in listener.losses }
        #expect(losses.isEmpty)
        try await bench.end()
    }

    @Test("The end of the lane is told once, with the reason when one was given")
    func losses() async throws {
        let bench = try Bench()
        _ = try await bench.attached()
        try await bench.on { fake, _ in fake.hangUp() }
        try await bench.wait { $0.losses == [.closed] }
        _ = try await bench.attached()
        try await bench.on { fake, _ in
            fake.say(.refused(.hello, reason: "a newer control program (epoch 9) has taken over"))
            fake.hangUp()
        }
        try await bench.wait { $0.losses.count == 2 }
        let losses = try await bench.on { _, listener in listener.losses }
        #expect(losses.last == .refused(reason: "a newer control program (epoch 9) has taken over"))
        try await bench.end()
    }

    @Test("A lane that ends between welcome and attach is told at attach")
    func lostEarly() async throws {
        let bench = try Bench()
        let line = try await bench.connect()
        try await bench.on { fake, _ in fake.hangUp() }
        // Turns of the loop enough for the end to be seen; either way it is told.
        for _ in 0..<20 { try await bench.on { _, _ in } }
        try await bench.on { _, listener in line.attach(lastEvent: 0, handler: listener) }
        try await bench.wait { $0.losses == [.closed] }
        try await bench.end()
    }

    @Test(
        "What cannot be read ends the lane and says so",
        arguments: [[UInt8](repeating: 0xFF, count: 8), [0, 0, 0, 1, 9]])
    func unreadable(octets: [UInt8]) async throws {
        let bench = try Bench()
        _ = try await bench.attached()
        try await bench.on { fake, _ in fake.write(octets, to: fake.callLane) }
        try await bench.wait { $0.losses.count == 1 }
        let loss = try await bench.on { _, listener in listener.losses.first }
        guard case .unreadable = loss else {
            Issue.record("\(String(describing: loss))")
            return
        }
        try await bench.end()
    }

    @Test("A refused hello is an error with the line program's own sentence")
    func refused() async throws {
        let bench = try Bench()
        try await bench.on { fake, _ in
            fake.answer = { _ in [.refused(.hello, reason: "the line program speaks versions 2, the control program 1")]
            }
        }
        await #expect(
            throws: LineClientError.refused(reason: "the line program speaks versions 2, the control program 1")
        ) {
            try await LineConnection.open(stateDirectory: bench.directory, on: bench.eventLoop).get()
        }
        try await bench.end()
    }

    @Test("No socket, nobody behind it, a path too long and a spoilt epoch are told apart")
    func unreachable() async throws {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        func error(_ directory: String) async -> LineClientError? {
            do {
                _ = try await LineConnection.open(stateDirectory: directory, on: loop).get()
                return nil
            } catch {
                return error as? LineClientError
            }
        }
        let long = "/tmp/" + String(repeating: "x", count: 120)
        #expect(await error(long) == .socketPathTooLong(path: "\(long)/line.sock", octets: 135))

        let directory = "/tmp/tgc-\(UInt32.random(in: 0...UInt32.max))"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        #expect(await error(directory) == .noLineProgram(socket: "\(directory)/line.sock"))
        Self.leaveStaleSocket("\(directory)/line.sock")
        #expect(await error(directory) == .connectionRefused(socket: "\(directory)/line.sock"))
        try "many\n".write(toFile: "\(directory)/epoch", atomically: true, encoding: .utf8)
        guard case .epochFile(let path, let reason) = await error(directory) else {
            Issue.record("a spoilt epoch was taken")
            return
        }
        #expect(path == "\(directory)/epoch")
        #expect(reason.contains("remove the file"))
        try FileManager.default.removeItem(atPath: directory)
    }

    @Test("A line program that cannot be started, or ends at once, is named with what it said")
    func launcher() async throws {
        let bench = try Bench()
        let loop = bench.eventLoop
        // Somebody answers: nothing is started.
        let running = try await LineProgram.startUnlessRunning(
            stateDirectory: bench.directory, executable: "/nowhere", on: loop
        ).get()
        #expect(running == nil)
        let fresh = "/tmp/tgc-\(UInt32.random(in: 0...UInt32.max))"
        try FileManager.default.createDirectory(atPath: fresh, withIntermediateDirectories: true)
        await #expect(throws: LineClientError.startFailed(executable: "/nowhere", reason: "No such file or directory"))
        {
            try await LineProgram.startUnlessRunning(stateDirectory: fresh, executable: "/nowhere", on: loop).get()
        }
        let script = "\(fresh)/false"
        try "#!/bin/sh\necho \"error: $1 $2 is no good\" >&2\nexit 3\n".write(
            toFile: script, atomically: true, encoding: .utf8)
        unsafe chmod(script, 0o755)
        await #expect(
            throws: LineClientError.endedAtStart(
                executable: script, status: "exit status 3", log: "error: --state \(fresh) is no good")
        ) {
            try await LineProgram.startUnlessRunning(stateDirectory: fresh, executable: script, on: loop).get()
        }
        try FileManager.default.removeItem(atPath: fresh)
        try await bench.end()
    }

    /// What a killed program leaves: the name of a socket nobody listens on.
    static func leaveStaleSocket(_ path: String) {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8.prefix(107)) }
        unsafe withUnsafeBytes(of: &address) { raw in
            guard let base = unsafe raw.assumingMemoryBound(to: sockaddr.self).baseAddress else { return }
            _ = unsafe bind(descriptor, base, socklen_t(raw.count))
        }
        close(descriptor)
    }
}
