// SPDX-License-Identifier: GPL-2.0-or-later
import Foundation

/// A discrete Fourier transform of a length that is a power of two, in place (Cooley and Tukey).
struct FourierTransform {
    let count: Int
    private let cosines: [Double]
    private let sines: [Double]

    /// Rounds the length up.
    init(atLeast length: Int) {
        var count = 2
        while count < length { count *= 2 }
        self.count = count
        cosines = (0..<(count / 2)).map { cos(-2 * Double.pi * Double($0) / Double(count)) }
        sines = (0..<(count / 2)).map { sin(-2 * Double.pi * Double($0) / Double(count)) }
    }

    /// Both arrays have `count` elements.
    func forward(_ real: inout [Double], _ imaginary: inout [Double]) {
        var target = 0
        for index in 1..<count {
            var bit = count >> 1
            while target & bit != 0 {
                target ^= bit
                bit >>= 1
            }
            target |= bit
            if index < target {
                real.swapAt(index, target)
                imaginary.swapAt(index, target)
            }
        }
        var half = 1
        while half < count {
            let step = count / (2 * half)
            for start in stride(from: 0, to: count, by: 2 * half) {
                for offset in 0..<half {
                    let a = start + offset
                    let b = a + half
                    let c = cosines[offset * step]
                    let s = sines[offset * step]
                    let re = real[b] * c - imaginary[b] * s
                    let im = real[b] * s + imaginary[b] * c
                    real[b] = real[a] - re
                    imaginary[b] = imaginary[a] - im
                    real[a] += re
                    imaginary[a] += im
                }
            }
            half *= 2
        }
    }

    /// The circular cross-correlation of two real signals: element k is the sum of `first[n] * second[n + k]`.
    func crossCorrelation(_ first: [Double], _ second: [Double]) -> [Double] {
        var (a, ai) = (padded(first), [Double](repeating: 0, count: count))
        var (b, bi) = (padded(second), [Double](repeating: 0, count: count))
        forward(&a, &ai)
        forward(&b, &bi)
        var real = [Double](repeating: 0, count: count)
        var imaginary = real
        for index in 0..<count {
            // conj(A) * B; conjugated once more, so that a forward transform does the inverse.
            real[index] = a[index] * b[index] + ai[index] * bi[index]
            imaginary[index] = -(a[index] * bi[index] - ai[index] * b[index])
        }
        forward(&real, &imaginary)
        return real.map { $0 / Double(count) }
    }

    private func padded(_ samples: [Double]) -> [Double] {
        Array(samples.prefix(count)) + [Double](repeating: 0, count: max(0, count - samples.count))
    }
}
