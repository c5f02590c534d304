// SPDX-License-Identifier: GPL-2.0-or-later
import CLinux
import Glibc
import LineProtocol
import RTP
import Testing

/// The far end of an RTP endpoint: a socket on the loopback interface, and packets written and read as a peer does.
final class Peer {
    struct Packet {
        let header: RTPHeader
        let payload: [UInt8]
    }

    let address: TransportAddress
    var remotePort: UInt16 = 0
    private let descriptor: Int32
    // What `send(audio:)` says next.
    var sequence: UInt16 = 1_000
    var timestamp: UInt32 = 160_000
    var source: UInt32 = 0x1234_5678

    init(host: UInt32 = 0x7F00_0001) throws {
        var local = cl_address(high: 0, low: UInt64(host), port: 0, is_v6: 0)
        descriptor = unsafe cl_udp_bind(&local)
        try #require(descriptor >= 0)
        _ = unsafe cl_socket_address(descriptor, &local)
        address = TransportAddress(.v4(host), port: local.port)
    }

    deinit {
        close(descriptor)
    }

    func send(datagram: [UInt8]) {
        var to = cl_address(high: 0, low: 0x7F00_0001, port: remotePort, is_v6: 0)
        _ = unsafe cl_udp_send(descriptor, datagram, datagram.count, &to)
    }

    func send(_ header: RTPHeader, _ payload: [UInt8]) {
        var packet = [UInt8](repeating: 0, count: 12)
        var span = packet.mutableSpan
        _ = header.write(into: &span)
        send(datagram: packet + payload)
    }

    /// The next packet of a stream.
    func send(audio: [UInt8], type: UInt8 = 8, marker: Bool = false) {
        send(
            RTPHeader(
                marker: marker, payloadType: type, sequence: sequence, timestamp: timestamp,
                synchronizationSource: source), audio)
        sequence &+= 1
        timestamp &+= UInt32(audio.count)
    }

    /// One packet of an event that began at a timestamp.
    func send(event: TelephoneEvent, at timestamp: UInt32, marker: Bool = false) {
        var payload = [UInt8](repeating: 0, count: 4)
        var span = payload.mutableSpan
        _ = event.write(into: &span, at: 0)
        send(
            RTPHeader(
                marker: marker, payloadType: 101, sequence: sequence, timestamp: timestamp,
                synchronizationSource: source), payload)
        sequence &+= 1
    }

    /// Until something has arrived, or for a second.
    func wait() {
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        _ = unsafe poll(&request, 1, 1_000)
    }

    /// Everything that has arrived.
    func receive() -> [Packet] {
        var packets: [Packet] = []
        var buffer = [UInt8](repeating: 0, count: 2_048)
        var from = cl_address()
        while true {
            let count = unsafe cl_udp_receive(descriptor, &buffer, buffer.count, &from)
            guard count >= 0 else { return packets }
            let parsed = RTPPacket.parse(buffer.span.extracting(0..<count))
            guard case .packet(let header, let offset, let length) = parsed else {
                Issue.record("sent something that is not RTP")
                continue
            }
            packets.append(Packet(header: header, payload: Array(buffer[offset..<(offset + length)])))
        }
    }
}
