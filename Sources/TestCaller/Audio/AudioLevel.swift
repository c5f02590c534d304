// SPDX-License-Identifier: GPL-2.0-or-later
import Foundation

/// Levels of 16-bit linear audio. A sine of full scale is +3.14 dBm0, the overload point of A-law (ITU-T G.711 section 4).
package enum AudioLevel {
    package static let overload = 3.14
    private static let fullScaleSine = 32_767 / 2.0.squareRoot()

    /// Root mean square; 0 of nothing.
    package static func rms(_ samples: some Collection<Int16>) -> Double {
        guard !samples.isEmpty else { return 0 }
        let power = samples.reduce(0.0) { $0 + Double($1) * Double($1) }
        return (power / Double(samples.count)).squareRoot()
    }

    /// Nil of silence.
    package static func dBm0(_ samples: some Collection<Int16>) -> Double? { dBm0(rms: rms(samples)) }

    package static func dBm0(rms: Double) -> Double? {
        rms > 0 ? decibels(rms / fullScaleSine) + overload : nil
    }

    /// The peak of a sine of this level.
    package static func amplitude(dBm0: Double) -> Double { 32_767 * pow(10, (dBm0 - overload) / 20) }

    package static func decibels(_ ratio: Double) -> Double { 20 * log10(ratio) }
}
