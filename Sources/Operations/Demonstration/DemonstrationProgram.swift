// SPDX-License-Identifier: GPL-2.0-or-later
import Foundation
import Gateway
import GatewayConfiguration
import Glibc
import SIPMessages
import ServiceLifecycle
import TestCaller

/// `trunkgate demo`: a gateway and a switch as children, a test call between them, and then whoever wants to call.
struct DemonstrationProgram: Service {
    let plan: DemonstrationPlan
    /// Ends after the test call.
    let once: Bool

    /// How long the line may take to come into service.
    private static let serviceLimit = Duration.seconds(45)

    func run() async throws {
        try prepare()
        let lock = try StateLock(
            StateDirectory(plan.folder), advice: "a demonstration is up already: end it with Ctrl-C where it runs")
        try clear()
        if let complaint = plan.complaint() { throw CommandFailure(.wrong, complaint) }
        var children: [ChildProgram] = []
        defer { end(children) }
        do {
            Terminal.write(DemonstrationText.beginning(plan))
            children.append(try start("switch", plan.switchFile, plan.demonstrationSwitch))
            children.append(try start("run", plan.gatewayFile, plan.gateway))
            let started = children
            try await cancelWhenGracefulShutdown { try await demonstrate(started) }
        } catch is CancellationError {
            Terminal.line("\nEnding the demonstration.")
        }
        extendLifetime(lock)
    }

    private func demonstrate(_ children: [ChildProgram]) async throws {
        try await waitForService(children)
        Terminal.write(DemonstrationText.beforeCall)
        // A call cannot be cancelled on its way; whoever presses Ctrl-C need not wait for its end.
        let (answers, continuation) = AsyncStream.makeStream(of: CommandFailure?.self)
        Task {
            continuation.yield(await placeCall())
            continuation.finish()
        }
        var failure: CommandFailure?
        for await answer in answers { failure = answer }
        try Task.checkCancellation()
        if once {
            if let failure { throw failure }
            return
        }
        if let failure { Terminal.complain(failure) }
        Terminal.write(DemonstrationText.phone(plan, program: CommandLine.arguments.first ?? "trunkgate"))
        while true {
            try checkAlive(children)
            try await Task.sleep(for: .milliseconds(500))
        }
    }

    // MARK: Starting

    private func prepare() throws {
        for directory in [StateDirectory(plan.folder), plan.gateway, plan.demonstrationSwitch] {
            if let complaint = directory.complaint { throw CommandFailure(.wrong, complaint) }
        }
        try StateDirectory(plan.folder).create()
    }

    /// Ends what an earlier demonstration left running and takes its files away.
    private func clear() throws {
        let table = ProcessTable()
        let left = programs(table)
        if !left.isEmpty {
            Terminal.line(
                "Ending what an earlier demonstration left: \(left.map { "\($0.name) (\($0.processID))" }.joined(separator: ", "))"
            )
            let still = table.end(left)
            if let one = still.first {
                throw CommandFailure(
                    .wrong,
                    "\(one.name) (process \(one.processID) of user \(one.userID)) is left of an earlier demonstration and "
                        + "cannot be ended from here: end it with `kill \(one.processID)` as that user")
            }
        }
        for directory in [plan.gateway, plan.demonstrationSwitch] {
            try? FileManager.default.removeItem(atPath: directory.path)
            try directory.create()
        }
        try write(plan.configuration.gateway, to: plan.gatewayFile)
        try write(plan.configuration.switchSide, to: plan.switchFile)
    }

    private func programs(_ table: ProcessTable) -> [ProcessTable.Program] {
        table.programs(of: plan.gateway.path) + table.programs(of: plan.demonstrationSwitch.path)
    }

    private func write(_ text: String, to file: String) throws {
        do {
            try text.write(toFile: file, atomically: true, encoding: .utf8)
        } catch {
            throw CommandFailure(.wrong, "cannot write \(file): \(reason(error))")
        }
    }

    private func start(_ command: String, _ file: String, _ directory: StateDirectory) throws -> ChildProgram {
        try ChildProgram(
            arguments: [command, "--config", file, "--state", directory.path],
            log: "\(directory.path)/\(command).log")
    }

    // MARK: Waiting

    private func waitForService(_ children: [ChildProgram]) async throws {
        Terminal.write("Waiting until the line is in service ")
        let limit = ContinuousClock.now + Self.serviceLimit
        var seen = "the gateway does not answer yet"
        while ContinuousClock.now < limit {
            do {
                try checkAlive(children)
            } catch {
                Terminal.line("")
                throw error
            }
            if let span = try? await ControlClient(plan.gateway).spans().first {
                if span.inService {
                    Terminal.line("in service.\n")
                    return
                }
                seen = "\(span.summary) (layer 1 \(span.layer1), layer 2 \(span.layer2), layer 3 \(span.layer3))"
            }
            Terminal.write(".")
            try await Task.sleep(for: .milliseconds(500))
        }
        Terminal.line("")
        let logs = children.map { "\($0.log):\n\($0.lastLines())" }.joined()
        throw CommandFailure(.wrong, "the line did not come into service within \(Self.serviceLimit): \(seen)\n\(logs)")
    }

    private func checkAlive(_ children: [ChildProgram]) throws {
        for child in children {
            guard let how = child.ended() else { continue }
            throw CommandFailure(
                .wrong, "a program of the demonstration ended (\(how)); the end of \(child.log):\n\(child.lastLines())")
        }
    }

    // MARK: The call

    /// Places the test call and prints what it was like; returns what was wrong with it.
    private func placeCall() async -> CommandFailure? {
        let target = SIPURI(user: "0100", host: "127.0.0.1", port: plan.configuration.sipPort)
        let configuration = TestCallConfiguration(
            target: target, from: "demo", talkMilliseconds: 4000, answerLimitMilliseconds: 15_000)
        do {
            let report = try await TestCall.run(configuration)
            await printLadder()
            Terminal.write(DemonstrationText.measured(report))
            return report.echo == nil ? CommandFailure(.wrong, "the test call's audio did not come back") : nil
        } catch {
            await printLadder()
            return CommandFailure(.wrong, "the test call failed: \(error)")
        }
    }

    private func printLadder() async {
        guard let page = try? await ControlClient(plan.gateway).ladder(.lastCall), !page.entries.isEmpty else { return }
        Terminal.write(LadderPrinter(width: Terminal.width).draw(page.entries, omitted: page.omitted) + "\n")
    }

    // MARK: Ending

    /// Ends all four programs, whether asked to or because something failed: nothing here may be cancelled.
    private func end(_ children: [ChildProgram]) {
        for child in children.reversed() { child.signal(SIGINT) }
        let limit = ContinuousClock.now + .seconds(6)
        var running = children
        while !running.isEmpty, ContinuousClock.now < limit {
            running.removeAll { $0.ended() != nil }
            usleep(20_000)
        }
        let table = ProcessTable()
        let still = table.end(programs(table))
        for child in children { _ = child.ended() }
        for program in still {
            Terminal.complain(
                CommandFailure(.wrong, "\(program.name) (process \(program.processID)) could not be ended"))
        }
    }
}
