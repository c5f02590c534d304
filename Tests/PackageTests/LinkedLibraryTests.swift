// SPDX-License-Identifier: GPL-2.0-or-later
import Foundation
import Testing

@Suite("Libraries of the line program")
struct LinkedLibraryTests {
    /// The programs are built into the folder of the running test bundle.
    static let line: URL = {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(filePath: own).deletingLastPathComponent().appending(path: "trunkgate-line")
    }()

    static let allowed = [
        "libpri.so", "libspandsp.so", "libspeexdsp.so", "libsrtp2.so", "libc.so", "libm.so", "libgcc_s.so",
        "libstdc++.so",
        "ld-linux", "libpthread.so", "libdl.so", "libswiftCore.so", "libswiftGlibc.so", "libswift_Concurrency.so",
        "libswiftSynchronization.so", "libswift_StringProcessing.so", "libswift_RegexParser.so",
        "libswift_Builtin_float.so", "libswift_math.so", "libswiftSwiftOnoneSupport.so",
    ]

    /// The libraries a program names itself.
    static func needed(_ program: URL) throws -> [String] {
        try Program.output("/usr/bin/env", ["readelf", "--dynamic", "--wide", program.path()])
            .split(separator: "\n").filter { $0.contains("(NEEDED)") }
            .compactMap { $0.split(separator: "[").last?.split(separator: "]").first.map(String.init) }
    }

    @Test("It needs the Swift runtime, the C library, libpri and what processes signals, and nothing else")
    func needed() throws {
        let libraries = try Self.needed(Self.line)
        #expect(libraries.contains { $0.hasPrefix("libc.so") })
        for library in libraries {
            #expect(Self.allowed.contains { library.hasPrefix($0) }, "trunkgate-line needs \(library)")
        }
    }

    @Test("Nothing of Foundation, NIO or OpenSSL is linked into it")
    func symbols() throws {
        let symbols = try Program.output("/usr/bin/env", ["nm", Self.line.path()])
        #expect(symbols.contains(" main"))
        for word in ["NIOCore", "NIOPosix", "FoundationEssentials", "SSL_CTX_new", "BORINGSSL"] {
            #expect(!symbols.contains(word), "trunkgate-line has \(word) in it")
        }
    }
}
