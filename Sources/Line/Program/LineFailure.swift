// SPDX-License-Identifier: GPL-2.0-or-later
import Glibc

/// Why the line program cannot start, as a sentence for the operator.
struct LineFailure: Error, Hashable, CustomStringConvertible {
    var description: String

    init(_ description: String) {
        self.description = description
    }

    /// The system said no: what was tried, and the C library's words.
    init(_ what: String, errno number: Int32) {
        description = "\(what): \(Self.words(number))"
    }

    static func words(_ number: Int32) -> String {
        unsafe strerror(number).map { unsafe String(cString: $0) } ?? "error \(number)"
    }
}
