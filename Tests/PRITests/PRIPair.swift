// SPDX-License-Identifier: GPL-2.0-or-later
import ISDN
import LineProtocol
import PRI
import Spans
import Testing

/// libpri's message callbacks belong to the process: everything that uses it is in here, one test after another.
@Suite(.serialized) struct PRITests {}

/// A D channel in memory: what is sent waits for the peer, unless the wire is cut.
final class MemoryDChannel: DChannel, @unchecked Sendable {
    // Unchecked: a test uses it from one thread.
    let descriptor: Int32 = -1
    weak var peer: MemoryDChannel?
    var inbox: [[UInt8]] = []
    var isCut = false
    /// What becomes of each frame on its way; nil loses it.
    var filter: (([UInt8]) -> [UInt8]?)?

    func receive(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
        guard !inbox.isEmpty else { return nil }
        let frame = inbox.removeFirst()
        unsafe buffer.copyBytes(from: frame.prefix(buffer.count))
        return min(frame.count, buffer.count)
    }

    func send(_ frame: UnsafeRawBufferPointer) -> Bool {
        let bytes = unsafe Array(frame)
        guard !isCut else { return true }
        let filtered = filter.map { $0(bytes) } ?? bytes
        if let filtered { peer?.inbox.append(filtered) }
        return true
    }

    /// From now on these messages (all when nil) reach layer 2, which acknowledges them, and are strange to layer 3.
    func makeStrange(_ types: Set<UInt8>? = nil) {
        filter = { frame in
            guard frame.count > 8, frame[2] & 1 == 0, types?.contains(frame[8]) ?? true else { return frame }
            var strange = frame
            strange[4] = 0x7F
            return strange
        }
    }
}

final class TestMonitor: SpanMonitor, @unchecked Sendable {
    // Unchecked: a test uses it from one thread.
    var layer1 = Layer1State.up.rawValue
    func addCounters(into counters: inout [UInt64]) {}
}

/// One end: a core and what it said.
final class PRIEnd {
    let core = PRICore()
    let monitor = TestMonitor()
    var channels: [MemoryDChannel] = []
    let role: InterfaceRole
    private(set) var outputs: [PRIOutput] = []
    private(set) var lastCounter: UInt32 = 0

    init(_ role: InterfaceRole) {
        self.role = role
    }

    func collect() {
        outputs += core.takeOutputs()
    }

    var events: [LineEvent] {
        outputs.compactMap { if case .event(let event) = $0 { event } else { nil } }
    }

    func forgetOutputs() {
        outputs = []
    }

    func newLeg() -> LegID {
        lastCounter += 1
        return LegID(epoch: 1, counter: lastCounter)
    }

    func counter(_ counter: LineCounter) -> UInt64 {
        var counters = [UInt64](repeating: 0, count: LineCounter.allCases.count)
        core.counters.addCounters(into: &counters)
        return counters[counter.rawValue]
    }

    /// Everything said of a leg, without its channel.
    func said(of leg: LegID) -> [LineEvent] {
        events.filter { event in
            switch event {
            case .incoming(leg, _), .received(leg, _), .glare(leg, _), .timerExpired(leg, _), .ended(leg, _): true
            default: false
            }
        }
    }

    func received(_ leg: LegID) -> [ReceivedCallMessage] {
        events.compactMap { if case .received(leg, let message) = $0 { message } else { nil } }
    }

    func ends(_ leg: LegID) -> [EndReport] {
        events.compactMap { if case .ended(leg, let report) = $0 { report } else { nil } }
    }

    var incoming: [(leg: LegID, call: IncomingCall)] {
        events.compactMap { if case .incoming(let leg, let call) = $0 { (leg, call) } else { nil } }
    }

    func seized(_ leg: LegID) -> ChannelID? {
        for case .seized(leg, let channel) in events { return channel }
        return nil
    }
}

/// A user side and a network side on one D channel (or several), in virtual time.
final class PRIPair {
    let user = PRIEnd(.te)
    let network = PRIEnd(.nt)
    private(set) var now: UInt64 = 1_000_000_000_000
    let spans: [SpanID]
    var toleratesStorms = false

    /// Up and restarted unless told otherwise.
    init(spans: Int = 1, start: Bool = true) {
        self.spans = (0..<spans).map { SpanID(UInt16($0)) }
        for id in self.spans {
            let (a, b) = (MemoryDChannel(), MemoryDChannel())
            a.peer = b
            b.peer = a
            user.channels.append(a)
            network.channels.append(b)
            configure(user, id, a, .highest)
            configure(network, id, b, .lowest)
        }
        guard start else { return }
        run(seconds: 3)
        user.forgetOutputs()
        network.forgetOutputs()
    }

