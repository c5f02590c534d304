// SPDX-License-Identifier: GPL-2.0-or-later
import Foundation
import Synchronization

/// What a program that has ended said.
struct CommandResult: CustomStringConvertible {
    var status: Int32
    var output: String
    var error: String

    var description: String { "exit \(status)\n\(output)\n\(error)" }
}

/// A program that a test started: what it says goes to two files, and it is ended by its process id.
final class ChildProcess: Sendable {
    private let process: Process
    private let files: (output: String, error: String)
    let name: String

    private static let started = Atomic(0)

    init(
        _ executable: String, _ arguments: [String], environment: [String: String] = [:], directory: String? = nil
    ) throws {
        let number = ChildProcess.started.add(1, ordering: .relaxed).newValue
        name = (executable as NSString).lastPathComponent
        let base = "/tmp/trunkgate-test-\(getpid())-child-\(number)"
        files = ("\(base).out", "\(base).err")
        process = Process()
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        if let directory { process.currentDirectoryURL = URL(fileURLWithPath: directory) }
        process.standardInput = FileHandle.nullDevice
        // Files, not pipes: a test polls hundreds of times, and the descriptors of pipes would add up.
        let writers = try [files.output, files.error].map { path in
            try Data().write(to: URL(fileURLWithPath: path))
            return try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        }
        process.standardOutput = writers[0]
        process.standardError = writers[1]
        defer { for writer in writers { try? writer.close() } }
        try process.run()
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        for path in [files.output, files.error] { try? FileManager.default.removeItem(atPath: path) }
    }

    var pid: Int32 { process.processIdentifier }
    var isRunning: Bool { process.isRunning }
    var output: String { text(files.output) }
    var error: String { text(files.error) }

    private func text(_ path: String) -> String {
        String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
    }

    func signal(_ number: Int32) {
        if process.isRunning { kill(process.processIdentifier, number) }
    }

    /// Waits for the end; past the limit the program is killed and nil answered.
    func wait(seconds: Double) async -> CommandResult? {
        let ended = await eventually(seconds: seconds) { !self.process.isRunning }
        if !ended {
            signal(SIGKILL)
            return nil
        }
        return CommandResult(status: process.terminationStatus, output: output, error: error)
    }

    /// Asks it to end, then insists.
    func stop(seconds: Double = 10) async {
        signal(SIGTERM)
        if await wait(seconds: seconds) == nil { _ = await wait(seconds: 2) }
    }
}

/// Runs a program to its end; a program that outlives the limit fails the test by its status of -1.
func run(
    _ executable: String, _ arguments: [String], environment: [String: String] = [:], directory: String? = nil,
    seconds: Double = 60
) async throws -> CommandResult {
    let child = try ChildProcess(executable, arguments, environment: environment, directory: directory)
    return await child.wait(seconds: seconds)
        ?? CommandResult(status: -1, output: child.output, error: child.error + "\nstill running after \(seconds) s")
}

/// Polls until the condition holds. The limit only bounds a failure: no verdict depends on how fast it became true.
func eventually(seconds: Double = 30, _ condition: () async throws -> Bool) async -> Bool {
    let end = ContinuousClock.now + .seconds(seconds)
    while ContinuousClock.now < end {
        if (try? await condition()) == true { return true }
        try? await Task.sleep(for: .milliseconds(50))
    }
    return (try? await condition()) == true
}
