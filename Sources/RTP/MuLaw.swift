// SPDX-License-Identifier: GPL-2.0-or-later

/// ITU-T G.711 µ-law: one octet is a sample of 14 bits, here scaled to 16. All bits are inverted on the line (table 2).
///
/// Written as arithmetic, not as tables: a global table is built at its first use, under a lock.
package enum MuLaw {
    /// The octet of positive zero, sent where there is nothing to send.
    package static var idle: UInt8 { @_noAllocation @_noLocks get { 0xFF } }

    /// The value at the decoder's output (G.711 table 2), times 4.
    @_noAllocation @_noLocks
    package static func decode(_ octet: UInt8) -> Int16 {
        let code = ~octet
        let segment = UInt16(truncatingIfNeeded: (code &>> 4) & 0x07)
        let step = UInt16(truncatingIfNeeded: code & 0x0F)
        let magnitude = ((step &* 8 &+ bias) &<< segment) &- bias
        let value = Int16(truncatingIfNeeded: magnitude)
        return octet & 0x80 != 0 ? value : 0 &- value
    }

    /// The octet whose quantising interval holds the sample; what is louder than the law's last value becomes that.
    @_noAllocation @_noLocks
    package static func encode(_ sample: Int16) -> UInt8 {
        let negative = sample < 0
        let absolute = UInt16(truncatingIfNeeded: negative ? ~sample : sample)
        let magnitude = min(absolute, 0x7FFF &- bias) &+ bias
        let segment = 8 &- min(8, magnitude.leadingZeroBitCount)
        let shift = UInt16(truncatingIfNeeded: segment &+ 3)
        let code = UInt8(truncatingIfNeeded: segment &<< 4) | UInt8(truncatingIfNeeded: (magnitude &>> shift) & 0x0F)
        return code ^ (negative ? 0x7F : 0xFF)
    }

    /// 33 in the units of table 2.
    private static var bias: UInt16 { 0x84 }
}