    private func configure(_ end: PRIEnd, _ id: SpanID, _ channel: MemoryDChannel, _ hunt: HuntOrder) {
        let configuration = SpanConfiguration(
            id: id, name: "test-\(id)", driver: .loop(peer: id), role: end.role, hunt: hunt)
        end.core.handle(.configure(configuration, channel, end.monitor), now: now, wall: now)
        end.collect()
    }

    func command(_ end: PRIEnd, _ command: PRICommand) {
        end.core.handle(command, now: now, wall: now)
        end.collect()
    }

    /// Carries frames until both are quiet; then to the next deadline, until the time is over.
    func run(milliseconds: UInt64) {
        let end = now + milliseconds * 1_000_000
        while true {
            exchange()
            let next = [user.core.nextDeadline, network.core.nextDeadline].compactMap { $0 }.min() ?? end
            guard next < end else { break }
            now = max(now + 1_000, next)
        }
        now = end
        exchange()
    }

    func run(seconds: UInt64) {
        run(milliseconds: seconds * 1_000)
    }

    /// What both ends say to each other at this moment.
    func exchange() {
        for _ in 0..<500 {
            user.core.run(now: now, wall: now)
            network.core.run(now: now, wall: now)
            user.collect()
            network.collect()
            if (user.channels + network.channels).allSatisfy({ $0.inbox.isEmpty }) { return }
        }
        // Some damaged frames they answer for ever; the wire loses one.
        if !toleratesStorms { Issue.record("the two ends never stop talking") }
        for channel in user.channels + network.channels { channel.inbox = [] }
    }

    func cut(_ isCut: Bool) {
        for channel in user.channels + network.channels { channel.isCut = isCut }
    }

    func other(_ end: PRIEnd) -> PRIEnd { end === user ? network : user }

    func request(_ number: String = "2071838750", timers: CallTimers = CallTimers()) -> SetupRequest {
        SetupRequest(spans: spans, called: PartyNumber(digits: number, type: .national), timers: timers)
    }

    /// Places a call; answers its leg at both ends. The other end has said nothing yet.
    func place(from end: PRIEnd, _ request: SetupRequest? = nil) throws -> (LegID, LegID) {
        let leg = end.newLeg()
        let before = other(end).incoming.count
        command(end, .setup(leg, request ?? self.request()))
        exchange()
        let incoming = other(end).incoming
        try #require(incoming.count == before + 1)
        return (leg, incoming[before].leg)
    }

    /// A call that is answered.
    func connect(from end: PRIEnd) throws -> (LegID, LegID) {
        let (mine, theirs) = try place(from: end)
        command(other(end), .send(theirs, .proceeding([])))
        command(other(end), .send(theirs, .alerting([])))
        command(other(end), .send(theirs, .connect))
        exchange()
        return (mine, theirs)
    }

    /// Nothing left: no leg, every channel idle, every leg opened and closed once.
    func expectQuiet(sourceLocation: SourceLocation = #_sourceLocation) {
        for end in [user, network] {
            #expect(end.core.legCount == 0, sourceLocation: sourceLocation)
            #expect(end.core.callRecordCount == 0, sourceLocation: sourceLocation)
            end.core.handle(.snapshot(token: 7), now: now, wall: now)
            for case .snapshot(7, let snapshot) in end.core.takeOutputs() {
                #expect(
                    snapshot.channels.allSatisfy { $0.state == .idle && $0.leg == nil }, sourceLocation: sourceLocation)
                #expect(snapshot.legs.isEmpty, sourceLocation: sourceLocation)
            }
            var open: [LegID: ChannelID] = [:]
            for output in end.outputs {
                switch output {
                case .channelOpened(let leg, let channel):
                    #expect(open.updateValue(channel, forKey: leg) == nil, sourceLocation: sourceLocation)
                case .channelClosed(let leg, let channel):
                    #expect(open.removeValue(forKey: leg) == channel, sourceLocation: sourceLocation)
                default: break
                }
            }
            #expect(open.isEmpty, sourceLocation: sourceLocation)
        }
    }
}

let bothDirections = [InterfaceRole.te, .nt]

extension PRIPair {
    func end(_ role: InterfaceRole) -> PRIEnd { role == .te ? user : network }
}
