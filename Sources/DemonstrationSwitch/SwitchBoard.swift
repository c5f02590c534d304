// SPDX-License-Identifier: GPL-2.0-or-later
import ISDN
package import LineProtocol

/// Every call of the demonstration switch in one life of its line program: events of the line go in and commands come
/// out. A value; time is an argument, in nanoseconds of a monotonic clock.
package struct SwitchBoard: Sendable {
    package enum Output: Hashable, Sendable {
        case command(LineCommand)
        case progress(LegID, CallInProgress)
        /// For the log.
        case note(String)
    }

    private enum Call {
        case line(TestLine)
        case callIn(CallIn)
    }

    private let epoch: UInt32
    private let spans: [SpanID]
    private var lastLeg: UInt32 = 0
    private var calls: [LegID: Call] = [:]
    private var rows: [LegID: SwitchCall] = [:]
    private var lastNumber: UInt32 = 0
    private var deadlines: [LegID: UInt64] = [:]
    /// Calls of a life before ours that are being cleared.
    private var orphans: Set<LegID> = []
    package private(set) var spanStates: [SpanID: SpanState] = [:]

    package init(epoch: UInt32, spans: [SpanID]) {
        self.epoch = epoch
        self.spans = spans
    }

    package var callCount: Int { calls.count }

    /// The calls that are up, oldest first.
    package var callList: [SwitchCall] {
        calls.compactMap { leg, call in
            guard var row = rows[leg] else { return nil }
            switch call {
            case .line(let line): row.state = line.shownState
            case .callIn(let call): row.state = call.shownState
            }
            return row
        }.sorted { $0.number < $1.number }
    }

    package var nextTimeout: UInt64? { deadlines.values.min() }

    // MARK: The line

    package mutating func receive(_ event: LineEvent, now: UInt64) -> [Output] {
        switch event {
        case .incoming(let leg, let call):
            return arrive(leg, call, now: now)
        case .seized(let leg, let channel):
            rows[leg]?.channel = channel
            return handle(leg, line: nil, callIn: .seized(channel), now: now)
        case .received(let leg, let message):
            var line: TestLine.Event?
            if case .disconnect = message { line = .disconnected }
            return handle(leg, line: line, callIn: .received(message), now: now)
        case .digit(.channel(let leg), let digit, _, _):
            return handle(leg, line: .digit(digit), callIn: nil, now: now)
        case .played(.channel(let leg)):
            return handle(leg, line: .played, callIn: .played, now: now)
        case .ended(let leg, let report):
            orphans.remove(leg)
            defer { forget(leg) }
            return handle(leg, line: .ended, callIn: .ended(report), now: now)
        case .refused(.leg(let leg), let reason):
            return [.note("the line program refused a command: \(reason)")]
                + handle(leg, line: nil, callIn: .refused(reason), now: now)
        case .refused(_, let reason):
            return [.note("the line program refused a command: \(reason)")]
        case .glare(_, let channel):
            return [.note("both sides took channel \(channel)")]
        case .legSnapshot(let snapshot):
            return adopt(snapshot)
        case .spanState(let span, let state):
            return change(span, state)
        case .spanSnapshot(let configuration, let state):
            return change(configuration.id, state)
        case .welcome, .snapshotEnd, .channelSnapshot, .channelState, .timerExpired, .granted, .firstPacket,
            .digit(.endpoint, _, _, _), .played(.endpoint):
            return []
        }
    }

    private mutating func arrive(_ leg: LegID, _ call: IncomingCall, now: UInt64) -> [Output] {
        guard calls[leg] == nil, !orphans.contains(leg) else { return [] }
        let service = TestService(called: call.called.digits)
        calls[leg] = .line(TestLine(service))
        note(leg, called: call.called.digits, calling: call.calling?.digits, channel: call.channel, now: now)
        let caller = call.calling.map { " from \($0.digits)" } ?? ""
        return [.note("channel \(call.channel): \(call.called.digits)\(caller): \(service.sentence)")]
            + handle(leg, line: .arrived, callIn: nil, now: now)
    }

    /// What a switch before us left, at whatever stage: its calls cannot be gone on with. A SETUP nobody has answered yet is in
    /// no snapshot, but said again.
    private mutating func adopt(_ snapshot: LegSnapshot) -> [Output] {
        orphans.insert(snapshot.leg)
        return [.command(.clear(snapshot.leg, .temporaryFailure))]
    }

    private mutating func change(_ span: SpanID, _ state: SpanState) -> [Output] {
        guard spanStates.updateValue(state, forKey: span) != state else { return [] }
        let word =
            state.layer3Up ? "in service" : state.layer2Up ? "layer 2 up" : state.layer1 == .up ? "layer 1 up" : "down"
        return [.note("span \(span): \(word)")]
    }

    // MARK: Calls into the gateway

    package mutating func call(_ request: CallInRequest, now: UInt64) -> (leg: LegID, outputs: [Output]) {
        lastLeg &+= 1
        let leg = LegID(epoch: epoch, counter: lastLeg)
        calls[leg] = .callIn(CallIn(request))
        note(leg, called: request.called.digits, calling: request.calling?.digits, channel: nil, now: now)
        return (leg, handle(leg, line: nil, callIn: .place, now: now))
    }

    package mutating func abandon(_ leg: LegID, now: UInt64) -> [Output] {
        handle(leg, line: nil, callIn: .abandoned, now: now)
    }

    /// Ends a call that is up, with cause 16; nil when there is none of that number.
    package mutating func hangUp(_ number: UInt32, now: UInt64) -> [Output]? {
        guard let leg = rows.first(where: { $0.value.number == number })?.key else { return nil }
        switch calls[leg] {
        // The test line is told of its end by the line program, whoever wanted it.
        case .line: return [.command(.clear(leg, .normalCallClearing))]
        case .callIn: return abandon(leg, now: now)
        case nil: return nil
        }
    }

    private mutating func note(_ leg: LegID, called: String, calling: String?, channel: ChannelID?, now: UInt64) {
        lastNumber &+= 1
        rows[leg] = SwitchCall(
            number: lastNumber, isIncoming: leg.startedByLine, called: called, calling: calling ?? "", channel: channel,
            started: now, state: .settingUp)
    }

    // MARK: Time and the end

    package mutating func handleTimeout(now: UInt64) -> [Output] {
        var outputs: [Output] = []
        for leg in deadlines.filter({ $0.value <= now }).keys.sorted() {
            deadlines[leg] = nil
            outputs += handle(leg, line: .timeout, callIn: .timeout, now: now)
        }
        return outputs
    }

    /// The line program is gone, and every call with it.
    package mutating func lineLost(_ reason: String) -> [Output] {
        let legs = calls.compactMap { leg, call in
            if case .callIn = call { leg } else { nil }
        }
        calls = [:]
        rows = [:]
        deadlines = [:]
        return legs.sorted().map { leg in
            .progress(
                leg, .ended(CallInEnd(cause: .temporaryFailure, initiator: .line, answered: false, reason: reason)))
        }
    }

    private mutating func forget(_ leg: LegID) {
        calls[leg] = nil
        rows[leg] = nil
        deadlines[leg] = nil
    }

    // MARK: Machines

    private mutating func handle(
        _ leg: LegID, line lineEvent: TestLine.Event?, callIn callInEvent: CallIn.Event?, now: UInt64
    ) -> [Output] {
        switch calls[leg] {
        case .line(var line):
            guard let lineEvent else { return [] }
            let effects = line.handle(lineEvent)
            calls[leg] = .line(line)
            return effects.compactMap { perform($0, leg, now: now) }
        case .callIn(var call):
            guard let callInEvent else { return [] }
            let effects = call.handle(callInEvent)
            calls[leg] = call.state == .over ? nil : .callIn(call)
            if call.state == .over { rows[leg] = nil }
            return effects.compactMap { perform($0, leg, call.request, now: now) }
        case nil:
            return []
        }
    }

    private mutating func perform(_ effect: TestLine.Effect, _ leg: LegID, now: UInt64) -> Output? {
        switch effect {
        case .send(let message): return .command(.send(leg, message))
        case .clear(let cause): return .command(.clear(leg, cause))
        case .echo(let delay): return .command(.echo(leg, delayMilliseconds: delay))
        case .play(let playback): return .command(.play(.channel(leg), playback))
        case .detectDigits: return .command(.detectDigits(leg, true))
        case .sendDigits(let digits): return .command(.digits(.channel(leg), digits))
        case .startTimer(let milliseconds): deadlines[leg] = Self.deadline(now, milliseconds)
        case .stopTimer: deadlines[leg] = nil
        }
        return nil
    }

    private mutating func perform(_ effect: CallIn.Effect, _ leg: LegID, _ request: CallInRequest, now: UInt64)
        -> Output?
    {
        switch effect {
        case .setup:
            let setup = SetupRequest(
                spans: request.spans ?? spans, called: request.called, calling: request.calling,
                callingName: request.callingName)
            return .command(.setup(leg, setup))
        case .clear(let cause): return .command(.clear(leg, cause))
        case .play(let playback): return .command(.play(.channel(leg), playback))
        case .report(let progress): return .progress(leg, progress)
        case .startTimer(let milliseconds): deadlines[leg] = Self.deadline(now, milliseconds)
        case .stopTimer: deadlines[leg] = nil
        }
        return nil
    }

    private static func deadline(_ now: UInt64, _ milliseconds: UInt64) -> UInt64 {
        let (nanoseconds, overflow) = milliseconds.multipliedReportingOverflow(by: 1_000_000)
        return overflow ? .max : now.addingReportingOverflow(nanoseconds).overflow ? .max : now + nanoseconds
    }
}
