// SPDX-License-Identifier: GPL-2.0-or-later
import Foundation
import Operations
import Testing

@Suite("ProcessTable")
struct ProcessTableTests {
    /// A `/proc` with these processes: number, arguments, state letter.
    private func withProcesses(
        _ processes: [(Int32, [String], String)], _ body: (ProcessTable) throws -> Void
    ) throws {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: root) }
        for (number, arguments, state) in processes {
            let folder = root.appendingPathComponent("\(number)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data(arguments.joined(separator: "\0").utf8).write(to: folder.appendingPathComponent("cmdline"))
            let stat = "\(number) (a) b (c) \(state) 1 " + (0..<17).map { "\($0)" }.joined(separator: " ") + " 4711 0 0"
            try Data(stat.utf8).write(to: folder.appendingPathComponent("stat"))
        }
        try body(ProcessTable(root: root))
    }

    @Test("Only programs of ours that name the folder are found, and not ourselves")
    func found() throws {
        let folder = "/run/trunkgate-demo/gateway"
        let processes: [(Int32, [String], String)] = [
            (10, ["/opt/trunkgate", "run", "--config", folder + "/trunkgate.yaml"], "S"),
            (11, ["trunkgate-line", "--state", folder], "S"),
            (12, ["trunkgate-line", "--state", "/run/trunkgate-demo/gateway2"], "S"),
            (13, ["vi", folder + "/trunkgate.yaml"], "S"),
            (14, ["trunkgate", "show", "calls"], "S"),
            (15, ["trunkgate", "demo", "--state", folder], "S"),
            (16, ["trunkgate-line", "--state", folder], "Z"),
            (17, [], "S"),
            (18, [folder], "S"),
        ]
        try withProcesses(processes) { table in
            let programs = table.programs(of: folder, besides: 15)
            #expect(programs.map(\.processID) == [10, 11])
            #expect(programs.map(\.name) == ["trunkgate", "trunkgate-line"])
        }
    }

    @Test("The start time is read past a name with brackets and blanks in it")
    func startTime() throws {
        try withProcesses([(10, ["trunkgate"], "S")]) { table in
            #expect(table.program(10)?.startTime == 4711)
            #expect(table.program(11) == nil)
        }
    }

    @Test("A program that runs is ended, and one that has the number of an ended one is not")
    func ending() throws {
        let child = Process()
        child.executableURL = URL(fileURLWithPath: "/bin/sleep")
        child.arguments = ["600"]
        try child.run()
        let table = ProcessTable()
        // The kernel lets us go on a moment before the child's arguments can be read.
        var found: ProcessTable.Program?
        while found == nil, child.isRunning { found = table.program(child.processIdentifier) }
        let program = try #require(found)
        var other = program
        other.startTime += 1
        #expect(table.end([other]).isEmpty)
        #expect(child.isRunning)
        #expect(table.end([program], patience: .milliseconds(200)).isEmpty)
        child.waitUntilExit()
        #expect(child.terminationReason == .uncaughtSignal)
    }
}
