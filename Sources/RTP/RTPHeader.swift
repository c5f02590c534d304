// SPDX-License-Identifier: GPL-2.0-or-later

/// The fixed header of an RTP packet (RFC 3550 section 5.1), without contributing sources or extension.
package struct RTPHeader: Hashable, Sendable {
    /// On audio: the first packet after silence; on telephone events: the first of an event.
    package var marker: Bool
    /// 0 to 127.
    package var payloadType: UInt8
    package var sequence: UInt16
    package var timestamp: UInt32
    package var synchronizationSource: UInt32

    @_noAllocation @_noLocks
    package init(
        marker: Bool = false, payloadType: UInt8, sequence: UInt16, timestamp: UInt32, synchronizationSource: UInt32
    ) {
        self.marker = marker
        self.payloadType = payloadType
        self.sequence = sequence
        self.timestamp = timestamp
        self.synchronizationSource = synchronizationSource
    }

    package static var octetCount: Int { @_noAllocation @_noLocks get { 12 } }

    /// Writes the 12 octets at the start of the packet. False, and nothing written, when they do not fit.
    @_noAllocation @_noLocks
    package func write(into packet: inout MutableSpan<UInt8>) -> Bool {
        guard packet.count >= 12 else { return false }
        packet[0] = 0x80
        packet[1] = (marker ? 0x80 : 0) | payloadType & 0x7F
        packet[2] = UInt8(truncatingIfNeeded: sequence &>> 8)
        packet[3] = UInt8(truncatingIfNeeded: sequence)
        packet[4] = UInt8(truncatingIfNeeded: timestamp &>> 24)
        packet[5] = UInt8(truncatingIfNeeded: timestamp &>> 16)
        packet[6] = UInt8(truncatingIfNeeded: timestamp &>> 8)
        packet[7] = UInt8(truncatingIfNeeded: timestamp)
        packet[8] = UInt8(truncatingIfNeeded: synchronizationSource &>> 24)
        packet[9] = UInt8(truncatingIfNeeded: synchronizationSource &>> 16)
        packet[10] = UInt8(truncatingIfNeeded: synchronizationSource &>> 8)
        packet[11] = UInt8(truncatingIfNeeded: synchronizationSource)
        return true
    }
}
