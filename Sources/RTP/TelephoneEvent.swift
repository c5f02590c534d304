// SPDX-License-Identifier: GPL-2.0-or-later

/// One named telephone event, as its RTP payload of four octets carries it (RFC 4733 section 2.3).
package struct TelephoneEvent: Hashable, Sendable {
    /// 0 to 15 are the DTMF digits.
    package var event: UInt8
    /// Whether the event is over; sent three times.
    package var end: Bool
    /// The tone's level as −dBm0, 0 to 63.
    package var volume: UInt8
    /// How long it has lasted, in units of the timestamp: 8 to a millisecond.
    package var duration: UInt16

    @_noAllocation @_noLocks
    package init(event: UInt8, end: Bool, volume: UInt8 = 10, duration: UInt16) {
        self.event = event
        self.end = end
        self.volume = volume
        self.duration = duration
    }

    package static var octetCount: Int { @_noAllocation @_noLocks get { 4 } }

    /// Reads the first event of a payload, or answers nil when it is shorter than one.
    @_noAllocation @_noLocks
    package static func parse(_ payload: Span<UInt8>) -> TelephoneEvent? {
        guard payload.count >= 4 else { return nil }
        // The R bit has no meaning (section 2.3.3).
        return TelephoneEvent(
            event: payload[0], end: payload[1] & 0x80 != 0, volume: payload[1] & 0x3F,
            duration: UInt16(payload[2]) &<< 8 | UInt16(payload[3]))
    }

    /// Writes the four octets at an offset. False, and nothing written, when they do not fit.
    @_noAllocation @_noLocks
    package func write(into packet: inout MutableSpan<UInt8>, at offset: Int) -> Bool {
        guard offset >= 0, packet.count >= 4, offset <= packet.count &- 4 else { return false }
        packet[offset] = event
        packet[offset &+ 1] = (end ? 0x80 : 0) | min(volume, 63)
        packet[offset &+ 2] = UInt8(truncatingIfNeeded: duration &>> 8)
        packet[offset &+ 3] = UInt8(truncatingIfNeeded: duration)
        return true
    }
}
