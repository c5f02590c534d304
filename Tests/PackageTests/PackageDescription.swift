// SPDX-License-Identifier: GPL-2.0-or-later
import Foundation

/// The package as SwiftPM understands it, and the imports in its sources.
struct PackageDescription {
    struct Target {
        var name: String
        /// A suite, or what only suites use.
        var isForTests: Bool
        /// Targets of this package.
        var targets: Set<String>
        /// Products of other packages.
        var products: Set<String>
        /// Modules its Swift files import, each with one file that does.
        var imports: [String: String]
    }

    let targets: [Target]

    static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../..").standardizedFileURL

    /// Asked once for all tests.
    static let package = Result { try load() }

    /// Runs `swift package dump-package`, with a folder of its own: the one of the running `swift test` is locked.
    private static func load() throws -> PackageDescription {
        let scratch = FileManager.default.temporaryDirectory
            .appending(path: "trunkgate-dump-package-\(ProcessInfo.processInfo.processIdentifier)")
        defer { try? FileManager.default.removeItem(at: scratch) }
        let text = try Program.output(
            "/usr/bin/env",
            [
                "swift", "package", "--package-path", root.path(), "--scratch-path", scratch.path(), "dump-package",
            ])
        return PackageDescription(
            targets: try JSONDecoder().decode(Dump.self, from: Data(text.utf8)).targets.map(target))
    }

    private static func target(_ dumped: Dump.Target) throws -> Target {
        let names = Set(dumped.dependencies.compactMap { $0.byName?.first ?? nil })
        let products = Set(dumped.dependencies.compactMap { $0.product?.first ?? nil })
        let folder = dumped.path ?? (dumped.type == "test" ? "Tests/" : "Sources/") + dumped.name
        return Target(
            name: dumped.name, isForTests: folder.hasPrefix("Tests/"), targets: names,
            products: products,
            imports: try imports(in: root.appending(path: folder)))
    }

    private static func imports(in folder: URL) throws -> [String: String] {
        var found: [String: String] = [:]
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        while let file = files?.nextObject() as? URL {
            guard file.pathExtension == "swift" else { continue }
            for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
                let words = line.split(separator: " ")
                guard let index = words.firstIndex(of: "import"), index + 1 < words.count,
                    words[..<index].allSatisfy({ attributes.contains($0) || accessLevels.contains($0) })
                else { continue }
                // `import struct Module.Type` names its module before the dot.
                let word =
                    kinds.contains(words[index + 1]) && index + 2 < words.count ? words[index + 2] : words[index + 1]
                found[String(word.prefix { $0 != "." })] = file.lastPathComponent
            }
        }
        return found
    }

    private static let attributes: Set<Substring> = [
        "@testable", "@_exported", "@preconcurrency", "@_implementationOnly",
    ]
    private static let accessLevels: Set<Substring> = ["package", "public", "internal", "private", "fileprivate"]
    private static let kinds: Set<Substring> = [
        "struct", "class", "enum", "protocol", "func", "var", "let", "typealias",
    ]
}

/// The part of `dump-package` that matters here.
private struct Dump: Decodable {
    struct Target: Decodable {
        var name: String
        var type: String
        var path: String?
        var dependencies: [Dependency]
    }

    /// Each is an array that begins with a name and goes on with conditions.
    struct Dependency: Decodable {
        var byName: [String?]?
        var product: [String?]?

        enum CodingKeys: CodingKey {
            case byName, product
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            byName = try Self.name(in: container, .byName)
            product = try Self.name(in: container, .product)
        }

        private static func name(in container: KeyedDecodingContainer<CodingKeys>, _ key: CodingKeys) throws
            -> [String?]?
        {
            guard container.contains(key) else { return nil }
            var list = try container.nestedUnkeyedContainer(forKey: key)
            return [try list.decodeIfPresent(String.self)]
        }
    }

    var targets: [Target]
}

/// Programs the tests ask.
enum Program {
    struct Failure: Error {
        var command: String
        var status: Int32
        var said: String
    }

    /// What it prints; a failure with what it complained of when it does not exit 0.
    static func output(_ path: String, _ arguments: [String]) throws -> String {
        let process = Process()
        let (output, errors) = (Pipe(), Pipe())
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        let printed = output.fileHandleForReading.readDataToEndOfFile()
        let said = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(
                command: ([path] + arguments).joined(separator: " "), status: process.terminationStatus,
                said: String(decoding: said, as: UTF8.self))
        }
        return String(decoding: printed, as: UTF8.self)
    }
}
