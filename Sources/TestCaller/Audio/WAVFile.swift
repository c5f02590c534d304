// SPDX-License-Identifier: GPL-2.0-or-later
import Foundation

/// A WAV file as this gateway reads and writes them: 8 kHz, mono, 16-bit PCM.
package struct WAVFile: Hashable, Sendable {
    package var samples: [Int16]

    package init(samples: [Int16]) {
        self.samples = samples
    }

    package static let sampleRate: UInt32 = 8_000

    /// Takes a RIFF file apart; chunks other than `fmt ` and `data` are passed over, and a `data` chunk that claims more than
    /// there is ends with the file, as recorders that were interrupted leave it.
    package init(parsing bytes: [UInt8]) throws(WAVError) {
        guard bytes.count >= 12, bytes.starts(with: "RIFF".utf8), bytes[8..<12].elementsEqual("WAVE".utf8) else {
            throw .notWAV
        }
        var position = 12
        var hasFormat = false
        while position + 8 <= bytes.count {
            let name = String(decoding: bytes[position..<(position + 4)], as: UTF8.self)
            let length = Int(Self.number(bytes, position + 4, octets: 4))
            let start = position + 8
            let end = min(bytes.count, start + length)
            if name == "fmt " {
                try Self.checkFormat(bytes[start..<end])
                hasFormat = true
            } else if name == "data" {
                guard hasFormat else { throw .notWAV }
                samples = stride(from: start, to: end - 1, by: 2).map {
                    Int16(truncatingIfNeeded: Self.number(bytes, $0, octets: 2))
                }
                return
            }
            // Chunks begin at even positions.
            position = start + length + length % 2
        }
        throw .noData
    }

    private static func checkFormat(_ chunk: ArraySlice<UInt8>) throws(WAVError) {
        let format = Array(chunk)
        guard format.count >= 16 else { throw .notWAV }
        let encoding = number(format, 0, octets: 2)
        let channels = number(format, 2, octets: 2)
        let rate = number(format, 4, octets: 4)
        let bits = number(format, 14, octets: 2)
        guard encoding == 1, channels == 1, rate == sampleRate, bits == 16 else {
            throw .unsupported(encoding: encoding, channels: channels, rate: rate, bits: bits)
        }
    }

    package func encoded() -> [UInt8] {
        let length = UInt32(clamping: samples.count * 2)
        var bytes = Array("RIFF".utf8)
        Self.append(36 + length, octets: 4, to: &bytes)
        bytes += "WAVEfmt ".utf8
        Self.append(16, octets: 4, to: &bytes)
        Self.append(1, octets: 2, to: &bytes)
        Self.append(1, octets: 2, to: &bytes)
        Self.append(Self.sampleRate, octets: 4, to: &bytes)
        Self.append(Self.sampleRate * 2, octets: 4, to: &bytes)
        Self.append(2, octets: 2, to: &bytes)
        Self.append(16, octets: 2, to: &bytes)
        bytes += "data".utf8
        Self.append(length, octets: 4, to: &bytes)
        for sample in samples { Self.append(UInt32(UInt16(bitPattern: sample)), octets: 2, to: &bytes) }
        return bytes
    }

    /// Reads a file. The error is a `WAVError`, or the system's.
    package static func read(_ path: String) throws -> WAVFile {
        try WAVFile(parsing: Array(Data(contentsOf: URL(fileURLWithPath: path))))
    }

    package func write(_ path: String) throws {
        try Data(encoded()).write(to: URL(fileURLWithPath: path))
    }

    private static func number(_ bytes: [UInt8], _ position: Int, octets: Int) -> UInt32 {
        (0..<octets).reversed().reduce(0) { value, index in
            let at = position + index
            return value << 8 | UInt32(at < bytes.count ? bytes[at] : 0)
        }
    }

    private static func append(_ value: UInt32, octets: Int, to bytes: inout [UInt8]) {
        for index in 0..<octets { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * UInt32(index)))) }
    }
}

package enum WAVError: Error, Hashable, Sendable, CustomStringConvertible {
    case notWAV
    case unsupported(encoding: UInt32, channels: UInt32, rate: UInt32, bits: UInt32)
    case noData

    package var description: String {
        switch self {
        case .notWAV: "not a WAV file"
        case .unsupported(let encoding, let channels, let rate, let bits):
            "WAV of \(rate) Hz, \(channels) channel(s), \(bits) bits, encoding \(encoding); it must be 8000 Hz, mono, "
                + "16-bit PCM: sox IN.wav -r 8000 -c 1 -b 16 OUT.wav"
        case .noData: "WAV file without audio"
        }
    }
}
