// SPDX-License-Identifier: GPL-2.0-or-later
import ISDN
import LineProtocol
import Spans
import Testing

/// A wire between two pseudowires: what is sent waits until `carry` moves it.
final class WirePort: PacketPort {
    let descriptors: [Int32] = []
    weak var peer: WirePort?
    var sent: [[UInt8]] = []
    var log: [[UInt8]] = []
    var inbox: [PacketArrivalWithBytes] = []

    enum PacketArrivalWithBytes {
        case packet([UInt8])
        case foreign
    }

    func receive(into buffer: UnsafeMutableRawBufferPointer) -> PacketArrival {
        guard !inbox.isEmpty else { return .none }
        switch inbox.removeFirst() {
        case .foreign: return .foreign
        case .packet(let bytes):
            guard bytes.count <= buffer.count else { return .tooLong }
            unsafe buffer.copyBytes(from: bytes)
            return .packet(octets: bytes.count)
        }
    }

    func send(_ packet: UnsafeRawBufferPointer) -> Bool {
        unsafe sent.append(Array(packet))
        if log.count < 200 { log.append(sent[sent.count - 1]) }
        return true
    }

    func carry() {
        peer?.inbox += sent.map { .packet($0) }
        sent = []
    }
}

/// A network side and a user side over a wire, in virtual time of 1 ms steps.
final class PseudowirePair {
    let ports = (network: WirePort(), user: WirePort())
    let network: PseudowireSpan
    let user: PseudowireSpan
    let networkEnd: DrivenSpan
    let userEnd: DrivenSpan
    private(set) var now: UInt64 = 1_000 * millisecond

    init(
        packetMilliseconds: UInt8 = 5, rtpHeader: Bool = false,
        networkImpairment: PseudowireImpairment = PseudowireImpairment(),
        userImpairment: PseudowireImpairment = PseudowireImpairment()
    ) throws {
        let nowhere = TransportAddress(.v4(0x7F00_0001), port: 1)
        func configuration(_ impairment: PseudowireImpairment) -> PseudowireConfiguration {
            PseudowireConfiguration(
                local: nowhere, remote: nowhere, packetMilliseconds: packetMilliseconds, rtpHeader: rtpHeader,
                impairment: impairment)
        }
        network = try PseudowireSpan(configuration(networkImpairment), role: .nt, law: .aLaw, port: ports.network)
        user = try PseudowireSpan(configuration(userImpairment), role: .te, law: .aLaw, port: ports.user)
        ports.network.peer = ports.user
        ports.user.peer = ports.network
        networkEnd = DrivenSpan(network)
        userEnd = DrivenSpan(user)
    }

    func run(milliseconds: Int, networkAlive: Bool = true, userAlive: Bool = true) {
        for _ in 0..<milliseconds {
            now += millisecond
            if networkAlive { networkEnd.run(now: now) }
            ports.network.carry()
            if userAlive { userEnd.run(now: now) }
            ports.user.carry()
        }
    }
}

@Suite struct PseudowireSpanTests {
    @Test(
        "every octet passes in order, for packets of each length", arguments: [1, 2, 3, 4, 5] as [UInt8], [false, true])
    func bitExact(packetMilliseconds: UInt8, rtpHeader: Bool) throws {
        let pair = try PseudowirePair(packetMilliseconds: packetMilliseconds, rtpHeader: rtpHeader)
        pair.run(milliseconds: 1_000)
        #expect(pair.network.status.state == .up)
        #expect(pair.user.status.state == .up)
        for end in [pair.networkEnd, pair.userEnd] {
            for slot in [0, 30] {
                let stretches = end.stretches(slot: slot)
                #expect(stretches.count == 1)
                #expect(stretches.first.map { $0.start + $0.length } == end.received[slot].count)
                #expect(stretches.first.map { $0.length > 5_000 } == true)
            }
        }
        for span in [pair.network, pair.user] {
            #expect(span.status.counter(.pseudowireLost) == 0)
            #expect(span.status.counter(.pseudowireLate) == 0)
            #expect(span.status.counter(.hdlcErrors) == 0)
            #expect(span.status.counter(.pseudowireSent) > 180)
        }
    }

