// SPDX-License-Identifier: GPL-2.0-or-later
import Foundation
import Testing

/// Speech to send, and the comparison of what came back with it.
enum Speech {
    /// Twenty seconds and more of a synthetic voice, 8 kHz mono.
    static func make(in folder: String) async throws -> String {
        let text = (1...40).map {
            "Sentence \($0): the quick brown fox number \($0 * 37) jumps over \($0 * 91) lazy dogs."
        }
        .joined(separator: " ")
        let made = try await run(
            Installation.program("espeak-ng"), ["-s", "170", "-w", "\(folder)/voice.wav", text], seconds: 60)
        try #require(made.status == 0, "\(made)")
        let converted = try await run(
            Installation.program("sox"),
            ["\(folder)/voice.wav", "-r", "8000", "-c", "1", "-b", "16", "\(folder)/speech.wav", "gain", "-n", "-6"])
        try #require(converted.status == 0, "\(converted)")
        return "\(folder)/speech.wav"
    }

    /// The samples of a mono 16-bit WAV file.
    static func samples(ofFile path: String) throws -> [Int16] {
        let data = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        guard let start = data.firstRange(of: Array("data".utf8))?.upperBound, start + 4 <= data.count else {
            return []
        }
        let octets = data[(start + 4)...]
        return stride(from: octets.startIndex, to: octets.endIndex - 1, by: 2).map {
            Int16(bitPattern: UInt16(octets[$0]) | UInt16(octets[$0 + 1]) << 8)
        }
    }

    struct Comparison {
        /// Windows of 200 ms with speech in them, and those that are the sent speech at some lag.
        var windows = 0
        var matched = 0
        /// Times the lag changed from one matched window to the next, or a window did not match.
        var gaps = 0
        var lags: [Int] = []
    }

    /// Finds each stretch of the received audio in the sent audio, each aligned on its own.
    static func compare(sent: [Int16], received: [Int16]) -> Comparison {
        let window = 1_600
        let (s, r) = (sent.map(Float.init), received.map(Float.init))
        var comparison = Comparison()
        var lag: Int?
        var position = 0
        while position + window <= r.count {
            defer { position += window }
            let piece = r[position..<position + window]
            let energy = piece.reduce(0) { $0 + $1 * $1 }
            // Quieter than -40 dBm0 there is no speech to compare.
            guard energy / Float(window) > 10_000 else { continue }
            comparison.windows += 1
            if let known = lag, correlation(s, r, at: position, lag: known, window) > 0.97 {
                comparison.matched += 1
                continue
            }
            var best: (lag: Int, value: Float) = (0, 0)
            for candidate in 0..<40_000 where position - candidate >= 0 {
                let value = correlation(s, r, at: position, lag: candidate, window, stride: 8)
                if value > best.value { best = (candidate, value) }
            }
            var exact: (lag: Int, value: Float) = (best.lag, 0)
            for candidate in max(0, best.lag - 8)...best.lag + 8 {
                let value = correlation(s, r, at: position, lag: candidate, window)
                if value > exact.value { exact = (candidate, value) }
            }
            if exact.value > 0.97 {
                comparison.matched += 1
                if lag != nil { comparison.gaps += 1 }
                lag = exact.lag
                comparison.lags.append(exact.lag)
            } else if lag == nil, comparison.windows == 1 {
                // The audio begins inside this window.
                comparison.windows = 0
            } else {
                comparison.gaps += 1
            }
        }
        return comparison
    }

    private static func correlation(
        _ sent: [Float], _ received: [Float], at position: Int, lag: Int, _ window: Int, stride step: Int = 1
    ) -> Float {
        let start = position - lag
        guard start >= 0, start + window <= sent.count else { return 0 }
        var (xy, xx, yy): (Float, Float, Float) = (0, 1, 1)
        var i = 0
        while i < window {
            let (x, y) = (sent[start + i], received[position + i])
            xy += x * y
            xx += x * x
            yy += y * y
            i += step
        }
        return xy / (xx * yy).squareRoot()
    }
}
