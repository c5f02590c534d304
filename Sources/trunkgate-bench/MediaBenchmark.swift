// SPDX-License-Identifier: GPL-2.0-or-later
import CLinux
import Glibc
import ISDN
import LineProtocol
import Media
import RTP
import Spans

/// What a second of calls costs: 30 B channels of a looped span, each bridged to RTP of 20 ms packets over real sockets on
/// loopback, both ways. The far end's work is not counted.
struct MediaBenchmark {
    private let engine: MediaEngine
    private let far: LoopSpan
    private var ports: [UInt16] = []
    private let socket: Int32
    private let payloadType: UInt8
    private static let channels = PrimaryRateE1.bChannels

    private struct NoSocket: Error {}

    /// With the same law on both sides octets pass untouched, else they are transcoded.
    init(line: G711Law, rtp: G711Law, telephoneEvents: Bool) throws {
        engine = try MediaEngine(capacity: MediaCapacity(spans: 1, channels: 32, endpoints: 64)) { _, _ in }
        let near: LoopSpan
        (near, far) = try LoopSpan.makePair(idle: ALaw.idle)
        payloadType = rtp == .aLaw ? 8 : 0
        var local = cl_address(high: 0, low: 0x7F00_0001, port: 0, is_v6: 0)
        socket = unsafe cl_udp_bind(&local)
        guard socket >= 0 else { throw NoSocket() }
        _ = unsafe cl_socket_address(socket, &local)
        try engine.configure(SpanID(1), driver: near, law: line)
        try engine.rtp(bind: .v4(0x7F00_0001), firstPort: 20_000, lastPort: 29_999)
        engine.turnMedia(now: 0)
        _ = far.service(now: 0)
        let endpoints = engine.want(Self.channels.count)
        for (index, (timeslot, granted)) in zip(Self.channels, endpoints).enumerated() {
            let leg = LegID(epoch: 1, counter: UInt32(index + 1))
            try engine.openChannel(leg, ChannelID(span: SpanID(1), timeslot: timeslot))
            try engine.open(
                granted.endpoint,
                EndpointParameters(
                    remote: TransportAddress(.v4(0x7F00_0001), port: local.port), law: rtp,
                    sendPayloadType: payloadType, receivePayloadType: payloadType,
                    sendTelephoneEventType: telephoneEvents ? 101 : nil,
                    receiveTelephoneEventType: telephoneEvents ? 101 : nil))
            try engine.bridge(.channel(leg), .endpoint(granted.endpoint), .both)
            ports.append(granted.port)
        }
        guard ports.count == Self.channels.count else { throw NoSocket() }
        engine.turnPackets()
    }

    /// CPU nanoseconds a channel takes for one second of its call.
    func run(seconds: Int) -> Double {
        var spent: Int64 = 0
        var packet = [UInt8](repeating: ALaw.idle, count: 172)
        for tick in 0..<(seconds * 100) {
            if tick % 2 == 0 { send(&packet, number: tick / 2) }
            let start = Stopwatch.nanoseconds()
            engine.turnPackets()
            engine.turnMedia(now: UInt64(tick + 1) * 10_000_000)
            engine.turnPackets()
            spent += Stopwatch.nanoseconds() - start
            engine.drainEvents { _ in }
            for _ in 0..<far.service(now: UInt64(tick + 1) * 10_000_000) {
                far.beginTick()
                far.endTick()
            }
        }
        close(socket)
        engine.stop()
        return Double(spent) / Double(seconds * Self.channels.count)
    }

    private func send(_ packet: inout [UInt8], number: Int) {
        let header = RTPHeader(
            payloadType: payloadType, sequence: UInt16(truncatingIfNeeded: number),
            timestamp: UInt32(truncatingIfNeeded: number * 160), synchronizationSource: 1)
        var span = packet.mutableSpan
        _ = header.write(into: &span)
        for port in ports {
            var to = cl_address(high: 0, low: 0x7F00_0001, port: port, is_v6: 0)
            _ = unsafe cl_udp_send(socket, packet, packet.count, &to)
        }
    }

    static func report() throws {
        print("One second of one call, E1 to RTP and back (50 packets in, 50 out), 30 calls at once")
        Report.note("Sockets alone, nothing done", "\(Int(try SocketBenchmark.run(seconds: 20) / 1_000)) µs")
        for (name, line, rtp, events) in [
            ("G.711 passed through", G711Law.aLaw, G711Law.aLaw, false),
            ("A-law to µ-law and back", .aLaw, .muLaw, false),
            ("passed through, digits detected and sent as RFC 4733", .aLaw, .aLaw, true),
        ] {
            let cost = try MediaBenchmark(line: line, rtp: rtp, telephoneEvents: events).run(seconds: 20)
            Report.note("Media: \(name)", "\(Int(cost / 1_000)) µs")
        }
    }
}