    @Test("a packet is the control word of RFC 5086 and 31 octets for each frame, timeslot 1 first")
    func packetForm() throws {
        let pair = try PseudowirePair()
        pair.run(milliseconds: 300)
        let log = pair.ports.network.log
        #expect(log.count == 2 * pair.networkEnd.ticks)
        for (n, packet) in log.enumerated() {
            #expect(packet.count == 4 + 31 * 40)
            #expect(packet[0] == (n < 20 ? packet[0] & 0x04 : 0))
            #expect(packet[1] == 0)
            let sequence = UInt16(log[0][2]) << 8 &+ UInt16(log[0][3]) &+ UInt16(n)
            #expect(UInt16(packet[2]) << 8 | UInt16(packet[3]) == sequence)
            for frame in 0..<40 {
                for slot in 0..<31 where slot != 15 {
                    #expect(packet[4 + frame * 31 + slot] == octet(slot: slot, frame: n * 40 + frame))
                }
            }
        }
    }

    @Test("LAPD frames of every length pass through the D channel's HDLC")
    func frames() throws {
        let pair = try PseudowirePair()
        pair.run(milliseconds: 200)
        let frames = (3...264).map { n in (0..<n).map { UInt8(truncatingIfNeeded: $0 &* n) | ($0 % 3 == 0 ? 0x7E : 0) }
        }
        var atUser: [[UInt8]] = []
        var atNetwork: [[UInt8]] = []
        for frame in frames {
            #expect(pair.network.dChannel.send(frame))
            #expect(pair.user.dChannel.send(Array(frame.reversed())))
            pair.run(milliseconds: 50)
            atUser += pair.user.dChannel.receiveAll()
            atNetwork += pair.network.dChannel.receiveAll()
        }
        pair.run(milliseconds: 200)
        atUser += pair.user.dChannel.receiveAll()
        atNetwork += pair.network.dChannel.receiveAll()
        #expect(atUser == frames)
        #expect(atNetwork == frames.map { Array($0.reversed()) })
        #expect(pair.user.status.counter(.hdlcErrors) == 0)
    }

    @Test("each lost packet is counted and replaced by as much idle, and what follows stays in its place")
    func loss() throws {
        let pair = try PseudowirePair(
            networkImpairment: PseudowireImpairment(lossPermille: 50, seed: 7),
            userImpairment: PseudowireImpairment(lossPermille: 50, seed: 8))
        pair.run(milliseconds: 4_000)
        for (end, span) in [(pair.networkEnd, pair.network), (pair.userEnd, pair.user)] {
            let lost = Int(span.status.counter(.pseudowireLost))
            #expect(lost > 10)
            let stretches = end.stretches(slot: 3)
            var missing = 0
            for (a, b) in zip(stretches, stretches.dropFirst()) {
                #expect(b.frame - a.frame == b.start - a.start)
                missing += (b.start - a.start) - a.length
            }
            // Idle may continue the pattern by chance at either edge of a gap.
            #expect(abs(missing - lost * 40) <= 2 * 40 + lost)
        }
    }

    @Test("packets swapped on the way are put in order, counted, and nothing is lost")
    func reordering() throws {
        let pair = try PseudowirePair(
            networkImpairment: PseudowireImpairment(reorderPermille: 100, delayMilliseconds: 7, seed: 3),
            userImpairment: PseudowireImpairment(reorderPermille: 100, delayMilliseconds: 12, seed: 4))
        pair.run(milliseconds: 3_000)
        for (end, span) in [(pair.networkEnd, pair.network), (pair.userEnd, pair.user)] {
            #expect(span.status.counter(.pseudowireReordered) > 10)
            #expect(span.status.counter(.pseudowireLost) == 0)
            #expect(end.stretches(slot: 9).count == 1)
        }
    }

    @Test("the user side follows the network side's clock", arguments: [-80, -20, 0, 45, 100] as [Int32])
    func clockRecovery(ppm: Int32) throws {
        // Reordering and, once in a while, loss do not disturb it.
        let pair = try PseudowirePair(
            networkImpairment: PseudowireImpairment(clockOffsetPpm: ppm, lossPermille: 2, reorderPermille: 20))
        pair.run(milliseconds: 1_000)
        let started = (pair.networkEnd.ticks, pair.userEnd.ticks)
        pair.run(milliseconds: 60_000)
        #expect(abs((pair.networkEnd.ticks - started.0) - (pair.userEnd.ticks - started.1)) <= 1)
        #expect(pair.network.status.counter(.pseudowireLost) == 0)
        #expect(abs(pair.user.clockPartsPerMillion - ppm) <= 25)
    }

