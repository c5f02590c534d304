// SPDX-License-Identifier: GPL-2.0-or-later
import Foundation
import Synchronization

/// Runs sipp with a scenario of ours against the gateway of a fixture.
struct Sipp {
    let fixture: Fixture
    var transport = "u1"

    private static let used = Atomic(0)

    /// Calls `number`; the scenario decides what must happen. Ends with status 0 when every call went as written.
    func call(
        _ number: String, _ scenario: String, calls: Int = 1, rate: Int = 10, atOnce: Int = 100,
        keys: [String: String] = [:],
        seconds: Double = 60
    ) async throws -> CommandResult {
        let child = try start(number, scenario, calls: calls, rate: rate, atOnce: atOnce, keys: keys)
        return await child.wait(seconds: seconds)
            ?? CommandResult(status: -1, output: child.output, error: child.error + "\nsipp still running")
    }

    func start(
        _ number: String, _ scenario: String, calls: Int = 1, rate: Int = 10, atOnce: Int = 100,
        keys: [String: String] = [:]
    ) throws -> ChildProcess {
        let run = Sipp.used.add(1, ordering: .relaxed).newValue
        let port = 25_000 + (run * 8) % 8_000
        let arguments = [
            "127.0.0.1:\(fixture.sipPort)", "-sf", try rendered(scenario, keys, run), "-s", number, "-i", "127.0.0.1",
            "-p", "\(port)", "-mi", "127.0.0.1", "-mp", "\(port + 2)", "-m", "\(calls)", "-r", "\(rate)",
            "-l", "\(atOnce)", "-t", transport, "-nostdin", "-trace_err", "-error_file", "sipp-\(run).err",
            "-timeout", "120", "-timeout_error", "-recv_timeout", "60000",
        ]
        return try ChildProcess(
            Installation.program("sipp"), arguments, environment: ["TERM": "dumb"], directory: "\(fixture.folder)/peer")
    }

    /// Answers calls at the fixture's peer address.
    func answer(_ scenario: String, calls: Int = 1, keys: [String: String] = [:]) throws -> ChildProcess {
        let run = Sipp.used.add(1, ordering: .relaxed).newValue
        let media = 25_000 + (run * 8) % 8_000 + 2
        let arguments = [
            "-sf", try rendered(scenario, keys, run), "-i", "127.0.0.1", "-p", "\(fixture.peerPort)", "-mi",
            "127.0.0.1",
            "-mp", "\(media)", "-m", "\(calls)", "-t", transport, "-nostdin", "-trace_err", "-error_file",
            "sipp-\(run).err", "-timeout", "120", "-timeout_error",
        ]
        return try ChildProcess(
            Installation.program("sipp"), arguments, environment: ["TERM": "dumb"], directory: "\(fixture.folder)/peer")
    }

    /// The scenario with `@NAME@` replaced, since sipp's own keys do not reach into what it expects.
    private func rendered(_ scenario: String, _ keys: [String: String], _ run: Int) throws -> String {
        var text = try String(contentsOfFile: Installation.scenario(scenario), encoding: .utf8)
        for (name, value) in keys { text = text.replacingOccurrences(of: "@\(name)@", with: value) }
        let path = "\(fixture.folder)/peer/\(scenario)-\(run).xml"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    /// What sipp complained about.
    func complaints() -> String {
        let folder = "\(fixture.folder)/peer"
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return files.filter { $0.hasSuffix(".err") }
            .map { (try? String(contentsOfFile: "\(folder)/\($0)", encoding: .utf8)) ?? "" }.joined(separator: "\n")
    }
}
