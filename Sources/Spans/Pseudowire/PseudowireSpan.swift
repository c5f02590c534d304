// SPDX-License-Identifier: GPL-2.0-or-later
package import ISDN
package import LineProtocol

/// An E1 over UDP (RFC 5086, structure-aware, timeslots 1 to 31).
///
///     media tick ─▶ blocks by timeslot ─▶ frames of 31 octets ─▶ packets of 1–5 ms ─▶ impairments ─▶ port
///     media tick ◀─ blocks by timeslot ◀─ PseudowireReceiver (reordering, idle for lost) ◀────────── port
///                        └ timeslot 16: HDLCTimeslot ⇄ RingDChannel
@safe package final class PseudowireSpan: SpanDriver {
    package let timeslots = 31
    package let dChannel: RingDChannel
    package let status: SpanStatus

    private static let signalAfterPackets = 8
    private static let signalLostAfter: UInt64 = 100_000_000
    /// How long packets may be under way before the free-running side misses them; twice a scheduler's bad day.
    private static let playoutFrames = 320
    /// A standing surplus over the playout delay that is cut.
    private static let surplusFrames = 960
    private static let framesPerTick = 80
    private static let dSlot = Int(PrimaryRateE1.dChannelTimeslot) - 1

    private let port: any PacketPort
    private let rtpHeader: Bool
    private let framesPerPacket: Int
    private let headerOctets: Int
    private let packetOctets: Int
    private let idle: UInt8
    private let receiver: PseudowireReceiver
    private let hdlc: HDLCTimeslot
    private let impairer: PseudowireImpairer?
    private var clock: PseudowireClock

    private let receiveBuffer: UnsafeMutablePointer<UInt8>
    private let transmitBuffer: UnsafeMutablePointer<UInt8>
    private let arrival: UnsafeMutableRawBufferPointer
    private let departure: UnsafeMutableRawBufferPointer
    private var departureFrames = 0
    private var header = PseudowireHeader()
    private var timestamp: UInt32 = 0
    private let source: UInt32

    private var now: UInt64 = 0
    private var lastPacket: UInt64?
    private var goodPackets = 0
    /// The highest sequence number that came.
    private var newest: UInt16?

    /// The network side runs free, the user side recovers its clock from the packets that come.
    package init(_ configuration: PseudowireConfiguration, role: InterfaceRole, law: G711Law, port: any PacketPort)
        throws(SpanError)
    {
        let milliseconds = Int(configuration.packetMilliseconds)
        guard (1...5).contains(milliseconds) else {
            throw SpanError("a pseudowire packet carries 1 to 5 ms, not \(milliseconds)")
        }
        self.port = port
        rtpHeader = configuration.rtpHeader
        framesPerPacket = 8 * milliseconds
        headerOctets = PseudowireHeader.octets(rtpHeader: configuration.rtpHeader)
        packetOctets = headerOctets + framesPerPacket * 31
        idle = law == .aLaw ? 0xD5 : 0xFF
        status = SpanStatus(layer1: .lossOfSignal)
        dChannel = try RingDChannel(status: status)
        hdlc = try HDLCTimeslot(channel: dChannel, status: status)
        let recovers = role == .te
        receiver = PseudowireReceiver(
            framesPerPacket: framesPerPacket, timeslots: 31, dSlot: Self.dSlot, idle: idle,
            delayFrames: recovers ? 0 : Self.playoutFrames, status: status)
        clock = PseudowireClock(
            recovers: recovers, offsetPpm: configuration.impairment.clockOffsetPpm, marginFrames: Self.framesPerTick)
        impairer = PseudowireImpairer(
            configuration.impairment, packetOctets: packetOctets, packetMilliseconds: milliseconds)
        // RFC 5086 section 4.3.1 and RFC 3550: neither starts at a value others can foresee; no secret hangs on it.
        let seed = configuration.impairment.seed &* 0x9E37_79B9_7F4A_7C15
        header.sequence = UInt16(truncatingIfNeeded: seed >> 48)
        header.remoteLoss = true
        source = UInt32(truncatingIfNeeded: seed >> 16)

        let octets = 31 * octetsPerTick
        unsafe receiveBuffer = .allocate(capacity: octets)
        unsafe receiveBuffer.initialize(repeating: idle, count: octets)
        unsafe transmitBuffer = .allocate(capacity: octets)
        unsafe transmitBuffer.initialize(repeating: idle, count: octets)
        unsafe arrival = .allocate(byteCount: 1_500, alignment: 8)
        unsafe departure = .allocate(byteCount: packetOctets, alignment: 8)
    }

    package convenience init(_ configuration: PseudowireConfiguration, role: InterfaceRole, law: G711Law)
        throws(SpanError)
    {
        let port = try UDPPort(local: configuration.local, remote: configuration.remote)
        try self.init(configuration, role: role, law: law, port: port)
    }

    deinit {
        unsafe receiveBuffer.deallocate()
        unsafe transmitBuffer.deallocate()
        unsafe arrival.deallocate()
        unsafe departure.deallocate()
    }

    package var descriptors: [Int32] { port.descriptors }
    package var received: UnsafePointer<UInt8> { unsafe UnsafePointer(receiveBuffer) }
    package var transmit: UnsafeMutablePointer<UInt8> { unsafe transmitBuffer }
    /// The rate of the span's clock against ours; positive is fast.
    package var clockPartsPerMillion: Int32 { clock.partsPerMillion }

    package var nextDeadline: UInt64 {
        min(clock.nextDeadline, impairer?.nextDeadline ?? .max)
    }

    package func service(now: UInt64) -> Int {
        self.now = now
        unsafe impairer?.flush(now: now) { packet in unsafe depart(packet) }
        var more = true
        while more { more = receiveOne() }
        if let last = lastPacket, now > last, now - last > Self.signalLostAfter {
            lastPacket = nil
            newest = nil
            goodPackets = 0
            receiver.reset()
            status.set(.lossOfSignal)
        }
        header.remoteLoss = goodPackets < Self.signalAfterPackets
        receiver.trim(toFrames: Self.playoutFrames + Self.surplusFrames)
        return clock.ticksDue(now: now, depthFrames: receiver.depthFrames)
    }

    private func receiveOne() -> Bool {
        switch unsafe port.receive(into: arrival) {
        case .none: return false
        case .foreign: status.count(.foreign)
        case .tooLong: status.count(.malformed)
        case .packet(let octets):
            let packet = unsafe UnsafeRawBufferPointer(start: arrival.baseAddress, count: min(octets, arrival.count))
            guard
                let header = unsafe PseudowireHeader(
                    packet, rtpHeader: rtpHeader, payloadOctets: framesPerPacket * 31)
            else {
                status.count(.malformed)
                return true
            }
            unsafe accept(header, packet)
        }
        return true
    }

    private func accept(_ header: PseudowireHeader, _ packet: UnsafeRawBufferPointer) {
        status.count(.received)
        let carries = !header.localFault && packet.count > headerOctets
        unsafe receiver.accept(
            header.sequence, carries ? UnsafeRawBufferPointer(rebasing: packet[headerOctets...]) : nil)
        // By sequence number: a lost packet took its time as well.
        let advance = newest.map { Int(Int16(bitPattern: header.sequence &- $0)) } ?? 1
        if advance > 0 { newest = header.sequence }
        clock.packetArrived(
            now: now, frames: (-1_000...1_000).contains(advance) ? max(0, advance) * framesPerPacket : nil)
        lastPacket = now
        goodPackets = min(goodPackets + 1, Self.signalAfterPackets)
        guard goodPackets == Self.signalAfterPackets else { return }
        // L with M 0: the far line is down, AIS goes on in its place. R, or M 2 without L: it does not hear us, or its
        // equipment says so (RFC 5086 section 4.3.1, table 1).
        if header.localFault {
            status.set(.alarmIndicationSignal)
        } else if header.remoteLoss || header.modifier == 2 {
            status.set(.remoteAlarm)
        } else {
            status.set(.up)
        }
    }

    package func beginTick() {
        unsafe receiver.read(frames: Self.framesPerTick, into: receiveBuffer)
        unsafe hdlc.receive(receiveBuffer + Self.dSlot * octetsPerTick, count: octetsPerTick)
        unsafe transmitBuffer.update(repeating: idle, count: 31 * octetsPerTick)
    }

    package func endTick() {
        unsafe hdlc.fill(transmitBuffer + Self.dSlot * octetsPerTick, count: octetsPerTick)
        for frame in 0..<Self.framesPerTick {
            let start = headerOctets + departureFrames * 31
            for slot in 0..<31 { unsafe departure[start + slot] = unsafe transmitBuffer[slot * octetsPerTick + frame] }
            departureFrames += 1
            if departureFrames == framesPerPacket { sendPacket() }
        }
    }

    private func sendPacket() {
        unsafe header.write(to: departure, rtpHeader: rtpHeader, timestamp: timestamp, source: source)
        let packet = unsafe UnsafeRawBufferPointer(departure)
        if let impairer {
            unsafe impairer.submit(packet, now: now)
            unsafe impairer.flush(now: now) { packet in unsafe depart(packet) }
        } else {
            unsafe depart(packet)
        }
        header.sequence &+= 1
        timestamp &+= UInt32(framesPerPacket)
        departureFrames = 0
    }

    private func depart(_ packet: UnsafeRawBufferPointer) {
        if unsafe port.send(packet) { status.count(.sent) }
    }
}
