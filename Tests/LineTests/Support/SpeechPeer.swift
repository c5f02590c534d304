// SPDX-License-Identifier: GPL-2.0-or-later
import Glibc
import LineProtocol
import TestSupport

/// The far end of one RTP endpoint: sends noise of its own in A-law packets of 20 ms, keeps what comes back.
final class SpeechPeer {
    private(set) var sent: [UInt8] = []
    private(set) var received: [UInt8] = []
    private(set) var packetsSent = 0
    private(set) var packetsReceived = 0
    let port: UInt16
    private let descriptor: Int32
    private var random: SplitMix64

    init(seed: UInt64) throws {
        random = SplitMix64(seed: seed)
        (descriptor, port) = try UDPSocket.bind()
    }

    deinit {
        close(descriptor)
    }

    var address: TransportAddress { TransportAddress(.v4(0x7F00_0001), port: port) }

    /// So many packets, 20 ms apart as well as this machine can.
    func talk(packets: Int, to port: UInt16) {
        for _ in 0..<packets {
            var packet: [UInt8] = [0x80, 8]
            packet += [UInt8(truncatingIfNeeded: packetsSent >> 8), UInt8(truncatingIfNeeded: packetsSent)]
            let timestamp = packetsSent * 160
            packet += [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: timestamp >> $0) } + [1, 2, 3, 4]
            let audio = (0..<160).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            sent += audio
            packet += audio
            UDPSocket.send(descriptor, packet, port: port)
            packetsSent += 1
            usleep(20_000)
            listen()
        }
    }

    private func listen() {
        var buffer = [UInt8](repeating: 0, count: 1_500)
        while true {
            let count = unsafe recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            guard count > 12 else { return }
            packetsReceived += 1
            received += buffer[12..<count]
        }
    }

    /// How many of the blocks of 80 octets that were sent, from this one on, came back somewhere.
    func blocksReturned(from first: Int = 0) -> Int {
        // Where each run of 8 octets begins in what came back.
        var places: [UInt64: [Int]] = [:]
        var window: UInt64 = 0
        for (place, octet) in received.enumerated() {
            window = window << 8 | UInt64(octet)
            if place >= 7 { places[window, default: []].append(place - 7) }
        }
        return stride(from: first, to: sent.count - 80, by: 80).count { start in
            let key = sent[start..<start + 8].reduce(0) { $0 << 8 | UInt64($1) }
            return places[key, default: []].contains { received[$0...].starts(with: sent[start..<start + 80]) }
        }
    }
}

enum UDPSocket {
    /// A socket on a free port of the loopback interface.
    static func bind() throws -> (descriptor: Int32, port: UInt16) {
        let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        var address = make(port: 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = unsafe withUnsafeMutableBytes(of: &address) { raw -> Int32 in
            guard let base = unsafe raw.assumingMemoryBound(to: sockaddr.self).baseAddress else { return -1 }
            guard unsafe Glibc.bind(descriptor, base, length) == 0 else { return -1 }
            return unsafe getsockname(descriptor, base, &length)
        }
        guard result == 0 else { throw LineDriver.Failure(description: "no UDP port on the loopback interface") }
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }

    /// Ports nobody had a moment ago.
    static func freePorts(_ count: Int) throws -> [UInt16] {
        let sockets = try (0..<count).map { _ in try bind() }
        for socket in sockets { close(socket.descriptor) }
        return sockets.map(\.port)
    }

    static func send(_ descriptor: Int32, _ packet: [UInt8], port: UInt16) {
        var address = make(port: port)
        unsafe withUnsafeBytes(of: &address) { raw in
            _ = unsafe sendto(
                descriptor, packet, packet.count, 0, raw.assumingMemoryBound(to: sockaddr.self).baseAddress,
                socklen_t(raw.count))
        }
    }

    private static func make(port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }
}
