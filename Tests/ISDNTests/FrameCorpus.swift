// SPDX-License-Identifier: GPL-2.0-or-later
import Foundation

/// The frames of `Tests/Corpora/q931/frames.txt`: whole LAPD frames (`L`), and messages of layer 3 alone (`Q`).
enum FrameCorpus {
    static let frames: [[UInt8]] = lines.compactMap { $0.first == "L" ? octets($0) : nil }
    static let messages: [[UInt8]] = lines.compactMap { $0.first == "Q" ? octets($0) : nil }

    /// Every message inside an I frame, and every frame as it is.
    static let allFrames: [[UInt8]] = frames + messages.map { [0x00, 0x01, 0x00, 0x00] + $0 }

    private static let lines: [Substring] = {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../Corpora/q931/frames.txt")
        return (try? String(contentsOf: file, encoding: .utf8))?.split(separator: "\n") ?? []
    }()

    private static func octets(_ line: Substring) -> [UInt8] {
        line.prefix { $0 != "#" }.split(separator: " ").dropFirst().compactMap { UInt8($0, radix: 16) }
    }
}
