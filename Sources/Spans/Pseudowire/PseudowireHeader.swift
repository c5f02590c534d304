// SPDX-License-Identifier: GPL-2.0-or-later

/// What precedes the octets of a CESoPSN packet over UDP (RFC 5086 section 4): an optional RTP header, then the control word.
///
///      0                   1                   2                   3
///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///     |0 0 0 0|L|R| M |FRG|    LEN    |        sequence number        |
struct PseudowireHeader: Equatable {
    /// The sender's own line is down: the octets mean nothing.
    var localFault = false
    /// The sender receives no packets.
    var remoteLoss = false
    /// M: what `localFault` leaves unsaid.
    var modifier: UInt8 = 0
    var sequence: UInt16 = 0

    static let controlWordOctets = 4
    static let rtpOctets = 12

    static func octets(rtpHeader: Bool) -> Int {
        controlWordOctets + (rtpHeader ? rtpOctets : 0)
    }

    /// The header of a packet, or nil when it is none of ours: another version, fragmented, or the wrong length.
    ///
    /// LEN is zero but for packets under 64 octets, which only a packet that reports a fault and carries nothing is
    /// (RFC 5086 section 4.3.1).
    init?(_ packet: UnsafeRawBufferPointer, rtpHeader: Bool, payloadOctets: Int) {
        let start = rtpHeader ? Self.rtpOctets : 0
        let header = start + Self.controlWordOctets
        guard packet.count >= header else { return nil }
        if rtpHeader, unsafe packet[0] != 0x80 { return nil }
        let first = unsafe packet[start]
        let second = unsafe packet[start + 1]
        guard first >> 4 == 0, second >> 6 == 0 else { return nil }
        localFault = first & 0x08 != 0
        remoteLoss = first & 0x04 != 0
        modifier = first & 0x03
        let length = Int(second & 0x3F)
        switch packet.count - header {
        case payloadOctets where length == 0: break
        case 0 where localFault && length == header: break
        default: return nil
        }
        sequence = unsafe UInt16(packet[start + 2]) << 8 | UInt16(packet[start + 3])
    }

    init() {}

    /// Writes the header of a packet that carries octets. The timestamp counts frames of 125 µs.
    func write(to packet: UnsafeMutableRawBufferPointer, rtpHeader: Bool, timestamp: UInt32, source: UInt32) {
        var start = 0
        if rtpHeader {
            unsafe packet[0] = 0x80
            unsafe packet[1] = 96
            unsafe packet.storeBytes(of: sequence.bigEndian, toByteOffset: 2, as: UInt16.self)
            unsafe packet.storeBytes(of: timestamp.bigEndian, toByteOffset: 4, as: UInt32.self)
            unsafe packet.storeBytes(of: source.bigEndian, toByteOffset: 8, as: UInt32.self)
            start = Self.rtpOctets
        }
        unsafe packet[start] = (localFault ? 0x08 : 0) | (remoteLoss ? 0x04 : 0) | (modifier & 0x03)
        unsafe packet[start + 1] = 0
        unsafe packet.storeBytes(of: sequence.bigEndian, toByteOffset: start + 2, as: UInt16.self)
    }
}
