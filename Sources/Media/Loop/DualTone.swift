// SPDX-License-Identifier: GPL-2.0-or-later
import ISDN
import LineProtocol
import RTP

/// One or two sine tones of whole frequencies in hertz, from the sine table.
struct DualTone: BitwiseCopyable {
    private var first = 0
    private var second = 0
    private var firstAmplitude: Float = 0
    private var secondAmplitude: Float = 0
    private var firstPhase = 0
    private var secondPhase = 0

    @_noAllocation @_noLocks
    init() {}

    /// One frequency, at an amplitude in 16-bit samples.
    @_noAllocation @_noLocks
    init(_ frequency: Int, amplitude: Float) {
        first = frequency
        firstAmplitude = amplitude
    }

    /// A digit's pair of Q.23, the row at −9 dBm0 and the column at −7 dBm0.
    @_noAllocation @_noLocks
    init(_ digit: DTMFDigit, _ law: G711Law) {
        let (low, high) = digit.frequencies
        first = Int(low)
        second = Int(high)
        firstAmplitude = AudioTables.referenceAmplitude(law) * 0.354_813
        secondAmplitude = AudioTables.referenceAmplitude(law) * 0.446_684
    }

    /// The next samples of it.
    @_noAllocation @_noLocks
    mutating func render(into samples: Block<Int16>, _ tables: AudioTables) {
        for index in 0..<samples.count {
            let value = firstAmplitude * tables.sine[firstPhase] + secondAmplitude * tables.sine[secondPhase]
            samples[index] = Int16(max(-32_768, min(32_767, value + (value < 0 ? -0.5 : 0.5))))
            firstPhase = (firstPhase &+ first) % AudioTables.sampleRate
            secondPhase = (secondPhase &+ second) % AudioTables.sampleRate
        }
    }
}
