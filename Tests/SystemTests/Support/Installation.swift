// SPDX-License-Identifier: GPL-2.0-or-later
import Foundation

/// Where the built programs and the tests' own files are.
enum Installation {
    /// The folder of the running test bundle is the folder of the programs built with it.
    static let programs: String = {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return (own as NSString).deletingLastPathComponent
    }()

    static var trunkgate: String { programs + "/trunkgate" }
    static var line: String { programs + "/trunkgate-line" }

    static func scenario(_ name: String) -> String {
        let here = (#filePath as NSString).deletingLastPathComponent
        return ((here as NSString).deletingLastPathComponent as NSString).appendingPathComponent(
            "Scenarios/\(name).xml")
    }

    static var corpora: String {
        let here = (#filePath as NSString).deletingLastPathComponent
        let tests = ((here as NSString).deletingLastPathComponent as NSString).deletingLastPathComponent
        return (tests as NSString).appendingPathComponent("Corpora")
    }

    static func program(_ name: String) -> String {
        for folder in ["/usr/bin", "/usr/sbin", "/bin", "/sbin", "/usr/local/bin"] {
            let path = "\(folder)/\(name)"
            if FileManager.default.isExecutableFile(atPath: path) { return path }
        }
        return name
    }
}
