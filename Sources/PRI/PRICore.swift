// SPDX-License-Identifier: GPL-2.0-or-later
import CPri
import CPriTime
import ISDN
import LineProtocol
import Spans

/// libpri and everything it does not do itself, without a thread: commands, frames and time go in, outputs come out.
///
///     PRICommand ──▶ │         │ ──▶ PRIOutput
///     D channels ⇄   │ PRICore │
///     run(now:)  ──▶ │         │ ──▶ nextDeadline
///
/// libpri is not re-entrant and its message callbacks belong to the process: one thread at a time may use cores.
/// A handle of libpri's call is kept in its leg, and never after libpri said that the call is gone; whether it still knows a
/// call is asked after everything that may have made it forget one, so that no leg outlives its call.
@safe package final class PRICore {
    package let counters: PRICounters
    /// Monotonic and wall-clock nanoseconds of the turn under way.
    private(set) var now: UInt64 = 0
    private(set) var wall: UInt64 = 0

    var links: [SpanID: SpanLink] = [:]
    var legs: [LegID: LegRecord] = [:]
    private var outputs: [PRIOutput] = []
    private var lastLineLeg: UInt32 = 0
    /// Legs that ended lately: what is said of them again is not an error.
    private var endedLegs: Set<LegID> = []
    private var endedOrder: [LegID] = []

    /// Two libpri ends can answer each other for ever: a turn handles so many frames of each span and no more.
    package static let framesPerTurn = 32
    /// How often layer 1 is looked at when nothing else happens.
    private static let monitorInterval: UInt64 = 100_000_000
    private static let endedRemembered = 1_024

    package init(counters: PRICounters = PRICounters()) {
        self.counters = counters
        unsafe pri_set_message { pri, text in unsafe PRICore.log(pri, text, .debug) }
        unsafe pri_set_error { pri, text in unsafe PRICore.log(pri, text, .warning) }
    }

    deinit {
        // libpri's handles cannot be destroyed, only silenced.
        for link in links.values { link.abandon() }
    }

    private static func log(_ pri: OpaquePointer?, _ text: UnsafeMutablePointer<CChar>?, _ level: LogLevel) {
        guard let link = unsafe SpanLink.of(pri), let text = unsafe text, !link.isAbandoned else { return }
        let line = unsafe String(cString: text).split(whereSeparator: \.isNewline).joined(separator: " ")
        if !line.isEmpty { link.logFromLibPri(level, line) }
    }

    // MARK: In

    /// Handles one command. The times are of the clocks `run` is given.
    package func handle(_ command: PRICommand, now: UInt64, wall: UInt64) {
        enter(now, wall)
        defer { leave() }
        switch command {
        case .configure(let configuration, let dChannel, let monitor): configure(configuration, dChannel, monitor)
        case .setup(let leg, let request): setup(leg, request)
        case .send(let leg, let message): send(leg, message)
        case .clear(let leg, let cause): clear(leg, cause)
        case .restart(let channel): restart(channel)
        case .clearUnanswered(let cause):
            output(.cleared(count: clearAll(cause) { !$0.leg.isConnected }))
        case .clearAll(let cause):
            output(.cleared(count: clearAll(cause) { _ in true }))
        case .snapshot(let token): output(.snapshot(token: token, snapshot()))
        }
        settle()
    }

    /// Takes the frames that wait, fires the timers that are due. True when frames were left for another turn.
    @discardableResult
    package func run(now: UInt64, wall: UInt64) -> Bool {
        enter(now, wall)
        defer { leave() }
        var more = false
        for id in links.keys.sorted() {
            guard let link = links[id] else { continue }
            if receiveFrames(link) { more = true }
            runTimers(link)
        }
        fireCallTimers()
        settle()
        return more
    }

    /// When `run` wants to be called even if no frame comes; nil when there is nothing to wait for.
    package var nextDeadline: UInt64? {
        var next: UInt64?
        func sooner(_ time: UInt64?) {
            guard let time, time > 0 else { return }
            next = min(next ?? time, time)
        }
        for link in links.values {
            sooner(unsafe pri_next_due(link.pri))
            sooner(link.restartDeadline)
            sooner(now &+ Self.monitorInterval)
        }
        for leg in legs.values { sooner(leg.deadline?.time) }
        return next
    }

    /// What came of it, in order. Taken once.
    package func takeOutputs() -> [PRIOutput] {
        defer { outputs.removeAll(keepingCapacity: true) }
        return outputs
    }

    package var legCount: Int { legs.count }

    /// How many calls libpri itself remembers, over all spans: no more than there are legs, unless it lost one.
    package var callRecordCount: Int { links.values.reduce(0) { $0 + $1.callRecords } }

    private func enter(_ now: UInt64, _ wall: UInt64) {
        self.now = now
        self.wall = wall
        cpri_time_enter(now)
    }

    private func leave() {
        cpri_time_leave()
    }

    func output(_ output: PRIOutput) {
        outputs.append(output)
    }

    func emit(_ event: LineEvent) {
        outputs.append(.event(event))
    }

    // MARK: A turn

    private func receiveFrames(_ link: SpanLink) -> Bool {
        for _ in 0..<Self.framesPerTurn {
            guard let received = link.receive() else { return false }
            if let event = unsafe received.event {
                unsafe handle(event, on: link, message: received.message)
            } else if let message = received.message {
                handleUnreported(message, on: link)
            }
            findForgotten(on: link, message: received.message)
        }
        counters.count(.framesOverTurnLimit)
        return true
    }

    private func runTimers(_ link: SpanLink) {
        // Each expiry is one event; a call that starts a timer of no length could do so for ever.
        for _ in 0..<256 {
            guard let event = unsafe pri_schedule_run(link.pri) else { break }
            unsafe handle(pri_event_read(event), on: link, message: nil)
        }
        findForgotten(on: link, message: nil)
        if let deadline = link.restartDeadline, now >= deadline {
            link.restartDeadline = nil
            link.log(.warning, "no answer to RESTART: all its channels are taken as free")
            link.channels.abandonRestarts()
        }
    }

    private func fireCallTimers() {
        let due = legs.values.compactMap { record in
            record.deadline.flatMap { $0.time <= now ? (record.id, $0.timer) : nil }
        }
        for (leg, timer) in due.sorted(by: { $0.0 < $1.0 }) {
            legs[leg]?.deadline = nil
            apply(.expired(timer), to: leg)
        }
    }

    /// Legs whose call libpri no longer knows. It forgets some without a word: a RELEASE COMPLETE before anything was answered.
    private func findForgotten(on link: SpanLink, message: Q931Message?) {
        let forgotten = legs.values.filter { record in
            record.span == link.id && !link.knows(record)
        }
        for record in forgotten.sorted(by: { $0.id < $1.id }) {
            let said = message.flatMap { $0.callReference.value == record.reference ? $0.cause : nil }
            apply(.clearing(.freed(said?.0, said?.1)), to: record.id)
        }
    }

    /// What every turn ends with: restarts go on, changes are told.
    private func settle() {
        for id in links.keys.sorted() {
            guard let link = links[id] else { continue }
            sendNextRestart(link)
            for change in link.channels.changes() {
                emit(.channelState(ChannelID(span: id, timeslot: change.timeslot), change.state, change.leg))
            }
            let state = link.state
            if link.reportedState != state {
                link.reportedState = state
                emit(.spanState(id, state))
            }
        }
    }

    private func sendNextRestart(_ link: SpanLink) {
        guard let timeslot = link.channels.nextRestart() else { return }
        link.restartDeadline = now &+ SpanLink.restartLimit
        counters.count(.restartsSent)
        unsafe pri_reset(link.pri, Int32(timeslot))
    }

    // MARK: Legs

    /// A new leg for a call the line brought.
    func nextLineLeg() -> LegID {
        lastLineLeg &+= 1
        return LegID(epoch: 0, counter: lastLineLeg)
    }

    func hasEnded(_ leg: LegID) -> Bool { endedLegs.contains(leg) }

    func rememberEnded(_ leg: LegID) {
        endedLegs.insert(leg)
        endedOrder.append(leg)
        if endedOrder.count > 2 * Self.endedRemembered {
            for old in endedOrder.prefix(Self.endedRemembered) { endedLegs.remove(old) }
            endedOrder.removeFirst(Self.endedRemembered)
        }
    }

    private func snapshot() -> PRISnapshot {
        var snapshot = PRISnapshot()
        for id in links.keys.sorted() {
            guard let link = links[id] else { continue }
            snapshot.spans.append((link.configuration, link.state))
            for timeslot in PrimaryRateE1.bChannels {
                let channel = ChannelID(span: id, timeslot: timeslot)
                snapshot.channels.append((channel, link.channels.state(of: timeslot), link.channels[timeslot]?.leg))
            }
        }
        for record in legs.values.sorted(by: { $0.id < $1.id }) {
            snapshot.legs.append(
                LegSnapshot(
                    leg: record.id, incoming: record.incoming, channel: record.channel,
                    connected: record.leg.isConnected, endpoint: nil, memo: []))
        }
        return snapshot
    }
}

extension Q931Message {
    var cause: (Cause, CauseLocation?)? {
        for case .cause(let cause, let location) in elements { return (cause, location) }
        return nil
    }

    var progressIndicators: [ProgressIndicator] {
        elements.compactMap { if case .progress(let indicator) = $0 { indicator } else { nil } }
    }
}
