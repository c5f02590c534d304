// SPDX-License-Identifier: GPL-2.0-or-later
import CallControl
import GatewayConfiguration
import LineClient
import LineProtocol
import Logging
import NIOCore
import SIPCore
import SIPTransport

/// Runs every call: gives events of SIP, the line and the clock to the call they belong to, and performs what it answers.
///
///     SIPStack ──── events ──→ ┌────────────────┐ ←── events ──── LineSupervisor
///              ←── commands ── │ CallController │ ── commands ──→
///     timers, operators ─────→ └────────────────┘ ──→ call records, ladder
///
/// Confined to its event loop: nothing here waits, and between reading a call and storing it nothing else happens.
final class CallController {
    struct ActiveCall {
        var engine: CallEngine
        /// The call's SIP session, and which of its legs that is.
        var session: (id: SessionID, side: CallSide)?
        var callID: String?
        var timers: [CallTimerName: Scheduled<Void>] = [:]
        /// The lifeline of the SIP peer in the ladder.
        var peer: String
        /// The end of a leg, kept in the line program until the call's record is on disk.
        var heldEnd: UInt64?
    }

    let settings: GatewaySettings
    let eventLoop: any EventLoop
    let sip: SIPStack
    let log: Logger
    private let records: any CallRecordSink

    var line: LineConnection?
    weak var supervisor: LineSupervisor?
    var calls: [UInt32: ActiveCall] = [:]
    var callOfLeg: [LegID: UInt32] = [:]
    var callOfSession: [SessionID: UInt32] = [:]
    private var lastCall: UInt32
    private var lastLeg: UInt32 = 0
    private var epoch: UInt32 = 0

    var spans: SpanBoard
    var endpoints: EndpointPool
    var locations = LocationTable()
    var ladder: LadderRecorder
    var counts = GatewayCounts()
    var lineCounters: [UInt64] = []
    var lineStatus = "starting"
    /// Where SIP is heard, for people.
    var listening: [String] = []
    var isDraining = false
    var isStopping = false
    private var drained: [EventLoopPromise<Void>] = []
    /// Legs of the snapshot that is being told, and calls of ours that it did not have.
    var snapshotLegs: Set<LegID> = []
    var unconfirmedCalls: Set<UInt32> = []
    /// Calls were ended because the line program was away for long; should it still have them, they are not to come back.
    var hasGivenUpLine = false

    /// - Parameter lastCall: the highest call number in the records, so that numbers are not given twice.
    init(
        settings: GatewaySettings, sip: SIPStack, records: any CallRecordSink, lastCall: UInt32,
        eventLoop: any EventLoop,
        log: Logger
    ) {
        self.settings = settings
        self.sip = sip
        self.records = records
        self.lastCall = lastCall
        self.eventLoop = eventLoop
        self.log = log
        spans = SpanBoard(settings.spans.map(\.configuration))
        endpoints = EndpointPool(target: 32)
        ladder = LadderRecorder()
    }

    // MARK: Calls

    /// A new call, before its first input.
    func open(from trunk: String, origin: CallEngine.Origin, peer: String) -> UInt32 {
        lastCall &+= 1
        if lastCall == 0 || calls[lastCall] != nil { lastCall = (calls.keys.max() ?? 0) &+ 1 }
        let number = lastCall
        let engine = CallEngine(
            number: number, from: trunk, origin: origin, spanNames: spanNames, now: wallClock())
        calls[number] = ActiveCall(engine: engine, session: nil, callID: nil, peer: peer)
        counts.add(.callsStarted)
        return number
    }

    /// A call that outlived the control program that ran it.
    func adopt(_ engine: CallEngine, session: SessionID, side: CallSide, peer: String) {
        lastCall = max(lastCall, engine.number)
        calls[engine.number] = ActiveCall(
            engine: engine, session: (session, side), callID: nil, peer: peer)
        callOfSession[session] = engine.number
        for leg in engine.lineLegs { callOfLeg[leg] = engine.number }
        if let callID = sip.callID(of: session) { bind(callID, to: engine.number) }
        counts.add(.callsRestored)
        ladder.note(engine.number, "taken up again by a new control program", at: wallClock())
    }

    func bind(_ session: SessionID, _ side: CallSide, to number: UInt32) {
        calls[number]?.session = (session, side)
        callOfSession[session] = number
        guard let callID = sip.callID(of: session) else { return }
        bind(callID, to: number)
        step(number, .sipCallID(callID))
    }