    @Test("when packets stop the signal is lost, the far end is told, ticks go on, and all comes back")
    func outage() throws {
        let pair = try PseudowirePair()
        pair.run(milliseconds: 500)
        let ticks = pair.userEnd.ticks
        pair.ports.network.peer = nil
        pair.run(milliseconds: 1_000)
        #expect(pair.user.status.state == .lossOfSignal)
        #expect(pair.network.status.state == .remoteAlarm)
        #expect(abs(pair.userEnd.ticks - ticks - 100) <= 2)
        #expect(pair.userEnd.received[5].suffix(4_000).allSatisfy { $0 == 0xD5 })
        pair.ports.network.peer = pair.ports.user
        pair.run(milliseconds: 500)
        #expect(pair.user.status.state == .up)
        #expect(pair.network.status.state == .up)
        #expect(pair.userEnd.stretches(slot: 5).count == 2)
    }

    @Test("a stall of the network side costs nothing towards the user, a longer one of either is made good")
    func stall() throws {
        let pair = try PseudowirePair()
        pair.run(milliseconds: 500)
        pair.run(milliseconds: 30, networkAlive: false)
        pair.run(milliseconds: 500)
        #expect(pair.userEnd.stretches(slot: 2).count == 1)
        #expect(pair.user.status.counter(.pseudowireLost) == 0)
        #expect(pair.networkEnd.stretches(slot: 2).count == 1)
        pair.run(milliseconds: 400, userAlive: false)
        pair.run(milliseconds: 1_000)
        let last = try #require(pair.networkEnd.stretches(slot: 2).last)
        #expect(last.length > 4_000)
        #expect(last.start + last.length == pair.networkEnd.received[2].count)
    }

    @Test("a peer that starts anew with another sequence number is followed")
    func restartedPeer() throws {
        let pair = try PseudowirePair()
        pair.run(milliseconds: 500)
        let other = try PseudowirePair(networkImpairment: PseudowireImpairment(seed: 99))
        other.run(milliseconds: 500)
        other.ports.network.peer = pair.ports.user
        let before = pair.user.status.counter(.pseudowireReceived)
        for _ in 0..<500 {
            other.run(milliseconds: 1)
            pair.run(milliseconds: 1, networkAlive: false)
        }
        #expect(pair.user.status.counter(.pseudowireReceived) > before + 80)
        #expect(pair.user.status.state == .up)
        let last = try #require(pair.userEnd.stretches(slot: 2).last)
        #expect(last.length > 2_000)
    }

    @Test("packets of another form and from others are dropped and counted, whatever they hold")
    func garbage() throws {
        let pair = try PseudowirePair()
        pair.run(milliseconds: 300)
        var random: UInt64 = 5
        var malformed: UInt64 = 0
        for round in 0..<3_000 {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            var bytes = (0..<Int(random >> 33 % 1_600)).map { UInt8(truncatingIfNeeded: random >> UInt64($0 % 50)) }
            if bytes.count == 1_244 { bytes.append(0) }
            if bytes.count == 4 { bytes = [] }
            pair.ports.user.inbox.append(.packet(bytes))
            malformed += 1
            if round % 10 == 0 { pair.ports.user.inbox.append(.foreign) }
            if round % 30 == 0 { pair.run(milliseconds: 1) }
        }
        pair.run(milliseconds: 300)
        #expect(pair.user.status.counter(.pseudowireMalformed) == malformed)
        #expect(pair.user.status.counter(.pseudowireForeign) == 300)
        #expect(pair.userEnd.stretches(slot: 1).count == 1)
        #expect(pair.user.status.state == .up)
    }

    @Test("L means alarm indication, R and M 2 a remote alarm, and L may come without octets")
    func alarmBits() throws {
        let pair = try PseudowirePair()
        pair.run(milliseconds: 300)
        pair.ports.network.peer = nil
        var sequence: UInt16 = 40_000
        func feed(_ first: UInt8, octets: Bool, count: Int = 30) {
            for _ in 0..<count {
                let word: [UInt8] = [first, octets ? 0 : 4, UInt8(sequence >> 8), UInt8(sequence & 0xFF)]
                sequence &+= 1
                pair.ports.user.inbox.append(.packet(word + [UInt8](repeating: 0xD5, count: octets ? 1_240 : 0)))
                pair.run(milliseconds: 5)
            }
        }
        feed(0x00, octets: true)
        #expect(pair.user.status.state == .up)
        feed(0x08, octets: false)
        #expect(pair.user.status.state == .alarmIndicationSignal)
        #expect(pair.userEnd.received[7].suffix(400).allSatisfy { $0 == 0xFF })
        feed(0x04, octets: true)
        #expect(pair.user.status.state == .remoteAlarm)
        feed(0x02, octets: true)
        #expect(pair.user.status.state == .remoteAlarm)
        feed(0x00, octets: true)
        #expect(pair.user.status.state == .up)
    }
}
