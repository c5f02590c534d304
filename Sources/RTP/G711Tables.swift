// SPDX-License-Identifier: GPL-2.0-or-later

/// Decoding and transcoding by table, for whoever works on blocks: a plain value of 1.5 kB, made once, off the media thread.
package struct G711Tables: Sendable {
    private var aLaw: InlineArray<256, Int16>
    private var muLaw: InlineArray<256, Int16>
    private var muFromA: InlineArray<256, UInt8>
    private var aFromMu: InlineArray<256, UInt8>

    package init() {
        aLaw = InlineArray { ALaw.decode(UInt8(truncatingIfNeeded: $0)) }
        muLaw = InlineArray { MuLaw.decode(UInt8(truncatingIfNeeded: $0)) }
        muFromA = InlineArray { G711Conversion.muLaw(fromALaw: UInt8(truncatingIfNeeded: $0)) }
        aFromMu = InlineArray { G711Conversion.aLaw(fromMuLaw: UInt8(truncatingIfNeeded: $0)) }
    }

    // Each works on as many elements as both sides hold.

    @_noAllocation @_noLocks
    package func decodeALaw(_ octets: Span<UInt8>, into samples: inout MutableSpan<Int16>) {
        let count = min(octets.count, samples.count)
        var index = 0
        while index < count {
            samples[index] = aLaw[Int(octets[index])]
            index &+= 1
        }
    }

    @_noAllocation @_noLocks
    package func decodeMuLaw(_ octets: Span<UInt8>, into samples: inout MutableSpan<Int16>) {
        let count = min(octets.count, samples.count)
        var index = 0
        while index < count {
            samples[index] = muLaw[Int(octets[index])]
            index &+= 1
        }
    }

    /// In place, as the gateway does it between a span and an RTP endpoint of different laws.
    @_noAllocation @_noLocks
    package func convertALawToMuLaw(_ octets: inout MutableSpan<UInt8>) {
        var index = 0
        while index < octets.count {
            octets[index] = muFromA[Int(octets[index])]
            index &+= 1
        }
    }

    @_noAllocation @_noLocks
    package func convertMuLawToALaw(_ octets: inout MutableSpan<UInt8>) {
        var index = 0
        while index < octets.count {
            octets[index] = aFromMu[Int(octets[index])]
            index &+= 1
        }
    }

    @_noAllocation @_noLocks
    package func muLaw(fromALaw octet: UInt8) -> UInt8 { muFromA[Int(octet)] }

    @_noAllocation @_noLocks
    package func aLaw(fromMuLaw octet: UInt8) -> UInt8 { aFromMu[Int(octet)] }
}
