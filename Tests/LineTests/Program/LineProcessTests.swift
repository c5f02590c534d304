// SPDX-License-Identifier: GPL-2.0-or-later
import Foundation
import Glibc
import LineProtocol
import Testing

/// The built program, over its sockets.
@Suite("trunkgate-line: lanes", .timeLimit(.minutes(2)))
struct LineProcessTests {
    @Test("It answers hello on a socket of mode 0600, and ends with status 0 and no sockets left when told")
    func helloAndShutdown() throws {
        let line = try LineProcess()
        let driver = try LineDriver(line.directory, epoch: 1)
        for name in [Lane.callSocketName, Lane.bulkSocketName] {
            let mode = try FileManager.default.attributesOfItem(atPath: "\(line.directory)/\(name)")[.posixPermissions]
            #expect(mode as? Int == 0o600)
        }
        try driver.send(.hello(versions: [1], epoch: 1))
        let version = try driver.wait("welcome") { if case .welcome(let version, _) = $0 { version } else { nil } }
        #expect(version == 1)
        try driver.send(.shutdown(drain: false))
        try driver.waitForEnd()
        let (status, text) = line.waitForEnd()
        #expect(status == 0)
        #expect(text.contains("info: ended"))
        #expect(!FileManager.default.fileExists(atPath: "\(line.directory)/\(Lane.callSocketName)"))
    }

    @Test("SIGTERM ends it, SIGHUP and a peer that goes do not")
    func signals() throws {
        let line = try LineProcess()
        do {
            let driver = try LineDriver.attached(line.directory, epoch: 1)
            kill(line.processID, SIGHUP)
            try driver.send(.detach)
            try driver.waitForEnd()
        }
        _ = try LineDriver.attached(line.directory, epoch: 2)
        kill(line.processID, SIGTERM)
        #expect(line.waitForEnd().status == 0)
    }

    @Test("A second line program on the same directory is told whose it is")
    func secondProgram() throws {
        let line = try LineProcess()
        _ = try LineDriver(line.directory, epoch: 1)
        let second = try LineProcess(directory: line.directory)
        let (status, text) = second.waitForEnd()
        #expect(status == 1)
        #expect(text.contains("another line program (process \(line.processID)) runs on \(line.directory)"))
        _ = try LineDriver.attached(line.directory, epoch: 1)
    }

    @Test("Sockets a killed line program left are taken over, under a new boot number")
    func staleSockets() throws {
        func boot(_ driver: LineDriver) throws -> UInt64 {
            try driver.send(.hello(versions: [1], epoch: 1))
            return try driver.wait("welcome") { if case .welcome(_, let boot) = $0 { boot } else { nil } }
        }
        let first = try LineProcess()
        let before = try boot(LineDriver(first.directory, epoch: 1))
        kill(first.processID, SIGKILL)
        _ = first.waitForEnd()
        #expect(FileManager.default.fileExists(atPath: "\(first.directory)/\(Lane.callSocketName)"))
        let second = try LineProcess(directory: first.directory)
        #expect(try boot(LineDriver(second.directory, epoch: 1)) != before)
    }

    @Test("A socket path that is too long is said to be")
    func longPath() throws {
        let line = try LineProcess(directory: "/tmp/" + String(repeating: "x", count: 100))
        let (status, text) = line.waitForEnd()
        #expect(status == 1)
        #expect(text.contains("choose a shorter state directory"))
    }

    @Test("Garbage on either lane ends that lane alone")
    func garbage() throws {
        let line = try LineProcess()
        let driver = try LineDriver.attached(line.directory, epoch: 1)
        let stranger = try LineDriver(line.directory, epoch: 2)
        try stranger.send(raw: [0xFF, 0xFF, 0xFF, 0xFF, 1, 2, 3])
        try stranger.waitForEnd()
        let eavesdropper = try LineDriver(line.directory, lane: Lane.bulkSocketName, epoch: 2)
        try eavesdropper.send(.hello(versions: [1], epoch: 2))
        try eavesdropper.waitForEnd()
        try driver.send(raw: [0, 0, 0, 2, 99, 99])
        let reason = try driver.wait("a refusal") {
            if case .refused(.unreadable, let reason) = $0 { reason } else { nil }
        }
        #expect(reason.contains("99 is not a LineCommand"))
        try driver.send(.attach(lastEvent: 0))
        _ = try driver.wait("a snapshot again") { if case .snapshotEnd = $0 { true } else { nil } }
    }

    @Test("A control program that reads nothing for 2 s counts as dead")
    func undrained() throws {
        let line = try LineProcess()
        let driver = try LineDriver.attached(line.directory, epoch: 1)
        // Each attach is answered by a snapshot: enough of them fill the socket of one who does not read.
        let attach = try LineCommand.attach(lastEvent: 0).framed()
        let many = Array(repeating: attach, count: 20_000).flatMap { $0 }
        try driver.send(raw: many)
        let seconds = ContinuousClock.now
        while true {
            do { try driver.send(raw: attach) } catch { break }
            usleep(100_000)
            if ContinuousClock.now - seconds > .seconds(30) {
                throw LineDriver.Failure(description: "it was not dropped")
            }
        }
        _ = try LineDriver.attached(line.directory, epoch: 2)
    }

    @Test("The bulk lane of the control program there is carries the counters each second")
    func counters() throws {
        let line = try LineProcess()
        let driver = try LineDriver.attached(line.directory, epoch: 3)
        let bulk = try LineDriver(line.directory, lane: Lane.bulkSocketName, epoch: 3)
        try bulk.send(.hello(versions: [1], epoch: 3))
        let values = try bulk.waitForRecord("counters") { if case .counters(let values) = $0 { values } else { nil } }
        #expect(values.count == LineCounter.allCases.count)
        try driver.send(.detach)
        try bulk.waitForEnd()
    }
}
