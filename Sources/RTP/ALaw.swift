// SPDX-License-Identifier: GPL-2.0-or-later

/// ITU-T G.711 A-law: one octet is a sample of 13 bits, here scaled to 16. Even bits are inverted on the line (section 3.2).
///
/// Written as arithmetic, not as tables: a global table is built at its first use, under a lock.
package enum ALaw {
    /// The octet of the smallest positive value, sent where there is nothing to send.
    package static var idle: UInt8 { @_noAllocation @_noLocks get { 0xD5 } }

    /// The value at the decoder's output (G.711 table 1), times 8.
    @_noAllocation @_noLocks
    package static func decode(_ octet: UInt8) -> Int16 {
        let code = octet ^ 0x55
        let segment = UInt16(truncatingIfNeeded: (code &>> 4) & 0x07)
        let step = UInt16(truncatingIfNeeded: code & 0x0F)
        let magnitude = segment == 0 ? (step &* 2 &+ 1) &* 8 : ((step &* 2 &+ 33) &* 8) &<< (segment &- 1)
        let value = Int16(truncatingIfNeeded: magnitude)
        return octet & 0x80 != 0 ? value : 0 &- value
    }

    /// The octet whose quantising interval holds the sample, symmetric about zero (G.711 section 3.6).
    @_noAllocation @_noLocks
    package static func encode(_ sample: Int16) -> UInt8 {
        let negative = sample < 0
        let magnitude = UInt16(truncatingIfNeeded: negative ? ~sample : sample)
        // Segment 0 and 1 share the smallest step: the leading bit sits at bit 7 or below in the first, at 8 in the second.
        let segment = 8 &- min(8, magnitude.leadingZeroBitCount)
        let shift = UInt16(truncatingIfNeeded: max(1, segment) &+ 3)
        let code = UInt8(truncatingIfNeeded: segment &<< 4) | UInt8(truncatingIfNeeded: (magnitude &>> shift) & 0x0F)
        return code ^ (negative ? 0x55 : 0xD5)
    }
}
