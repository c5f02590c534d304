// SPDX-License-Identifier: GPL-2.0-or-later
import Glibc

/// Holds a state directory for one program: an advisory lock that ends with the process, however it ends.
package final class StateLock: Sendable {
    private let descriptor: Int32

    /// - Parameter advice: what to do when it is held.
    /// - Throws: `CommandFailure` naming the process that holds it.
    package init(
        _ directory: StateDirectory, advice: String = "end it, or use another state directory with --state"
    ) throws {
        let descriptor = unsafe open(directory.lock, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            let why = unsafe String(cString: strerror(errno))
            throw CommandFailure(.wrong, "cannot open \(directory.lock): \(why)")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            var text = [UInt8](repeating: 0, count: 20)
            let length = unsafe text.withUnsafeMutableBytes { unsafe pread(descriptor, $0.baseAddress, $0.count, 0) }
            close(descriptor)
            let holder = String(decoding: text.prefix(max(0, length)), as: UTF8.self).printable.replacing("?", with: "")
            throw CommandFailure(
                .wrong,
                "\(directory.path) is in use by \(holder.isEmpty ? "another process" : "process \(holder)"); "
                    + advice)
        }
        self.descriptor = descriptor
        let text = Array("\(getpid())\n".utf8)
        _ = ftruncate(descriptor, 0)
        _ = unsafe text.withUnsafeBytes { unsafe pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    }

    deinit {
        close(descriptor)
    }
}
