// SPDX-License-Identifier: GPL-2.0-or-later
import Foundation
import Testing

/// The torture messages of RFC 4475 and RFC 5118 under `Tests/Corpora/`.
enum Corpus {
    struct Entry: Sendable, CustomTestStringConvertible {
        let folder: String
        let file: String
        let verdict: String
        let bytes: [UInt8]

        var testDescription: String { "\(folder)/\(file)" }
    }

    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Corpora")

    static func read(_ path: String) -> [UInt8] {
        (try? Data(contentsOf: root.appending(path: path))).map(Array.init) ?? []
    }

    static let torture: [Entry] = ["rfc4475", "rfc5118"].flatMap { folder in
        let manifest = String(decoding: read("\(folder)/MANIFEST.tsv"), as: UTF8.self)
        return manifest.split(separator: "\n").dropFirst().map { line in
            let columns = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            return Entry(
                folder: folder, file: columns[0], verdict: columns[2], bytes: read("\(folder)/\(columns[0])"))
        }
    }

    static func message(_ file: String) -> [UInt8] {
        torture.first { $0.file == file }?.bytes ?? []
    }
}
