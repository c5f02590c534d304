// SPDX-License-Identifier: GPL-2.0-or-later

/// What came back of what was sent: where it fits best, and how loud it is there.
package struct EchoMeasurement: Hashable, Sendable {
    /// In samples of 8 kHz.
    package var delaySamples: Int
    /// Of what came back to what was sent, in decibels; only what is alike counts, not noise.
    package var gainDecibels: Double
    /// The level of the audio that came back, without noise.
    package var levelDBm0: Double
    /// How alike the two are at this delay: 1 is the same signal, 0 nothing in common.
    package var likeness: Double

    package init(delaySamples: Int, gainDecibels: Double, levelDBm0: Double, likeness: Double) {
        self.delaySamples = delaySamples
        self.gainDecibels = gainDecibels
        self.levelDBm0 = levelDBm0
        self.likeness = likeness
    }

    package var roundTripMilliseconds: Double { Double(delaySamples) / 8 }

    /// Below this it is not the signal that came back.
    package static let minimumLikeness = 0.5
    /// Eight seconds are enough, and bound the work.
    private static let maximumSamples = 64_000

    /// Measures by cross-correlation; both signals on one time axis. Nil when nothing like the signal came back.
    ///
    /// - Parameter maximumDelay: in samples; longer delays are not looked for.
    package static func measure(
        sent: [Int16], received: [Int16], maximumDelay: Int = 16_000
    ) -> EchoMeasurement? {
        let first = sent.prefix(maximumSamples).map(Double.init)
        let second = received.prefix(first.count + maximumDelay).map(Double.init)
        guard !first.isEmpty, !second.isEmpty, maximumDelay >= 0 else { return nil }
        let transform = FourierTransform(atLeast: max(first.count, second.count) + maximumDelay + 1)
        let correlation = transform.crossCorrelation(first, second)
        let delays = 0...min(maximumDelay, second.count - 1)
        guard let delay = delays.max(by: { abs(correlation[$0]) < abs(correlation[$1]) }) else { return nil }

        let overlap = min(first.count, second.count - delay)
        var (sentPower, receivedPower, product) = (0.0, 0.0, 0.0)
        for index in 0..<overlap {
            sentPower += first[index] * first[index]
            receivedPower += second[index + delay] * second[index + delay]
            product += first[index] * second[index + delay]
        }
        guard sentPower > 0, receivedPower > 0 else { return nil }
        let likeness = abs(product) / (sentPower * receivedPower).squareRoot()
        let gain = abs(product) / sentPower
        guard likeness >= minimumLikeness,
            let level = AudioLevel.dBm0(rms: gain * (sentPower / Double(overlap)).squareRoot())
        else { return nil }
        return EchoMeasurement(
            delaySamples: delay, gainDecibels: AudioLevel.decibels(gain), levelDBm0: level, likeness: likeness)
    }
}
