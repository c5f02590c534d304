// SPDX-License-Identifier: GPL-2.0-or-later
import Glibc
import ISDN
import RTP

/// The tables of the media thread, made once before it starts: G.711 both ways, one law from the other, one second of a sine.
@safe struct AudioTables: BitwiseCopyable {
    private let decoding: Block<Int16>
    private let encoding: Block<UInt8>
    private let transcoding: Block<UInt8>
    /// A sine of 1 Hz at 8,000 samples a second: a tone of N hertz is every Nth of it, exactly.
    let sine: Block<Float>

    static var sampleRate: Int { @_noAllocation @_noLocks get { 8_000 } }

    init() {
        decoding = Block(repeating: 0, count: 512)
        encoding = Block(repeating: 0, count: 2 * 16_384)
        transcoding = Block(repeating: 0, count: 512)
        sine = Block(repeating: 0, count: Self.sampleRate)
        for octet in UInt8.min...UInt8.max {
            decoding[Int(octet)] = ALaw.decode(octet)
            decoding[Int(octet) + 256] = MuLaw.decode(octet)
            transcoding[Int(octet)] = G711Conversion.muLaw(fromALaw: octet)
            transcoding[Int(octet) + 256] = G711Conversion.aLaw(fromMuLaw: octet)
        }
        // 14 bits decide: every boundary of either law lies on a multiple of 4.
        for index in 0..<16_384 {
            let sample = Int16(truncatingIfNeeded: (index - 8_192) * 4)
            encoding[index] = ALaw.encode(sample)
            encoding[index + 16_384] = MuLaw.encode(sample)
        }
        for index in 0..<Self.sampleRate {
            sine[index] = Float(sin(2 * Double.pi * Double(index) / Double(Self.sampleRate)))
        }
    }

    func deallocate() {
        decoding.deallocate()
        encoding.deallocate()
        transcoding.deallocate()
        sine.deallocate()
    }

    /// The octet of silence.
    @_noAllocation @_noLocks
    func idle(_ law: G711Law) -> UInt8 { law == .aLaw ? ALaw.idle : MuLaw.idle }

    @_noAllocation @_noLocks
    func decode(_ octets: Block<UInt8>, _ law: G711Law, into samples: Block<Int16>) {
        let table = decoding.part(from: law == .aLaw ? 0 : 256, count: 256)
        for index in 0..<octets.count { samples[index] = table[Int(octets[index])] }
    }

    @_noAllocation @_noLocks
    func encode(_ samples: Block<Int16>, _ law: G711Law, into octets: Block<UInt8>) {
        let table = encoding.part(from: law == .aLaw ? 0 : 16_384, count: 16_384)
        for index in 0..<octets.count { octets[index] = table[(Int(samples[index]) &>> 2) &+ 8_192] }
    }

    /// Untouched where the laws agree, else by tables 3 and 4 of G.711.
    @_noAllocation @_noLocks
    func convert(_ octets: Block<UInt8>, from: G711Law, to: G711Law, into result: Block<UInt8>) {
        if from == to {
            result.copy(from: octets)
            return
        }
        let table = transcoding.part(from: from == .aLaw ? 0 : 256, count: 256)
        for index in 0..<octets.count { result[index] = table[Int(octets[index])] }
    }

    /// The amplitude, in 16-bit samples, of a sine of 0 dBm0: its peak is 3.14 dB under A-law's overload point, 3.17 dB
    /// under µ-law's (G.711 tables 1 and 2, note on the theoretical load capacity).
    @_noAllocation @_noLocks
    static func referenceAmplitude(_ law: G711Law) -> Float { law == .aLaw ? 22_827.06 : 22_656.71 }
}
