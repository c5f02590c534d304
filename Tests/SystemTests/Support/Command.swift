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

/// A program that a test started: its output is collected, and it is ended by its process id.
final class ChildProcess: Sendable {
    private let process: Process
    private let collected = Mutex<(output: Data, error: Data)>((Data(), Data()))
    let name: String

    init(_ executable: String, _ arguments: [String], environment: [String: String] = [:], directory: String? = nil)
        throws
    {
        name = (executable as NSString).lastPathComponent
        process = Process()
        let (output, error) = (Pipe(), Pipe())
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        if let directory { process.currentDirectoryURL = URL(fileURLWithPath: directory) }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = error
        output.fileHandleForReading.readabilityHandler = { [weak self] handle in
            let data = handle.availableData
            if data.isEmpty { handle.readabilityHandler = nil }
            self?.collected.withLock { $0.output.append(data) }
        }
        error.fileHandleForReading.readabilityHandler = { [weak self] handle in
            let data = handle.availableData
            if data.isEmpty { handle.readabilityHandler = nil }
            self?.collected.withLock { $0.error.append(data) }
        }
        try process.run()
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    var pid: Int32 { process.processIdentifier }
    var isRunning: Bool { process.isRunning }
    var output: String { collected.withLock { String(decoding: $0.output, as: UTF8.self) } }
    var error: String { collected.withLock { String(decoding: $0.error, as: UTF8.self) } }

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
        // The last output may still be on its way through the pipe.
        try? await Task.sleep(for: .milliseconds(50))
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
