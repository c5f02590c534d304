// SPDX-License-Identifier: GPL-2.0-or-later
import Foundation

/// Tone bursts in an order that does not repeat, so that any two seconds of it can be found again in what comes back. No
/// burst is a DTMF digit, a fax tone or a tone that switches echo cancellers off.
package enum MarkerSignal {
    package static let levelDBm0 = -10.0
    private static let hertz: [Double] = [
        430, 520, 610, 880, 1_010, 1_120, 1_270, 1_390, 1_540, 1_710, 1_850, 1_980, 2_310, 2_450, 2_640, 2_820,
    ]
    /// 5 ms: a burst that begins and ends at once would click.
    private static let ramp = 40

    /// The same samples each time.
    package static func samples(count: Int) -> [Int16] {
        var samples: [Int16] = []
        samples.reserveCapacity(count)
        var state: UInt64 = 0x5EED
        let amplitude = AudioLevel.amplitude(dBm0: levelDBm0)
        while samples.count < count {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let choice = Int(truncatingIfNeeded: state >> 33)
            let frequency = hertz[choice % hertz.count]
            let length = 640 + choice / 16 % 8 * 80
            let pause = 320 + choice / 128 % 4 * 80
            for index in 0..<length {
                let edge = Double(min(index, length - 1 - index, ramp)) / Double(ramp)
                let phase = 2 * Double.pi * frequency * Double(index) / 8_000
                samples.append(Int16(amplitude * edge * sin(phase)))
            }
            samples.append(contentsOf: repeatElement(0, count: pause))
        }
        return Array(samples.prefix(count))
    }
}
