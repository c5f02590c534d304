// SPDX-License-Identifier: GPL-2.0-or-later
import Glibc

/// A child of ours that runs this same program with other arguments, its output in a log file.
///
/// It is in a process group of its own: Ctrl-C at the terminal reaches its parent alone, which ends it in order.
package final class ChildProgram: Sendable {
    package let processID: Int32
    package let log: String

    /// - Throws: `CommandFailure` when it cannot be started.
    package init(arguments: [String], log: String) throws {
        self.log = log
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        unsafe posix_spawn_file_actions_adddup2(&actions, 1, 2)
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        // What we ignore or block would stay so in the child.
        var none = sigset_t()
        unsafe sigemptyset(&none)
        var all = sigset_t()
        unsafe sigfillset(&all)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setsigdefault(&attributes, &all)
        unsafe posix_spawnattr_setpgroup(&attributes, 0)
        let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
        unsafe posix_spawnattr_setflags(&attributes, Int16(flags))
        let name = CommandLine.arguments.first ?? "trunkgate"
        var words: [UnsafeMutablePointer<CChar>?] = unsafe ([name] + arguments).map { unsafe strdup($0) } + [nil]
        defer { unsafe words.forEach { unsafe free($0) } }
        var processID: pid_t = 0
        let result = unsafe posix_spawn(&processID, ChildProgram.executable, &actions, &attributes, &words, environ)
        guard result == 0 else {
            let why = unsafe String(cString: strerror(result))
            throw CommandFailure(.wrong, "cannot start \(name) \(arguments.joined(separator: " ")): \(why)")
        }
        self.processID = processID
    }

    /// Our own program by its name, which lists of processes show; if it was replaced meanwhile, what runs now.
    private static var executable: String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let length = unsafe readlink("/proc/self/exe", &buffer, buffer.count)
        let octets = buffer.prefix(max(0, length)).map { UInt8(bitPattern: $0) }
        let path = String(decoding: octets, as: UTF8.self)
        return unsafe access(path, X_OK) == 0 ? path : "/proc/self/exe"
    }

    /// How it ended, as a few words; nil while it runs. Takes it off the process table.
    package func ended() -> String? {
        var status: Int32 = 0
        let result = unsafe waitpid(processID, &status, WNOHANG)
        guard result != 0 else { return nil }
        guard result == processID else { return "it has ended" }
        let signal = status & 0x7F
        return signal == 0 ? "exit code \(status >> 8 & 0xFF)" : "signal \(signal)"
    }

    package func signal(_ number: Int32) {
        kill(processID, number)
    }

    /// The end of what it printed.
    package func lastLines(_ count: Int = 12) -> String {
        let descriptor = unsafe open(log, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        lseek(descriptor, max(0, lseek(descriptor, 0, SEEK_END) - 8192), SEEK_SET)
        var octets = [UInt8](repeating: 0, count: 8192)
        let length = unsafe octets.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
        let lines = octets.prefix(max(0, length)).split(separator: 10).suffix(count)
        return lines.map { "    " + String(decoding: $0, as: UTF8.self).printable + "\n" }.joined()
    }
}
