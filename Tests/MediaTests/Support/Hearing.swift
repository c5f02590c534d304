// SPDX-License-Identifier: GPL-2.0-or-later
import CSpanDSP
import Glibc
import ISDN
import RTP

/// Octets as samples.
func samples(_ octets: some Sequence<UInt8>, _ law: G711Law = .aLaw) -> [Int16] {
    octets.map { law == .aLaw ? ALaw.decode($0) : MuLaw.decode($0) }
}

/// The digits spandsp hears in audio.
func digitsHeard(in samples: [Int16]) -> String {
    guard let state = unsafe dtmf_rx_init(nil, nil, nil) else { return "no detector" }
    defer { _ = unsafe dtmf_rx_free(state) }
    var result = ""
    var start = 0
    while start < samples.count {
        var block = Array(samples[start..<min(start + 800, samples.count)])
        _ = unsafe dtmf_rx(state, &block, Int32(block.count))
        var text = [CChar](repeating: 0, count: 129)
        let count = unsafe dtmf_rx_get(state, &text, 128)
        result += String(decoding: text.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        start += 800
    }
    return result
}

/// The level of a sine of this frequency in audio, in dBm0: what is left of it after correlation.
func level(of frequency: Double, in samples: some Collection<Int16>, _ law: G711Law = .aLaw) -> Double {
    var real = 0.0
    var imaginary = 0.0
    for (index, sample) in samples.enumerated() {
        let phase = 2 * Double.pi * frequency * Double(index) / 8_000
        real += Double(sample) * cos(phase)
        imaginary += Double(sample) * sin(phase)
    }
    let amplitude = 2 * (real * real + imaginary * imaginary).squareRoot() / Double(max(1, samples.count))
    return 20 * log10(max(amplitude, 0.001) / milliwattAmplitude(law))
}

/// The level of all of it, in dBm0.
func level(_ samples: some Collection<Int16>, _ law: G711Law = .aLaw) -> Double {
    let power = samples.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(max(1, samples.count))
    return 20 * log10(max((2 * power).squareRoot(), 0.001) / milliwattAmplitude(law))
}

/// The amplitude of the digital milliwatt: the sequences of G.711 tables 5 and 6 are a sine of 1 kHz at 0 dBm0.
func milliwattAmplitude(_ law: G711Law) -> Double {
    let octets: [UInt8] =
        law == .aLaw
        ? [0x34, 0x21, 0x21, 0x34, 0xB4, 0xA1, 0xA1, 0xB4] : [0x1E, 0x0B, 0x0B, 0x1E, 0x9E, 0x8B, 0x8B, 0x9E]
    let power = samples(octets, law).reduce(0.0) { $0 + Double($1) * Double($1) } / 8
    return (2 * power).squareRoot()
}

/// DTMF as a line carries it: each digit for so long, and silence after it.
func dtmf(
    _ digits: String, milliseconds: Int = 80, pause: Int = 80, lead: Int = 0, amplitude: Double = 6_000
) -> [UInt8] {
    var octets = [UInt8](repeating: ALaw.idle, count: lead)
    for character in digits.utf8 {
        guard let digit = DTMFDigit.from(ascii: character) else { continue }
        let (low, high) = digit.frequencies
        for index in 0..<(milliseconds * 8) {
            let time = 2 * Double.pi * Double(index) / 8_000
            octets.append(
                ALaw.encode(Int16(amplitude * sin(Double(low) * time) + amplitude * sin(Double(high) * time))))
        }
        octets += [UInt8](repeating: ALaw.idle, count: pause * 8)
    }
    return octets
}

/// Audio as a source for `Rig.says`: what it holds, then idle.
func source(_ octets: [UInt8], from tick: Int = 0) -> (Int) -> [UInt8] {
    { now in
        let start = (now - tick) * 80
        guard start >= 0, start < octets.count else { return [] }
        return Array(octets[start..<min(start + 80, octets.count)])
    }
}
