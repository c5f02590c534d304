// SPDX-License-Identifier: GPL-2.0-or-later
package import Foundation
import Glibc

/// The programs of ours that run on this machine, as `/proc` shows them.
package struct ProcessTable: Sendable {
    package struct Program: Sendable, Hashable {
        package var processID: Int32
        /// Ticks since the machine started: with the number it names a process for good.
        package var startTime: UInt64
        package var userID: UInt32
        package var arguments: [String]

        /// `trunkgate`, `trunkgate-line`.
        package var name: String {
            let path = arguments.first ?? ""
            return String(path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...])
        }
    }

    private let root: URL

    package init(root: URL = URL(fileURLWithPath: "/proc")) {
        self.root = root
    }

    /// The programs named `trunkgate…` whose arguments name this folder or something in it.
    package func programs(of folder: String, besides own: Int32 = getpid()) -> [Program] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
        return names.compactMap(Int32.init).sorted().filter { $0 != own }.compactMap(program).filter { program in
            program.name.hasPrefix("trunkgate")
                && program.arguments.dropFirst().contains { $0 == folder || $0.hasPrefix(folder + "/") }
        }
    }

    package func program(_ processID: Int32) -> Program? {
        guard let words = contents("\(processID)/cmdline"), let status = contents("\(processID)/stat") else {
            return nil
        }
        // The second field is the name in brackets, which may hold anything; the 22nd is the start time (proc(5)).
        guard let bracket = status.lastIndex(of: ")") else { return nil }
        let fields = status[status.index(after: bracket)...].split(separator: " ")
        guard fields.count > 19, fields[0] != "Z", let startTime = UInt64(fields[19]) else { return nil }
        let owner = try? FileManager.default.attributesOfItem(atPath: root.appendingPathComponent("\(processID)").path)
        let userID = (owner?[.ownerAccountID] as? NSNumber)?.uint32Value ?? 0
        let arguments = words.split(separator: "\0", omittingEmptySubsequences: true).map(String.init)
        return arguments.isEmpty
            ? nil : Program(processID: processID, startTime: startTime, userID: userID, arguments: arguments)
    }

    /// Asks the programs to end and insists after a while; returns those that are still there.
    package func end(_ programs: [Program], patience: Duration = .seconds(5)) -> [Program] {
        for (signal, wait) in [(SIGTERM, patience), (SIGKILL, .seconds(2))] {
            for program in programs where isRunning(program) { kill(program.processID, signal) }
            let limit = ContinuousClock.now + wait
            while ContinuousClock.now < limit, programs.contains(where: isRunning) { usleep(20_000) }
        }
        return programs.filter(isRunning)
    }

    private func isRunning(_ program: Program) -> Bool {
        self.program(program.processID)?.startTime == program.startTime
    }

    private func contents(_ name: String) -> String? {
        (try? Data(contentsOf: root.appendingPathComponent(name))).map { String(decoding: $0, as: UTF8.self) }
    }
}
