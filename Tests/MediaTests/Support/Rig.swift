// SPDX-License-Identifier: GPL-2.0-or-later
import ISDN
import LineProtocol
import Media
import RTP
import Spans
import Testing

/// A media engine without its threads, one end of a looped span in it, the other in the test's hands; time is what `tick` makes it.
final class Rig {
    static let span = SpanID(1)
    let engine: MediaEngine
    let far: LoopSpan
    private(set) var now: UInt64 = 1_000_000_000
    private(set) var events: [LineEvent] = []
    /// What the far end says in a timeslot, 80 octets for each tick; idle without.
    var says: [UInt8: (Int) -> [UInt8]] = [:]
    /// What the far end heard, by timeslot, from the first tick in which it was listened to.
    var heard: [UInt8: [UInt8]] = [:]
    private var ticks = 0
    private var legs: UInt32 = 0

    init(law: G711Law = .aLaw) throws {
        engine = try MediaEngine(capacity: MediaCapacity(spans: 4, channels: 64, endpoints: 64)) { _, _ in }
        let near: LoopSpan
        (near, far) = try LoopSpan.makePair(idle: law == .aLaw ? ALaw.idle : MuLaw.idle)
        try engine.configure(Self.span, driver: near, law: law)
        try engine.rtp(bind: .v4(0x7F00_0001), firstPort: 20_000, lastPort: 29_999)
        engine.turnMedia(now: now)
        _ = far.service(now: now)
    }

    /// A leg with its channel open.
    func leg(timeslot: UInt8) throws -> LegID {
        legs += 1
        let leg = LegID(epoch: 1, counter: legs)
        try engine.openChannel(leg, ChannelID(span: Self.span, timeslot: timeslot))
        return leg
    }

    /// A granted endpoint, opened towards the peer.
    func endpoint(_ peer: Peer, _ parameters: EndpointParameters) throws -> EndpointID {
        let granted = try #require(engine.want(1).first ?? engine.unusedEndpoints.first)
        var parameters = parameters
        parameters.remote = peer.address
        try engine.open(granted.endpoint, parameters)
        peer.remotePort = granted.port
        engine.turnPackets()
        return granted.endpoint
    }

    /// 10 ms at a time: packets in, both ends of the span, packets out. `before` is told the number of the tick.
    func tick(_ count: Int = 1, before: (Int) -> Void = { _ in }) {
        for number in 0..<count {
            before(number)
            engine.turnPackets()
            turnMediaAlone()
            turnFar()
            engine.turnPackets()
            engine.drainEvents { events.append($0) }
        }
    }

    /// The media thread's share of the next 10 ms.
    func turnMediaAlone() {
        now += 10_000_000
        engine.turnMedia(now: now)
    }

    /// The far end's share of them.
    func turnFar() {
        for _ in 0..<far.service(now: now) { tickFar() }
    }

    private func tickFar() {
        far.beginTick()
        for timeslot in heard.keys {
            let octets = unsafe UnsafeBufferPointer(start: far.received + (Int(timeslot) - 1) * 80, count: 80)
            unsafe heard[timeslot]?.append(contentsOf: octets)
        }
        for (timeslot, source) in says {
            for (index, octet) in source(ticks).prefix(80).enumerated() {
                unsafe far.transmit[(Int(timeslot) - 1) * 80 + index] = octet
            }
        }
        ticks += 1
        far.endTick()
    }

    /// The counters of the engine, by name.
    func counter(_ counter: LineCounter) -> UInt64 {
        var values = [UInt64](repeating: 0, count: LineCounter.allCases.count)
        engine.addCounters(into: &values)
        return values[counter.rawValue]
    }
}

/// Every octet there is, in an order that repeats after 251 ticks at the earliest.
func pattern(_ tick: Int) -> [UInt8] {
    (0..<80).map { UInt8(truncatingIfNeeded: (tick * 80 + $0) * 97 + tick / 3) }
}

/// The parameters most tests begin with.
func parameters(
    _ law: G711Law = .aLaw, telephoneEvents: Bool = false, packetMilliseconds: UInt8 = 20, jitter: UInt16 = 40
) -> EndpointParameters {
    EndpointParameters(
        law: law, sendPayloadType: law == .aLaw ? 8 : 0, receivePayloadType: law == .aLaw ? 8 : 0,
        sendTelephoneEventType: telephoneEvents ? 101 : nil, receiveTelephoneEventType: telephoneEvents ? 101 : nil,
        packetMilliseconds: packetMilliseconds, jitterMilliseconds: jitter)
}

/// Where the part begins in the whole; nil when it is not in it.
func position(of part: ArraySlice<UInt8>, in whole: [UInt8]) -> Int? {
    guard let first = part.first, whole.count >= part.count else { return nil }
    return (0...(whole.count - part.count)).first { start in
        whole[start] == first && whole[start..<(start + part.count)].elementsEqual(part)
    }
}
