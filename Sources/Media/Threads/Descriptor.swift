// SPDX-License-Identifier: GPL-2.0-or-later
import Glibc

/// File descriptors as `CLinux` answers them: a number, or minus errno.
enum Descriptor {
    static func make(_ what: String, _ result: Int32) throws(MediaError) -> Int32 {
        guard result >= 0 else { throw .system("cannot make a descriptor for \(what): \(reason(-result))") }
        return result
    }

    static func close(_ descriptor: Int32) {
        _ = Glibc.close(descriptor)
    }

    static func reason(_ error: Int32) -> String {
        unsafe String(cString: strerror(error))
    }
}
