// SPDX-License-Identifier: GPL-2.0-or-later
import Glibc

/// The number of the control program's lives, in the state directory; raised and on the disk before each hello.
enum EpochFile {
    static let name = "epoch"

    /// The new epoch: one above the one stored, or 1.
    static func raise(in directory: String) throws(LineClientError) -> UInt32 {
        let path = "\(directory)/\(name)"
        let last = try read(path)
        guard last < UInt32.max else {
            throw .epochFile(path: path, reason: "the epoch cannot be raised further: stop both programs and remove it")
        }
        try write("\(last + 1)\n", to: path, directory: directory)
        return last + 1
    }

    private static func read(_ path: String) throws(LineClientError) -> UInt32 {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            guard errno == ENOENT else { throw failure(path, "reading it failed") }
            return 0
        }
        defer { close(file) }
        var octets = [UInt8](repeating: 0, count: 16)
        let count = unsafe Glibc.read(file, &octets, octets.count)
        guard count >= 0 else { throw failure(path, "reading it failed") }
        let text = octets.prefix(count).prefix { $0 != 10 }
        guard let digits = String(validating: text, as: UTF8.self), let number = UInt32(digits) else {
            throw .epochFile(path: path, reason: "does not hold a number: stop trunkgate-line and remove the file")
        }
        return number
    }

    private static func write(_ text: String, to path: String, directory: String) throws(LineClientError) {
        let draft = "\(path).new"
        let file = unsafe open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw failure(draft, "writing it failed") }
        let octets = Array(text.utf8)
        let written = unsafe Glibc.write(file, octets, octets.count) == octets.count && fsync(file) == 0
        let reason = failure(draft, "writing it failed")
        close(file)
        guard written else { throw reason }
        guard unsafe rename(draft, path) == 0 else { throw failure(path, "writing it failed") }
        // The new name must survive a power cut as well.
        let folder = unsafe open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw failure(directory, "opening it failed") }
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw failure(directory, "syncing it failed") }
    }

    private static func failure(_ path: String, _ what: String) -> LineClientError {
        .epochFile(path: path, reason: "\(what): \(errorText(errno))")
    }
}

/// The C library's words for an error number.
func errorText(_ number: Int32) -> String {
    unsafe strerror(number).map { unsafe String(cString: $0) } ?? "error \(number)"
}
