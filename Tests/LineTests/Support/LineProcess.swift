// SPDX-License-Identifier: GPL-2.0-or-later
import Foundation
import Glibc
import LineProtocol

/// A real `trunkgate-line` in a directory of its own, ended with the test.
final class LineProcess {
    let directory: String
    let process = Process()
    private let output = Pipe()

    struct NotBuilt: Error {}

    init(directory: String? = nil) throws {
        let fresh = "/tmp/tgl-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
        self.directory = directory ?? fresh
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let beside = URL(fileURLWithPath: own).deletingLastPathComponent().appendingPathComponent("trunkgate-line")
        // Where the test runner is not in the build directory, its bundle is the first argument that lies there.
        let bundles = CommandLine.arguments.map {
            URL(fileURLWithPath: $0).deletingLastPathComponent().appendingPathComponent("trunkgate-line")
        }
        guard let found = ([beside] + bundles).first(where: { FileManager.default.isExecutableFile(atPath: $0.path) })
        else { throw NotBuilt() }
        process.executableURL = found
        process.arguments = ["--state", self.directory]
        process.standardOutput = output
        process.standardError = output
        try process.run()
    }

    var processID: Int32 { process.processIdentifier }

    /// Everything it said, once it has ended.
    func waitForEnd() -> (status: Int32, text: String) {
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: data, as: UTF8.self))
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        try? FileManager.default.removeItem(atPath: directory)
    }
}
