// SPDX-License-Identifier: GPL-2.0-or-later
import Glibc

/// Reads what `Playback.file` may play: RIFF WAVE, PCM, 8 kHz, mono, 16 bits.
enum WaveFile {
    private static let largest = 64 << 20

    static func samples(ofFile path: String) throws(MediaError) -> [Int16] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .file(path: path, reason: Descriptor.reason(errno)) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe read(descriptor, &buffer, buffer.count)
            if count < 0 { throw .file(path: path, reason: Descriptor.reason(errno)) }
            if count == 0 { break }
            bytes.append(contentsOf: buffer[..<count])
            if bytes.count > largest { throw .file(path: path, reason: "is longer than 64 MB") }
        }
        guard let samples = samples(of: bytes) else {
            throw .file(path: path, reason: "is not a WAV file of 8 kHz, mono, 16-bit PCM: convert it to that")
        }
        return samples
    }

    /// Nil when it is anything else.
    static func samples(of bytes: [UInt8]) -> [Int16]? {
        guard bytes.count >= 12, bytes[0..<4].elementsEqual("RIFF".utf8), bytes[8..<12].elementsEqual("WAVE".utf8)
        else { return nil }
        var offset = 12
        var isRightFormat = false
        while offset + 8 <= bytes.count {
            let length = (0..<4).reduce(0) { $0 | Int(bytes[offset + 4 + $1]) << (8 * $1) }
            let body = offset + 8
            let end = min(bytes.count, body + length)
            if bytes[offset..<(offset + 4)].elementsEqual("fmt ".utf8) {
                guard end - body >= 16 else { return nil }
                // PCM, 1 channel, 8,000 samples a second; then 16 bits a sample.
                isRightFormat =
                    bytes[body..<(body + 8)].elementsEqual([1, 0, 1, 0, 0x40, 0x1F, 0, 0])
                    && bytes[(body + 14)..<(body + 16)].elementsEqual([16, 0])
            } else if bytes[offset..<(offset + 4)].elementsEqual("data".utf8) {
                guard isRightFormat, end - body >= 2 else { return nil }
                return stride(from: body, to: end - 1, by: 2).map {
                    Int16(bitPattern: UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8)
                }
            }
            // Chunks are padded to even lengths.
            offset = end + (length & 1)
        }
        return nil
    }
}
