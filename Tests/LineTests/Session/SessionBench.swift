// SPDX-License-Identifier: GPL-2.0-or-later
import ISDN
import Line
import LineProtocol

/// A session under virtual time, with what it had done.
struct SessionBench {
    var session = LineSession(bootID: 77, now: 0)
    var now: UInt64 = 0
    var heard: [LaneID: [NumberedEvent]] = [:]
    var closed: [LaneID] = []
    var executed: [LineCommand] = []
    var cleared: [LegID: Cause] = [:]
    var counted: [LineCounter: Int] = [:]
    var ended = false

    var time: LineTime { LineTime(monotonic: now, wall: 1_000_000_000_000 + now) }

    mutating func run(_ actions: [LineSessionAction]) {
        for action in actions {
            switch action {
            case .send(let lane, let event): heard[lane, default: []].append(event)
            case .close(let lane): closed.append(lane)
            case .execute(let command): executed.append(command)
            case .clear(let leg, let cause): cleared[leg] = cause
            case .count(let counter): counted[counter, default: 0] += 1
            case .end: ended = true
            }
        }
    }

    mutating func open(_ lane: LaneID) {
        session.laneOpened(lane, now: time)
    }

    mutating func say(_ command: LineCommand, on lane: LaneID) {
        run(session.received(command, from: lane, now: time))
    }

    mutating func emit(_ events: LineEvent...) {
        for event in events { run(session.emit(event, now: time)) }
    }

    mutating func close(_ lane: LaneID) {
        session.laneEnded(lane, now: time)
    }

    /// A control program comes: its lane, hello and attach.
    mutating func arrive(_ lane: LaneID, epoch: UInt32, lastEvent: UInt64 = 0) {
        open(lane)
        say(.hello(versions: [1], epoch: epoch), on: lane)
        say(.attach(lastEvent: lastEvent), on: lane)
    }

    /// Lets time pass, with a tick wherever the session asks for one.
    mutating func pass(seconds: Double) {
        let end = now + UInt64(seconds * 1e9)
        while let deadline = session.nextDeadline(now: now), deadline <= end {
            now = max(now, deadline)
            run(session.tick(now: time))
        }
        now = end
    }

    func events(_ lane: LaneID) -> [LineEvent] { heard[lane, default: []].map(\.event) }

    /// The leg snapshots a lane heard last.
    func legSnapshots(_ lane: LaneID) -> [LegSnapshot] {
        events(lane).compactMap { if case .legSnapshot(let leg) = $0 { leg } else { nil } }
    }

    func ends(_ lane: LaneID) -> [NumberedEvent] {
        heard[lane, default: []].filter { if case .ended = $0.event { true } else { false } }
    }

    func refusals(_ lane: LaneID) -> [String] {
        events(lane).compactMap { if case .refused(_, let reason) = $0 { reason } else { nil } }
    }
}

let laneA = LaneID(1)
let laneB = LaneID(2)
let span = SpanID(1)
let channel = ChannelID(span: span, timeslot: 1)
let ours = LegID(epoch: 1, counter: 1)
let theirs = LegID(epoch: 0, counter: 1)
let request = SetupRequest(spans: [span], called: PartyNumber(digits: "0100"))
let call = IncomingCall(channel: channel, bearer: BearerCapability(), called: PartyNumber(digits: "0101"))
let endpoint = EndpointID(5)
let parameters = EndpointParameters(law: .aLaw, sendPayloadType: 8, receivePayloadType: 8)

extension SessionBench {
    /// A call of ours that is up, with its endpoint, on an attached lane A.
    static func withCall(memo: [UInt8] = [1, 2, 3]) -> SessionBench {
        var bench = SessionBench()
        bench.arrive(laneA, epoch: 1)
        bench.emit(.granted([GrantedEndpoint(endpoint: endpoint, port: 16_384)]))
        bench.say(.open(endpoint, parameters), on: laneA)
        bench.say(.setup(ours, request), on: laneA)
        bench.emit(.seized(ours, channel), .received(ours, .connect))
        bench.say(.bridge(.channel(ours), .endpoint(endpoint), .both), on: laneA)
        bench.say(.memo(ours, memo), on: laneA)
        return bench
    }
}
