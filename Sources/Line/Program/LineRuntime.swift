// SPDX-License-Identifier: GPL-2.0-or-later
import CLinux
import Glibc
import ISDN
import LineProtocol
import Media
import PRI
import Spans

/// The line program's main thread: lanes, session, and the way between them, libpri's thread and the media engine.
///
///     line.sock      ⇄ CallLane ⇄ LineSession ⇄ ┬─▶ PRIThread ──▶ Inbox ─┐
///     line-bulk.sock ⇄ BulkReader ◀─────────────┤                        ├─▶ one turn of this thread
///     SIGTERM ──────────────────────────────────┴─▶ media engine ────────┘
final class LineRuntime {
    private enum Token {
        static let callListener: UInt64 = 1
        static let bulkListener: UInt64 = 2
        static let signals: UInt64 = 3
        static let inbox: UInt64 = 4
        static let media: UInt64 = 5
        static let firstLane: UInt64 = 16
        static let firstBulk: UInt64 = 1 << 48
    }

    /// The number of a connection on the bulk lane is its token.
    private static let second: UInt64 = 1_000_000_000

    let state: StateDirectory
    let journal: Journal
    var session: LineSession
    let pri: PRIThread
    let inbox: Inbox
    let media: MediaEngine
    var spans = SpanTable()
    /// What this thread itself counts, by raw value of `LineCounter`.
    private var counters = [UInt64](repeating: 0, count: LineCounter.allCases.count)
    /// Legs cleared because nobody was there: their end is ours, not the control program's.
    private var clearedByLine: Set<LegID> = []
    /// Facts of channels that are closed, until their `ended` takes them along.
    private var lastFacts: [LegID: MediaFacts] = [:]
    private var lanes: [LaneID: CallLane] = [:]
    private var nextLane = Token.firstLane
    private var bulk = BulkLane(firstToken: Token.firstBulk)
    private let epoll: Int32
    private let signals: Int32
    private var nextSecond: UInt64
    private var seconds: UInt64 = 0
    private var isEnding = false

    init(state: StateDirectory, journal: Journal, signals: Int32, bootID: UInt64) throws {
        self.state = state
        self.journal = journal
        self.signals = signals
        let now = cl_monotonic_nanoseconds()
        session = LineSession(bootID: bootID, now: now)
        nextSecond = now &+ Self.second
        let inbox = try Inbox()
        self.inbox = inbox
        media = try MediaEngine { level, text in inbox.take([.log(level, text)]) }
        pri = try PRIThread(sink: inbox)
        epoll = cl_epoll_create()
        guard epoll >= 0 else { throw LineFailure("no epoll", errno: -epoll) }
        for (descriptor, token) in [
            (state.callListener, Token.callListener), (state.bulkListener, Token.bulkListener),
            (signals, Token.signals), (inbox.descriptor, Token.inbox), (media.eventDescriptor, Token.media),
        ] {
            let result = cl_epoll_set(epoll, descriptor, UInt32(CL_READABLE), token)
            guard result == 0 else { throw LineFailure("epoll refused a descriptor", errno: -result) }
        }
        try media.start()
        try pri.start()
    }

    /// Until it is told to end.
    func run() {
        while !isEnding {
            var ready = [cl_ready](repeating: cl_ready(), count: 64)
            let count = unsafe cl_epoll_wait(epoll, &ready, Int32(ready.count), waitMilliseconds())
            for event in ready.prefix(Int(max(0, count))) { handle(event) }
            perform(session.tick(now: now))
            everySecond()
            settleLanes()
        }
        for lane in lanes.values {
            lane.flush(now: cl_monotonic_nanoseconds())
            lane.socket.close()
        }
        bulk.closeAll()
        pri.stop()
        media.stop()
        state.leave()
    }

    var now: LineTime { LineTime(monotonic: cl_monotonic_nanoseconds(), wall: cl_wall_nanoseconds()) }

    private func waitMilliseconds() -> Int32 {
        let now = cl_monotonic_nanoseconds()
        var next = min(nextSecond, session.nextDeadline(now: now) ?? .max)
        for lane in lanes.values { next = min(next, lane.deadline ?? .max) }
        guard next > now else { return 0 }
        return Int32(clamping: (next - now) / 1_000_000 + 1)
    }

    private func handle(_ event: cl_ready) {
        switch event.token {
        case Token.callListener: acceptCallLanes()
        case Token.bulkListener: bulk.accept(on: state.bulkListener, epoll: epoll) { journal.note(.warning, $0) }
        case Token.signals: takeSignals()
        case Token.inbox: inbox.drain().forEach(take)
        case Token.media: media.drainEvents(emit)
        case Token.firstBulk...: bulk.handle(event, epoll: epoll, epoch: session.lane == nil ? nil : session.epoch)
        default: readLane(LaneID(event.token))
        }
    }

    private func takeSignals() {
        while case let signal = cl_signal_next(signals), signal != 0 {
            guard signal != SIGHUP else { continue }
            journal.note(.info, "ending on signal \(signal), with \(session.liveLegs) calls")
            perform(session.end(draining: false, now: now))
        }
    }

