// SPDX-License-Identifier: GPL-2.0-or-later
import CLinux
import Glibc
import LineProtocol
package import NIOCore
import NIOPosix

/// A line program we started: in a session of its own, so that no signal meant for us ends its calls.
package struct LineProgram: Hashable, Sendable {
    package let processID: Int32
    package let executable: String
    package let logPath: String

    package static let executableName = "trunkgate-line"
    /// How long its sockets may take to answer.
    private static let startLimitMilliseconds = 10_000

    /// Starts it unless a line program answers in that directory already (then nil). Its output is appended to
    /// `line.log` there. Fails with `LineClientError`.
    package static func startUnlessRunning(
        stateDirectory: String, executable: String? = nil, arguments: [String] = [], on eventLoop: any EventLoop
    ) -> EventLoopFuture<LineProgram?> {
        NIOThreadPool.singleton.runIfActive(eventLoop: eventLoop) {
            let socket = "\(stateDirectory)/\(Lane.callSocketName)"
            guard socket.utf8.count <= 107 else {
                throw LineClientError.socketPathTooLong(path: socket, octets: socket.utf8.count)
            }
            if answers(socket) { return nil }
            let path = try executable ?? find()
            let program = try spawn(path, ["--state", stateDirectory] + arguments, log: "\(stateDirectory)/line.log")
            try program.waitUntilAnswering(socket)
            return program
        }
    }

    /// Whether it has ended; also takes it off the process table.
    package func hasEnded() -> Bool {
        var status: Int32 = 0
        return unsafe waitpid(processID, &status, WNOHANG) != 0
    }

    /// Beside the running program, else along PATH.
    static func find() throws(LineClientError) -> String {
        var searched: [String] = []
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let length = unsafe readlink("/proc/self/exe", &buffer, buffer.count)
        if length > 0, length < buffer.count {
            let own = String(decoding: buffer.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
            searched.append(String(own[..<(own.lastIndex(of: "/") ?? own.startIndex)]))
        }
        if let path = unsafe getenv("PATH") {
            searched += unsafe String(cString: path).split(separator: ":").map(String.init)
        }
        for folder in searched where unsafe access("\(folder)/\(executableName)", X_OK) == 0 {
            return "\(folder)/\(executableName)"
        }
        throw .executableMissing(searched: searched)
    }

    /// glibc's POSIX_SPAWN_SETSID, which Swift's importer does not show.
    private static let setsidFlag: Int32 = 0x80

    private static func spawn(_ path: String, _ arguments: [String], log: String) throws(LineClientError) -> LineProgram
    {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        unsafe posix_spawn_file_actions_adddup2(&actions, 1, 2)
        // It outlives us: a listening socket it inherited would keep the port from whoever comes after us.
        _ = unsafe cl_spawn_close_from(&actions, 3)
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        // Signals we ignore or block would stay so in the child.
        var none = sigset_t()
        unsafe sigemptyset(&none)
        var all = sigset_t()
        unsafe sigfillset(&all)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setsigdefault(&attributes, &all)
        let flags = setsidFlag | Int32(POSIX_SPAWN_SETSIGMASK) | Int32(POSIX_SPAWN_SETSIGDEF)
        unsafe posix_spawnattr_setflags(&attributes, Int16(truncatingIfNeeded: flags))
        var words: [UnsafeMutablePointer<CChar>?] = unsafe ([path] + arguments).map { unsafe strdup($0) } + [nil]
        defer { unsafe words.forEach { unsafe free($0) } }
        var processID: pid_t = 0
        let result = unsafe posix_spawn(&processID, path, &actions, &attributes, &words, environ)
        guard result == 0 else { throw .startFailed(executable: path, reason: errorText(result)) }
        return LineProgram(processID: processID, executable: path, logPath: log)
    }

    private func waitUntilAnswering(_ socket: String) throws(LineClientError) {
        for _ in 0..<(Self.startLimitMilliseconds / 10) {
            if Self.answers(socket) { return }
            var status: Int32 = 0
            if unsafe waitpid(processID, &status, WNOHANG) == processID {
                let signal = status & 0x7F
                let words = signal == 0 ? "exit status \(status >> 8 & 0xFF)" : "signal \(signal)"
                throw .endedAtStart(executable: executable, status: words, log: lastLogLine())
            }
            usleep(10_000)
        }
        throw .noAnswer(socket: socket)
    }

    /// Whether somebody accepts on this Unix socket.
    private static func answers(_ path: String) -> Bool {
        let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8.prefix(107)) }
        return unsafe withUnsafeBytes(of: &address) { raw in
            guard let base = unsafe raw.assumingMemoryBound(to: sockaddr.self).baseAddress else { return false }
            return unsafe connect(descriptor, base, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
        }
    }

    private func lastLogLine() -> String {
        let file = unsafe open(logPath, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return "" }
        defer { close(file) }
        let end = lseek(file, 0, SEEK_END)
        lseek(file, max(0, end - 1_024), SEEK_SET)
        var octets = [UInt8](repeating: 0, count: 1_024)
        let count = unsafe read(file, &octets, octets.count)
        guard count > 0 else { return "" }
        return String(decoding: octets.prefix(count).split(separator: 10).last ?? [], as: UTF8.self)
    }
}
