// SPDX-License-Identifier: GPL-2.0-or-later
import CLinux
import Glibc
import LineProtocol

/// The line program from its command line to its exit status: 0 ended as told, 1 could not start, 64 wrong arguments.
package enum LineMain {
    package static func run(_ words: [String]) -> Int32 {
        switch LineArguments.parse(words) {
        case .help:
            print(LineArguments.usage)
            return 0
        case .wrong(let reason):
            Journal(level: .info).note(.error, reason)
            print(LineArguments.usage)
            return 64
        case .run(let arguments):
            return run(arguments)
        }
    }

    private static func run(_ arguments: LineArguments) -> Int32 {
        let journal = Journal(level: arguments.logLevel)
        signal(SIGPIPE, SIG_IGN)
        _ = cl_core_dumps_off()
        // Before the other threads start: they inherit the mask.
        let wanted = [SIGTERM, SIGINT, SIGHUP]
        let signals = unsafe cl_signal_create(wanted, Int32(wanted.count))
        do {
            guard signals >= 0 else { throw LineFailure("signals cannot be read", errno: -signals) }
            let state = try StateDirectory(arguments.stateDirectory)
            let runtime = try LineRuntime(
                state: state, journal: journal, signals: signals, bootID: try bootID())
            journal.note(.info, "listening in \(arguments.stateDirectory)")
            runtime.run()
            journal.note(.info, "ended")
            return 0
        } catch {
            journal.note(.error, "\(error)")
            return 1
        }
    }

    /// Tells this life of the line program from every other.
    private static func bootID() throws(LineFailure) -> UInt64 {
        var number: UInt64 = 0
        let result = unsafe cl_random(&number, 8)
        guard result == 0 else { throw LineFailure("no random numbers", errno: -result) }
        return number
    }
}
