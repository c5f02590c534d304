// SPDX-License-Identifier: GPL-2.0-or-later
import Glibc

/// Unix stream sockets, asked directly: an HTTP client would try for a while where nobody is.
enum UnixSocket {
    /// Why nobody can be reached at this path, as the operating system says it; nil when somebody can.
    static func failure(_ path: String) -> String? {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return text(errno) }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) {
            unsafe $0.copyBytes(from: path.utf8.prefix(StateDirectory.longestSocketPath))
        }
        let result = unsafe withUnsafeBytes(of: &address) { raw in
            unsafe connect(
                descriptor, raw.assumingMemoryBound(to: sockaddr.self).baseAddress,
                socklen_t(MemoryLayout<sockaddr_un>.size))
        }
        return result == 0 ? nil : text(errno)
    }

    private static func text(_ number: Int32) -> String {
        switch number {
        case ENOENT: "there is no such socket"
        case ECONNREFUSED: "the program that made the socket has ended"
        default: unsafe String(cString: strerror(number))
        }
    }
}
