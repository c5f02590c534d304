// SPDX-License-Identifier: GPL-2.0-or-later
import Foundation
import RTP
import TestCaller
import Testing

@Suite struct EchoMeasurementTests {
    private static let marker = MarkerSignal.samples(count: 16_000)

    /// The marker after a delay, times a factor.
    private func makeEcho(delay: Int, factor: Double) -> [Int16] {
        [Int16](repeating: 0, count: delay) + Self.marker.map { Int16(clamping: Int((Double($0) * factor).rounded())) }
    }

    @Test(
        "A known delay and gain are found", arguments: [0, 1, 4_321, 16_000], [1.0, 0.01, -0.5, 2.0])
    func delayAndGain(delay: Int, factor: Double) throws {
        let echo = makeEcho(delay: delay, factor: factor)
        let result = try #require(EchoMeasurement.measure(sent: Self.marker, received: echo))
        #expect(result.delaySamples == delay)
        #expect(result.roundTripMilliseconds == Double(delay) / 8)
        #expect(abs(result.gainDecibels - AudioLevel.decibels(abs(factor))) < 0.1)
        #expect(result.likeness > 0.99)
        let level = try #require(AudioLevel.dBm0(Self.marker)) + AudioLevel.decibels(abs(factor))
        #expect(abs(result.levelDBm0 - level) < 0.1)
    }

    // One law's steps fall beside the other's, which alone moves a level by up to 0.2 dB.
    @Test("Both laws on the way change neither delay nor level")
    func coded() throws {
        let echo = makeEcho(delay: 4_000, factor: 1).map { MuLaw.decode(MuLaw.encode(ALaw.decode(ALaw.encode($0)))) }
        let result = try #require(EchoMeasurement.measure(sent: Self.marker, received: echo))
        #expect(result.delaySamples == 4_000)
        #expect(abs(result.gainDecibels) < 0.2)
    }

    @Test("Noise as loud as the echo does not hide it")
    func noise() throws {
        var state: UInt64 = 7
        let noisy = makeEcho(delay: 800, factor: 0.5).map { sample in
            state = state &* 6_364_136_223_846_793_005 &+ 1
            return Int16(clamping: Int(sample) + Int(state >> 52) - 2_048)
        }
        let result = try #require(EchoMeasurement.measure(sent: Self.marker, received: noisy))
        #expect(result.delaySamples == 800)
        #expect(abs(result.gainDecibels + 6.02) < 0.5)
    }

    @Test("A gap in the echo moves nothing")
    func gap() throws {
        var echo = makeEcho(delay: 4_000, factor: 1)
        for index in 8_000..<9_600 { echo[index] = 0 }
        #expect(try #require(EchoMeasurement.measure(sent: Self.marker, received: echo)).delaySamples == 4_000)
    }

    @Test("What is not the signal is no echo")
    func noEcho() {
        let tone = (0..<16_000).map { Int16(8_000 * sin(2 * Double.pi * 1_004 * Double($0) / 8_000)) }
        #expect(EchoMeasurement.measure(sent: Self.marker, received: tone) == nil)
        #expect(EchoMeasurement.measure(sent: Self.marker, received: [Int16](repeating: 0, count: 16_000)) == nil)
        #expect(EchoMeasurement.measure(sent: Self.marker, received: []) == nil)
        #expect(EchoMeasurement.measure(sent: [], received: tone) == nil)
        #expect(
            EchoMeasurement.measure(sent: Self.marker, received: makeEcho(delay: 12_000, factor: 1), maximumDelay: 800)
                == nil)
    }

    @Test("Every second of the marker is found in its place alone")
    func unambiguous() throws {
        let long = MarkerSignal.samples(count: 40_000)
        for start in stride(from: 0, through: 32_000, by: 4_000) {
            let second = Array(long[start..<(start + 8_000)])
            let result = try #require(EchoMeasurement.measure(sent: second, received: long, maximumDelay: 39_000))
            #expect(result.delaySamples == start)
        }
    }
}

@Suite struct AudioLevelTests {
    private func makeTone(_ amplitude: Double) -> [Int16] {
        (0..<8_000).map { Int16(amplitude * sin(2 * Double.pi * 1_000 * Double($0) / 8_000)) }
    }

    @Test("A sine has the level its amplitude was made for", arguments: [3.0, 0.0, -10.0, -30.0])
    func sine(level: Double) throws {
        let tone = makeTone(AudioLevel.amplitude(dBm0: level))
        #expect(abs(try #require(AudioLevel.dBm0(tone)) - level) < 0.05)
    }

    @Test("The digital milliwatt of G.711 is 0 dBm0")
    func milliwatt() throws {
        // Table 5: the A-law octets of a 1 kHz sine at 0 dBm0.
        let octets: [UInt8] = [0x34, 0x21, 0x21, 0x34, 0xB4, 0xA1, 0xA1, 0xB4]
        let samples = (0..<8_000).map { ALaw.decode(octets[$0 % 8]) }
        #expect(abs(try #require(AudioLevel.dBm0(samples))) < 0.02)
    }

    @Test("Silence has no level")
    func silence() {
        #expect(AudioLevel.dBm0([Int16](repeating: 0, count: 80)) == nil)
        #expect(AudioLevel.dBm0([Int16]()) == nil)
    }

    @Test("The marker is at its level, and the same each time")
    func marker() throws {
        let marker = MarkerSignal.samples(count: 8_000)
        #expect(marker.count == 8_000)
        #expect(marker == MarkerSignal.samples(count: 8_000))
        let loudest = try #require(marker.map { abs(Int($0)) }.max())
        #expect(abs(Double(loudest) - AudioLevel.amplitude(dBm0: MarkerSignal.levelDBm0)) < 200)
    }
}
