// SPDX-License-Identifier: GPL-2.0-or-later
package import ISDN
package import LineProtocol

/// One call with its two legs, its media and its record, as one value: input and the time go in, effects come out.
///
/// The rule for whoever runs it: give every input to `handle`, perform the effects in order, and give what they bring as
/// further inputs; after `finished` nothing needs to be given any more, and nothing that is comes to anything.
package struct CallEngine: Sendable {
    /// Who called.
    package enum Origin: Hashable, Sendable {
        /// `media` is nil when no endpoint was free: the call is refused.
        case sip(media: MediaGrant?)
        /// `role` is ours on that span.
        case isdn(LegID, role: InterfaceRole)
    }

    package var number: UInt32 { record.call }
    /// The call so far; its cause, status and end count once it has ended.
    package internal(set) var record: CallRecord
    var call: Call
    var originating: OriginatingLeg
    var terminating: TerminatingLeg?
    var media: MediaPlan
    /// The dialog of the call's SIP session, written down.
    package internal(set) var dialog: [UInt8]?
    /// What the line program keeps for us.
    var writtenMemo: [UInt8] = []
    private let spanNames: [SpanID: String]
    private let timers: CallTimerValues
    private var lineIsLost = false
    /// When the line program says that the leg ended, in case it tells late.
    private var endedWall: UInt64?
    private var isFinished = false

    private enum Work {
        case event(Call.Event)
        case action(Call.Action)
        case effect(LegEffect, CallSide)
    }

    /// - Parameters:
    ///   - number: the short number that names the call in every command.
    ///   - trunk: where the call comes from, for people.
    ///   - now: wall-clock nanoseconds since 1970.
    package init(
        number: UInt32, from trunk: String, origin: Origin, spanNames: [SpanID: String],
        timers: CallTimerValues = CallTimerValues(), now: UInt64
    ) {
        record = CallRecord(call: number, started: now, from: trunk, caller: "", called: "")
        call = Call()
        media = MediaPlan()
        switch origin {
        case .sip(let grant):
            originating = .sip(IncomingSIPLeg(media: grant))
            if let grant { media.setOriginating(.endpoint(grant.endpoint)) }
        case .isdn(let leg, let role):
            originating = .isdn(IncomingISDNLeg(leg: leg, role: role))
            media.setOriginating(.channel(leg))
        }
        self.spanNames = spanNames
        self.timers = timers
    }

    init(
        record: CallRecord, originating: OriginatingLeg, terminating: TerminatingLeg, media: MediaPlan,
        dialog: [UInt8]?, spanNames: [SpanID: String], timers: CallTimerValues
    ) {
        self.record = record
        call = Call(state: .connected)
        self.originating = originating
        self.terminating = terminating
        self.media = media
        self.dialog = dialog
        self.spanNames = spanNames
        self.timers = timers
    }

    package var state: Call.State { call.state }
    /// The legs the line program knows, the caller's first.
    package var lineLegs: [LegID] { [originating.lineLeg, terminating?.lineLeg].compactMap { $0 } }
    /// The endpoints given to this call and not given back.
    package var endpoints: [EndpointID] { media.endpoints.keys.sorted() }

    /// - Parameter now: wall-clock nanoseconds since 1970.
    package mutating func handle(_ input: CallInput, now: UInt64) -> [CallEffect] {
        guard !isFinished else { return [] }
        var effects: [CallEffect] = []
        var queue = begin(input, now, &effects)
        var next = 0
        while next < queue.count {
            let work = queue[next]
            next += 1
            switch work {
            case .event(let event): queue += call.handle(event).map { .action($0) }
            case .action(let action): queue += perform(action, now, &effects)
            case .effect(let effect, let side): queue += perform(effect, side, &effects)
            }
        }
        if let effect = memoEffect() { effects.append(effect) }
        return lineIsLost ? effects.filter { !$0.isForTheLine } : effects
    }

    private mutating func begin(_ input: CallInput, _ now: UInt64, _ effects: inout [CallEffect]) -> [Work] {
        switch input {
        case .incomingSIP(let event):
            if case .invite(let offer, _) = event { remember(offer) }
            return originating.handle(event).map { .effect($0, .originating) }
        case .outgoingSIP(let event):
            return terminating?.handle(event).map { .effect($0, .terminating) } ?? []
        case .line(let event):
            return begin(event, &effects)
        case .routed(let destination):
            guard call.state == .routing else { return [] }
            record.to = destination.name
            record.dialled = destination.dialled
            switch destination.way {
            case .isdn(let leg, let route):
                terminating = .isdn(OutgoingISDNLeg(leg: leg, route: route))
                media.setTerminating(.channel(leg))
            case .sip(let route):
                terminating = .sip(OutgoingSIPLeg(route))
                media.setTerminating(.endpoint(route.media.endpoint))
            }
            return [.event(.routed)]
        case .refused(let release):
            return [.event(call.state == .routing ? .refused(release) : .hangup(release))]
        case .sipCallID(let callID):
            record.sipCallID = callID
            return []
        case .dialog(let bytes):
            dialog = bytes
            return []
        case .facts(let facts):
            record.count(facts)
            return []
        case .hangup(let release):
            return [.event(.hangup(release))]
        case .lineLost:
            lineIsLost = true
            let first = originating.handle(IncomingISDNLeg.Event.lineLost).map { Work.effect($0, .originating) }
            let second = terminating?.handle(OutgoingISDNLeg.Event.lineLost).map { Work.effect($0, .terminating) } ?? []
            // Without an ISDN leg the endpoints are what was lost.
            return first + second + [.event(.hangup(.lineProgramLost))]
        case .timer(let timer):
            return [.event(.expired(timer))]
        }
    }

    private mutating func begin(_ event: LineEvent, _ effects: inout [CallEffect]) -> [Work] {
        switch event {
        case .incoming(let leg, let call):
            guard leg == originating.lineLeg else { return [] }
            remember(call.offer)
            note(call.channel)
            return originating.handle(.setup(call)).map { .effect($0, .originating) }
        case .received(let leg, let message):
            return give(leg, .received(message), .received(message))
        case .seized(let leg, let channel):
            if lineLegs.contains(leg) { note(channel) }
            return []
        case .glare(let leg, _):
            guard leg == terminating?.lineLeg else { return [] }
            return terminating?.handle(OutgoingISDNLeg.Event.glare).map { .effect($0, .terminating) } ?? []
        case .timerExpired(let leg, let timer):
            return give(leg, .timerExpired(timer), .timerExpired(timer))
        case .ended(let leg, let end):
            guard lineLegs.contains(leg) else { return [] }
            if let channel = end.channel { note(channel) }
            if end.endedWall > 0 { endedWall = min(endedWall ?? .max, end.endedWall) }
            record.count(end.media)
            return give(leg, .ended(end), .ended(end))
        case .refused(.leg(let leg), let reason):
            return give(leg, .refused(reason), .refused(reason))
        case .refused(.memo(let leg), let reason):
            guard lineLegs.contains(leg) else { return [] }
            effects.append(.note("this call would not survive the control program: \(reason)"))
            return []
        case .refused(.endpoint(let endpoint), let reason):
            guard media.endpoints[endpoint] != nil else { return [] }
            effects.append(.note("the line program refused endpoint \(endpoint): \(reason)"))
            return []
        // Nothing a call is told.
        case .refused(.hello, _), .refused(.span, _), .refused(.channel, _), .refused(.rtp, _),
            .refused(.unreadable, _),
            .welcome, .spanSnapshot, .channelSnapshot, .legSnapshot, .snapshotEnd, .spanState, .channelState, .granted,
            .firstPacket, .digit, .played:
            return []
        }
    }

    private mutating func give(
        _ leg: LegID, _ incoming: IncomingISDNLeg.Event, _ outgoing: OutgoingISDNLeg.Event
    ) -> [Work] {
        if leg == originating.lineLeg { return originating.handle(incoming).map { .effect($0, .originating) } }
        guard leg == terminating?.lineLeg else { return [] }
        return terminating?.handle(outgoing).map { .effect($0, .terminating) } ?? []
    }

    private mutating func perform(_ effect: LegEffect, _ side: CallSide, _ effects: inout [CallEffect]) -> [Work] {
        switch effect {
        case .report(let event):
            return [.event(side == .originating ? .originating(event) : .terminating(event))]
        case .sip(let action):
            effects.append(.sip(side, action))
        case .line(let command):
            effects.append(.line(command))
        case .media(let parameters):
            let audio = side == .originating ? originating.audio : terminating?.audio
            guard let audio else { return [] }
            record.codec = audio.codecName ?? record.codec
            effects += media.open(audio.grant.endpoint, parameters).map { .line($0) }
        case .note(let text):
            effects.append(.note(text))
        }
        return []
    }

    private mutating func perform(_ action: Call.Action, _ now: UInt64, _ effects: inout [CallEffect]) -> [Work] {
        switch action {
        case .originating(let command):
            return originating.handle(command).map { .effect($0, .originating) }
        case .terminating(let command):
            return terminating?.handle(command).map { .effect($0, .terminating) } ?? []
        case .route(let offer): effects.append(.route(offer))
        case .bridgeEarly: effects += media.bridge(.secondToFirst).map { .line($0) }
        case .bridgeBoth: effects += media.bridge(.both).map { .line($0) }
        case .quiet: effects += media.quiet().map { .line($0) }
        case .start(let timer): effects.append(.start(timer, milliseconds: timers.milliseconds(timer)))
        case .stop(let timer): effects.append(.stop(timer))
        case .note(let text): effects.append(.note(text))
        case .alerting: record.alerting = now
        case .answered: record.answered = now
        case .ended(let release, let who):
            finishRecord(release, who, now)
            if !release.text.isEmpty { effects.append(.note(release.text)) }
        case .over:
            isFinished = true
            // What was said late: the end itself, after a release that had no time of its own.
            if let endedWall { record.ended = max(min(record.ended, endedWall), record.answered ?? record.started) }
            effects += media.close().map { .line($0) }
            if !writtenMemo.isEmpty, let leg = lineLegs.first { effects.append(.line(.memo(leg, []))) }
            effects += [.record(record), .finished]
        }
        return []
    }

    private mutating func remember(_ offer: CallOffer) {
        guard call.state == .idle else { return }
        record.caller = offer.calling.map(\.text) ?? ""
        record.callerName = offer.callingName ?? ""
        record.called = offer.called
    }

    private mutating func note(_ channel: ChannelID) {
        let name = spanNames[channel.span] ?? "span \(channel.span)"
        record.channel = "\(name)/\(channel.timeslot)"
    }

    private mutating func finishRecord(_ release: Release, _ who: CallRecord.EndedBy, _ now: UInt64) {
        record.cause = release.cause.rawValue
        record.endedBy = who
        record.remark = release.text
        record.ended = max(min(now, endedWall ?? now), record.answered ?? record.started)
        guard record.answered == nil else { return }
        switch originating {
        case .sip: record.status = who == .caller ? 487 : release.effectiveStatus
        case .isdn: record.status = release.status
        }
    }

    /// What the line program should keep for us from now on, when that has changed.
    private mutating func memoEffect() -> CallEffect? {
        guard call.state == .connected, let leg = lineLegs.first, let bytes = memo()?.encoded(), bytes != writtenMemo
        else { return nil }
        writtenMemo = bytes
        guard bytes.count <= Lane.maximumMemoOctets else {
            return .note("this call would not survive the control program: its state takes \(bytes.count) octets")
        }
        return .line(.memo(leg, bytes))
    }
}

extension CallEffect {
    fileprivate var isForTheLine: Bool {
        if case .line = self { return true }
        return false
    }
}

extension CallRecord {
    fileprivate mutating func count(_ facts: MediaFacts) {
        // A report from a leg that carried no RTP must not wipe out what another counted.
        packetsReceived = max(packetsReceived, facts.packetsReceived)
        packetsSent = max(packetsSent, facts.packetsSent)
        packetsLost = max(packetsLost, facts.packetsLost)
        concealedMilliseconds = max(concealedMilliseconds, facts.concealedMilliseconds)
    }
}
