// SPDX-License-Identifier: GPL-2.0-or-later
import Glibc
import LineProtocol

/// The directory a line program owns while it runs: its lock, and the two sockets it listens on.
final class StateDirectory {
    static let lockName = "line.lock"

    let path: String
    let callListener: Int32
    let bulkListener: Int32
    private let lock: Int32

    /// Fails when the directory cannot be used, or when another line program has it.
    init(_ path: String) throws(LineFailure) {
        self.path = path
        for name in [Lane.callSocketName, Lane.bulkSocketName] {
            let socket = "\(path)/\(name)"
            guard socket.utf8.count <= 107 else {
                throw LineFailure(
                    "\(socket) is \(socket.utf8.count) octets long and a socket's path may have 107: "
                        + "choose a shorter state directory")
            }
        }
        if unsafe mkdir(path, 0o700) != 0, errno != EEXIST {
            throw LineFailure("\(path) cannot be made", errno: errno)
        }
        lock = try Self.takeLock(path)
        do {
            callListener = try Self.listen("\(path)/\(Lane.callSocketName)")
            bulkListener = try Self.listen("\(path)/\(Lane.bulkSocketName)")
        } catch {
            Glibc.close(lock)
            throw error
        }
    }

    /// Takes the sockets' names away, so that nobody waits for an answer.
    func leave() {
        for name in [Lane.callSocketName, Lane.bulkSocketName] { unsafe unlink("\(path)/\(name)") }
        for descriptor in [callListener, bulkListener, lock] { Glibc.close(descriptor) }
    }

    /// The lock lives as long as the process: a socket left by a dead one is known to be stale.
    private static func takeLock(_ path: String) throws(LineFailure) -> Int32 {
        let file = "\(path)/\(lockName)"
        let descriptor = unsafe open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw LineFailure("\(file) cannot be opened", errno: errno) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            var octets = [UInt8](repeating: 0, count: 16)
            let count = unsafe read(descriptor, &octets, octets.count)
            let owner = String(decoding: octets.prefix(max(0, count)).prefix { $0 > 32 }, as: UTF8.self)
            close(descriptor)
            throw LineFailure(
                "another line program\(owner.isEmpty ? "" : " (process \(owner))") runs on \(path): "
                    + "end it, or give another --state")
        }
        let own = Array("\(getpid())\n".utf8)
        ftruncate(descriptor, 0)
        unsafe pwrite(descriptor, own, own.count, 0)
        return descriptor
    }

    private static func listen(_ path: String) throws(LineFailure) -> Int32 {
        unsafe unlink(path)
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let descriptor = socket(AF_UNIX, type, 0)
        guard descriptor >= 0 else { throw LineFailure("no socket for \(path)", errno: errno) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8.prefix(107)) }
        // Born with mode 0600: nobody else can connect in between.
        let mask = umask(0o177)
        let bound = unsafe withUnsafeBytes(of: &address) { raw in
            unsafe raw.assumingMemoryBound(to: sockaddr.self).baseAddress.map {
                unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        let number = errno
        umask(mask)
        guard bound == 0, Glibc.listen(descriptor, 16) == 0 else {
            close(descriptor)
            throw LineFailure("\(path) cannot be listened on", errno: number)
        }
        return descriptor
    }
}
