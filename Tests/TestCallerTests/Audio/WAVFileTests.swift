// SPDX-License-Identifier: GPL-2.0-or-later
import Foundation
import TestCaller
import Testing

@Suite struct WAVFileTests {
    private static let samples: [Int16] = [0, 1, -1, .max, .min, 256, -257]

    @Test("What is written can be read")
    func roundTrip() throws {
        #expect(try WAVFile(parsing: WAVFile(samples: Self.samples).encoded()).samples == Self.samples)
        #expect(try WAVFile(parsing: WAVFile(samples: []).encoded()).samples == [])
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).wav").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try WAVFile(samples: Self.samples).write(path)
        #expect(try WAVFile.read(path).samples == Self.samples)
    }

    @Test("Chunks that are not known are passed over, odd ones with their padding")
    func otherChunks() throws {
        var bytes = WAVFile(samples: Self.samples).encoded()
        bytes.insert(contentsOf: Array("LIST".utf8) + [3, 0, 0, 0, 1, 2, 3, 0], at: 12)
        #expect(try WAVFile(parsing: bytes).samples == Self.samples)
    }

    @Test("A data chunk that claims more than there is ends with the file")
    func interrupted() throws {
        var bytes = WAVFile(samples: Self.samples).encoded()
        bytes.replaceSubrange(40..<44, with: [0xFF, 0xFF, 0xFF, 0xFF])
        #expect(try WAVFile(parsing: bytes).samples == Self.samples)
        #expect(try WAVFile(parsing: bytes.dropLast()).samples == Self.samples.dropLast())
    }

    @Test("Any other format is refused with what it is and what would be right")
    func otherFormat() throws {
        var bytes = WAVFile(samples: Self.samples).encoded()
        bytes.replaceSubrange(24..<28, with: [0x44, 0xAC, 0, 0])
        let error = #expect(throws: WAVError.unsupported(encoding: 1, channels: 1, rate: 44_100, bits: 16)) {
            try WAVFile(parsing: bytes)
        }
        #expect(error?.description.contains("44100 Hz") == true)
        #expect(error?.description.contains("8000 Hz, mono") == true)
    }

    @Test("Every beginning of a file is read or refused")
    func truncated() {
        let bytes = WAVFile(samples: Self.samples).encoded()
        for count in 0..<44 {
            #expect(throws: WAVError.self) { try WAVFile(parsing: Array(bytes.prefix(count))) }
        }
    }

    @Test("Damaged files are read or refused, whatever is in them")
    func damaged() {
        var generator = SystemRandomNumberGenerator()
        let bytes = WAVFile(samples: Self.samples).encoded()
        var readable = 0
        for _ in 0..<2_000 {
            var damaged = bytes
            for _ in 0..<3 { damaged[Int.random(in: 0..<damaged.count, using: &generator)] = generator.next() }
            if (try? WAVFile(parsing: damaged)) != nil { readable += 1 }
        }
        #expect(readable < 2_000)
    }
}