    private func bind(_ callID: String, to number: UInt32) {
        calls[number]?.callID = callID
        ladder.bind(callID: callID, to: number, peer: calls[number]?.peer ?? "")
    }

    func newLeg() -> LegID {
        lastLeg &+= 1
        return LegID(epoch: epoch, counter: lastLeg)
    }

    func step(_ number: UInt32, _ input: CallInput) {
        guard calls[number] != nil else { return }
        let now = wallClock()
        // Taken out while it changes, so that the engine's storage is not copied.
        guard let effects = calls[number]?.engine.handle(input, now: now) else { return }
        for effect in effects { perform(effect, for: number, now: now) }
    }

    private func perform(_ effect: CallEffect, for number: UInt32, now: UInt64) {
        switch effect {
        case .sip(_, let action): performSIP(action, for: number)
        case .line(let command):
            counts.add(.lineCommands)
            line?.send(command)
        case .route(let offer): route(offer, for: number)
        case .start(let timer, let milliseconds): start(timer, milliseconds, for: number)
        case .stop(let timer): calls[number]?.timers.removeValue(forKey: timer)?.cancel()
        case .note(let sentence):
            ladder.note(number, sentence, at: now)
            log.info("\(sentence)", metadata: ["call": "\(number)"])
        case .record(let record):
            store(record)
            count(record)
        case .finished: finish(number)
        }
    }

    /// A leg has ended, and its call waits for the other: should we be killed meanwhile, who comes after us hears of it.
    func holdEnd(of number: UInt32) {
        guard let call = calls[number], call.heldEnd == nil else { return }
        calls[number]?.heldEnd = supervisor?.hold()
    }

    /// The line program forgets the call's end only when its record is on disk.
    private func store(_ record: CallRecord) {
        guard let supervisor else { return records.record(record) {} }
        let held = calls[record.call]?.heldEnd ?? supervisor.hold()
        let (bound, eventLoop) = (NIOLoopBound(supervisor, eventLoop: eventLoop), eventLoop)
        records.record(record) { eventLoop.execute { bound.value.release(held) } }
    }

    private func start(_ timer: CallTimerName, _ milliseconds: UInt32, for number: UInt32) {
        calls[number]?.timers.removeValue(forKey: timer)?.cancel()
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        calls[number]?.timers[timer] = eventLoop.scheduleTask(in: .milliseconds(Int64(milliseconds))) {
            bound.value.calls[number]?.timers[timer] = nil
            bound.value.step(number, .timer(timer))
        }
    }

    private func finish(_ number: UInt32) {
        guard let call = calls.removeValue(forKey: number) else { return }
        for timer in call.timers.values { timer.cancel() }
        for leg in call.engine.lineLegs { callOfLeg[leg] = nil }
        if let session = call.session { callOfSession[session.id] = nil }
        ladder.ended(number, callID: call.callID)
        guard isDraining, calls.isEmpty else { return }
        for promise in drained { promise.succeed() }
        drained = []
    }

    private func count(_ record: CallRecord) {
        counts.add(record.answered == nil ? .callsRefused : .callsAnswered)
        let seconds = record.billedMilliseconds / 1_000
        log.info(
            "call ended",
            metadata: [
                "call": "\(record.call)", "from": "\(record.from)", "to": "\(record.to)", "called": "\(record.called)",
                "cause": "\(record.cause)", "by": "\(record.endedBy.rawValue)", "seconds": "\(seconds)",
            ])
    }

    func after(seconds: Int64, _ body: @escaping @Sendable (CallController) -> Void) {
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        eventLoop.scheduleTask(in: .seconds(seconds)) { body(bound.value) }
    }

    // MARK: Ending

    /// Takes no new calls; succeeds when the last one has ended.
    func drain() -> EventLoopFuture<Void> {
        isDraining = true
        guard !calls.isEmpty else { return eventLoop.makeSucceededVoidFuture() }
        let promise = eventLoop.makePromise(of: Void.self)
        drained.append(promise)
        return promise.futureResult
    }

    func hangUpAll(_ release: Release) {
        for number in calls.keys.sorted() { step(number, .hangup(release)) }
    }

    func lineAttached(epoch: UInt32) {
        self.epoch = epoch
        lastLeg = 0
    }

    var spanNames: [SpanID: String] {
        Dictionary(spans.configurations.map { ($0.id, $0.name) }) { first, _ in first }
    }
}