    // MARK: Lanes

    private func acceptCallLanes() {
        while let socket = LaneSocket.accept(on: state.callListener, refused: { journal.note(.warning, $0) }) {
            let lane = LaneID(nextLane)
            nextLane += 1
            lanes[lane] = CallLane(lane, socket)
            _ = cl_epoll_set(epoll, socket.descriptor, UInt32(CL_READABLE), lane.number)
            session.laneOpened(lane, now: now)
        }
    }

    private func readLane(_ id: LaneID) {
        guard let lane = lanes[id] else { return }
        let (frames, ended) =
            switch lane.socket.read() {
            case .frames(let frames): (frames, false)
            case .end(let frames): (frames, true)
            }
        for frame in frames where lanes[id] != nil {
            do throws(LineDecodingError) {
                let command = try LineCommand(decoding: frame)
                perform(session.received(command, from: id, now: now))
            } catch {
                perform(session.receivedUnreadable(error, from: id, now: now))
            }
        }
        if ended { drop(id, "its lane ended") }
    }

    /// Sends what waits; a lane that takes nothing for too long is a dead control program's.
    private func settleLanes() {
        let now = cl_monotonic_nanoseconds()
        for (id, lane) in lanes {
            let waited = lane.stuckSince != nil
            lane.flush(now: now)
            if lane.isBroken {
                drop(id, "its lane broke")
            } else if let deadline = lane.deadline, deadline <= now {
                drop(id, "it did not read its lane for \(Lane.drainLimitMilliseconds) ms")
            } else if waited != (lane.stuckSince != nil) {
                let interest = waited ? CL_READABLE : CL_READABLE | CL_WRITABLE
                _ = cl_epoll_set(epoll, lane.socket.descriptor, UInt32(interest), id.number)
            }
        }
        bulk.settle(epoll: epoll, epoch: session.lane == nil ? nil : session.epoch)
    }

    private func drop(_ id: LaneID, _ reason: String) {
        guard let lane = lanes.removeValue(forKey: id) else { return }
        if session.lane == id { journal.note(.info, "the control program has gone (\(reason)): calls go on") }
        _ = cl_epoll_remove(epoll, lane.socket.descriptor)
        lane.socket.close()
        session.laneEnded(id, now: now)
    }

    // MARK: Session

    func emit(_ event: LineEvent) {
        perform(session.emit(event, now: now))
    }

    func perform(_ actions: [LineSessionAction]) {
        for action in actions {
            switch action {
            case .send(let lane, let event):
                lanes[lane]?.queue(event)
            case .close(let id):
                guard let lane = lanes.removeValue(forKey: id) else { continue }
                lane.flush(now: cl_monotonic_nanoseconds())
                _ = cl_epoll_remove(epoll, lane.socket.descriptor)
                lane.socket.close()
            case .execute(let command):
                execute(command)
            case .clear(let leg, let cause):
                clearedByLine.insert(leg)
                pri.post(.clear(leg, cause))
            case .count(let counter):
                counters[counter.rawValue] &+= 1
            case .end:
                isEnding = true
            }
        }
    }

    // MARK: libpri's thread

    private func take(_ output: PRIOutput) {
        switch output {
        case .event(.ended(let leg, let report)):
            emit(.ended(leg, completed(report, of: leg)))
        case .event(let event):
            emit(event)
        case .frame(let span, let direction, let octets):
            bulk.append(.frame(span, direction, wallNanoseconds: cl_wall_nanoseconds(), octets))
        case .log(let level, let text):
            note(level, text)
        case .channelOpened(let leg, let channel):
            attempt(.leg(leg)) { try media.openChannel(leg, channel) }
        case .channelClosed(let leg, _):
            lastFacts[leg] = try? media.closeChannel(leg)
        case .cleared, .snapshot:
            break  // the session asks for neither
        }
    }

    private func completed(_ report: EndReport, of leg: LegID) -> EndReport {
        var report = report
        if let facts = lastFacts.removeValue(forKey: leg) { report.media = facts }
        if clearedByLine.remove(leg) != nil, report.initiator == .control { report.initiator = .line }
        return report
    }

    // MARK: Time

    private func everySecond() {
        let now = cl_monotonic_nanoseconds()
        guard now >= nextSecond else { return }
        nextSecond = now &+ Self.second
        seconds &+= 1
        var all = counters
        pri.counters.addCounters(into: &all)
        spans.addCounters(into: &all)
        media.addCounters(into: &all)
        bulk.append(.counters(all))
        for leg in session.legsWithEndpoints {
            guard let facts = try? media.facts(leg) else { continue }
            session.notePackets(facts.packetsReceived, leg: leg, now: now)
            if seconds % 10 == 0 { bulk.append(.facts(leg, facts)) }
        }
    }

    func note(_ level: LogLevel, _ text: String) {
        journal.note(level, text)
        if level.rawValue >= LogLevel.info.rawValue || journal.prints(level) { bulk.append(.log(level, text)) }
    }
}
