// SPDX-License-Identifier: GPL-2.0-or-later
import CPri
import ISDN
import LineProtocol

extension PRICore {
    // MARK: From libpri

    /// What libpri made of a frame, or of a timer when there is no message.
    func handle(_ event: pri_event_summary, on link: SpanLink, message: Q931Message?) {
        let kind = unsafe event.kind
        switch kind {
        case PRI_EVENT_DCHAN_UP: dChannelUp(link)
        case PRI_EVENT_DCHAN_DOWN: dChannelDown(link)
        case PRI_EVENT_RING: unsafe incoming(event, on: link, message: message)
        case PRI_EVENT_RESTART: restarted(unsafe event.channel, on: link)
        case PRI_EVENT_CONFIG_ERR:
            let role = link.configuration.role == .te ? "te" : "nt"
            link.log(.error, "the far end is on the same side as we: one must be te and one nt, and we are \(role)")
        case PRI_EVENT_RESTART_ACK:
            guard let timeslot = Self.timeslot(unsafe event.channel) else { return }
            if link.channels.restarting == timeslot { link.restartDeadline = nil }
            link.channels.restarted(timeslot)
        default:
            guard let leg = unsafe leg(of: event.call, on: link),
                let stimulus = unsafe stimulus(event, message: message)
            else { return }
            if let record = legs[leg], record.leg.state == .initiated, case .heard = stimulus,
                let given = Self.timeslot(unsafe event.channel), given != record.channel.timeslot
            {
                // "Another channel than the one that was insisted on: cause 6" (Q.931 section 5.1.2).
                return apply(.clearing(.ordered(.channelUnacceptable, .line)), to: leg)
            }
            apply(stimulus, to: leg)
        }
    }

    private func stimulus(_ event: pri_event_summary, message: Q931Message?) -> CallLeg.Stimulus? {
        let indicators = message?.progressIndicators ?? []
        let cause = message?.cause?.0 ?? Cause(rawValue: UInt8(truncatingIfNeeded: unsafe event.cause))
        let location = message?.cause?.1
        return switch unsafe event.kind {
        case PRI_EVENT_SETUP_ACK: .heard(.setupAcknowledge(indicators))
        case PRI_EVENT_PROCEEDING: .heard(.proceeding(indicators))
        case PRI_EVENT_PROGRESS: .heard(.progress(indicators, message?.cause?.0))
        case PRI_EVENT_RINGING: .heard(.alerting(indicators))
        case PRI_EVENT_ANSWER: .heard(.connect)
        case PRI_EVENT_CONNECT_ACK: .heard(.connectAcknowledge)
        case PRI_EVENT_HANGUP_REQ: .clearing(.disconnect(cause ?? .normalUnspecified, location))
        case PRI_EVENT_HANGUP:
            .clearing(.released(cause ?? .normalUnspecified, location, byTimer: message == nil))
        case PRI_EVENT_HANGUP_ACK: .clearing(.freed(cause, location))
        // Supplementary services, overlap digits, maintenance: nobody here asked for them.
        default: nil
        }
    }

    private func leg(of call: OpaquePointer?, on link: SpanLink) -> LegID? {
        legs.values.first { record in record.span == link.id ? unsafe record.call == call : false }?.id
    }

    /// A DISCONNECT that comes before anything was said to the SETUP libpri answers itself with RELEASE COMPLETE, says nothing
    /// of it, and keeps the call for ever.
    func handleUnreported(_ message: Q931Message, on link: SpanLink) {
        guard message.type == .disconnect, !message.callReference.toOriginator else { return }
        let waiting = legs.values.first { record in
            record.span == link.id && record.incoming && record.leg.state == .present
                && record.reference == message.callReference.value
        }
        if let waiting { unsafe pri_destroycall(link.pri, waiting.call) }
    }

    // MARK: The D channel

    private func dChannelUp(_ link: SpanLink) {
        guard !link.channels.isUp else { return }
        link.channels.isUp = true
        link.log(.info, "D channel up")
        if !link.wasUp {
            // Whatever the far end remembers of an earlier life of ours is cleared (Q.931 section 5.5).
            link.wasUp = true
            link.channels.requestRestart(of: PrimaryRateE1.bChannels)
        }
    }

    private func dChannelDown(_ link: SpanLink) {
        guard link.channels.isUp else { return }
        link.channels.isUp = false
        link.channels.suspendRestarts()
        link.restartDeadline = nil
        counters.count(.spanDown)
        link.log(.warning, "D channel down")
    }

    // MARK: RESTART

    private func restarted(_ channel: Int32, on link: SpanLink) {
        counters.count(.restartsReceived)
        let timeslots: [UInt8]
        if let timeslot = Self.timeslot(channel) {
            timeslots = [timeslot]
        } else {
            // None named: the whole interface. One that carries no calls, as 16: nobody's call is to end for it.
            timeslots = channel <= 0 || channel & 0xFF == 0xFF ? PrimaryRateE1.bChannels : []
        }
        for timeslot in timeslots {
            if let use = link.channels[timeslot] { apply(.clearing(.restarted(by: .remote)), to: use.leg) }
        }
    }

    /// The timeslot in libpri's channel number; nil when it names no B channel of an E1.
    static func timeslot(_ channel: Int32) -> UInt8? {
        guard channel > 0, let timeslot = UInt8(exactly: channel & 0xFF),
            PrimaryRateE1.bChannels.contains(timeslot)
        else { return nil }
        return timeslot
    }

    // MARK: SETUP

    private func incoming(_ event: pri_event_summary, on link: SpanLink, message: Q931Message?) {
        guard let call = unsafe event.call else { return }
        // The same memory for a new call: the old one is gone.
        if let old = unsafe leg(of: call, on: link) { apply(.clearing(.freed(nil, nil)), to: old) }
        let flexible = unsafe event.flexible != 0
        switch choose(unsafe event.channel, flexible: flexible, on: link) {
        case .refused(let cause):
            unsafe pri_hangup(link.pri, call, Int32(cause.rawValue))
        case .timeslot(let timeslot):
            let leg = nextLineLeg()
            let channel = ChannelID(span: link.id, timeslot: timeslot)
            let reference = UInt16(truncatingIfNeeded: unsafe event.call_reference & 0x7FFF)
            counters.count(.legsStarted)
            legs[leg] = unsafe LegRecord(
                id: leg, span: link.id, channel: channel, incoming: true, call: call, reference: reference,
                leg: CallLeg(incoming: true), startedWall: wall)
            link.channels.take(timeslot, for: leg)
            output(.channelOpened(leg, channel))
            let complete = unsafe event.sending_complete != 0
            emit(
                .incoming(leg, IncomingCall(message, channel: channel, law: link.configuration.law, complete: complete))
            )
        }
    }

    private enum Choice {
        case timeslot(UInt8)
        case refused(Cause)
    }

    private func choose(_ channel: Int32, flexible: Bool, on link: SpanLink) -> Choice {
        guard let wanted = Self.timeslot(channel) else {
            // None named, or any: ours to choose. One that does not exist: not.
            guard channel <= 0 || channel & 0xFF == 0xFF else { return .refused(.channelDoesNotExist) }
            return link.channels.free(link.configuration.hunt).map(Choice.timeslot) ?? .refused(.noCircuitAvailable)
        }
        guard let use = link.channels[wanted] else {
            // Our RESTART of it is under way: the far end will clear this call when it gets there.
            if link.channels.restarting == wanted { return .refused(.requestedCircuitNotAvailable) }
            return .timeslot(wanted)
        }
        if let mine = legs[use.leg], !mine.incoming, mine.leg.state == .initiated {
            counters.count(.glare)
            emit(.glare(mine.id, mine.channel))
            // "The network's call is given priority" (Q.931 section 5.7).
            if link.configuration.role == .te {
                apply(.clearing(.ordered(.requestedCircuitNotAvailable, .line)), to: mine.id)
                if link.channels[wanted] == nil { return .timeslot(wanted) }
            }
        }
        if flexible, let other = link.channels.free(link.configuration.hunt) { return .timeslot(other) }
        return .refused(.requestedCircuitNotAvailable)
    }

    // MARK: To libpri

    /// Has a leg take a stimulus and does what it answers.
    func apply(_ stimulus: CallLeg.Stimulus, to id: LegID) {
        guard var record = legs[id], let link = links[record.span] else { return }
        let actions = record.leg.handle(stimulus)
        if record.leg.state == .delivered || record.leg.state == .received, record.alertingWall == nil {
            record.alertingWall = wall
        }
        if record.leg.isConnected, record.connectedWall == nil { record.connectedWall = wall }
        legs[id] = record
        for action in actions { perform(action, for: id, on: link) }
        guard let left = legs[id] else { return }
        link.channels.set(left.leg.channelState, of: left.channel.timeslot, for: id)
        // Some causes libpri answers with RELEASE COMPLETE and forgets the call at once.
        if !link.knows(left) { apply(.clearing(.freed(nil, nil)), to: id) }
    }

    private func perform(_ action: CallLeg.Action, for id: LegID, on link: SpanLink) {
        guard let record = legs[id] else { return }
        let timeslot = Int32(record.channel.timeslot)
        switch action {
        case .report(let message): emit(.received(id, message))
        case .send(let message): unsafe transmit(message, link.pri, record.call, timeslot)
        case .acknowledgeConnect: unsafe pri_connect_ack(link.pri, record.call, 0)
        case .hangUp(let cause): unsafe pri_hangup(link.pri, record.call, Int32(cause.rawValue))
        case .reject(let cause):
            // libpri says RELEASE COMPLETE for these alone, and for others nothing at all before it has said something else.
            switch cause {
            case .unallocatedNumber, .noCircuitAvailable, .requestedCircuitNotAvailable, .invalidCallReference,
                .channelDoesNotExist, .incompatibleDestination:
                break
            default:
                unsafe pri_proceeding(link.pri, record.call, timeslot, 0)
            }
            unsafe pri_hangup(link.pri, record.call, Int32(cause.rawValue))
        case .forget: unsafe pri_destroycall(link.pri, record.call)
        case .start(let timer):
            let length = UInt64(record.milliseconds(timer)) &* 1_000_000
            legs[id]?.deadline = (timer, now &+ length)
        case .stopTimer: legs[id]?.deadline = nil
        case .reportExpiry(let timer): emit(.timerExpired(id, timer))
        case .end: end(record, on: link)
        }
    }

    private func transmit(
        _ message: OutgoingCallMessage, _ pri: OpaquePointer?, _ call: OpaquePointer, _ channel: Int32
    ) {
        // libpri can say indicator 8 and no other: what announces audio in any way becomes that.
        func info(_ indicators: [ProgressIndicator]) -> Int32 {
            indicators.contains { $0.description.announcesAudio } ? 1 : 0
        }
        switch message {
        case .proceeding(let indicators): unsafe pri_proceeding(pri, call, channel, info(indicators))
        case .alerting(let indicators): unsafe pri_acknowledge(pri, call, channel, info(indicators))
        // The indicator is mandatory in PROGRESS (Q.931 section 3.1.8).
        case .progress: unsafe pri_progress(pri, call, channel, 1)
        case .connect: unsafe pri_answer(pri, call, channel, 0)
        }
    }

    private func end(_ record: LegRecord, on link: SpanLink) {
        legs[record.id] = nil
        link.channels.release(record.channel.timeslot, by: record.id)
        counters.count(.legsEnded)
        rememberEnded(record.id)
        let ending = record.leg.ending
        output(.channelClosed(record.id, record.channel))
        let report = EndReport(
            cause: ending?.cause ?? .normalUnspecified, location: ending?.location,
            initiator: ending?.initiator ?? .line,
            timer: ending?.timer, channel: record.channel, startedWall: record.startedWall,
            alertingWall: record.alertingWall, connectedWall: record.connectedWall, endedWall: wall)
        emit(.ended(record.id, report))
    }
}

extension CallLeg {
    var channelState: ChannelState {
        switch state {
        case .initiated, .overlapSending, .outgoingProceeding, .delivered, .present, .incomingProceeding, .received:
            .settingUp
        case .connectRequest, .active: .connected
        case .clearing, .ended: .clearing
        }
    }
}

extension IncomingCall {
    /// What a SETUP says; what it leaves out is empty or the span's own.
    init(_ message: Q931Message?, channel: ChannelID, law: G711Law, complete: Bool) {
        self.init(
            channel: channel, bearer: BearerCapability(transfer: .speech, law: law), called: PartyNumber(digits: ""),
            sendingComplete: complete, progress: message?.progressIndicators ?? [])
        for element in message?.elements ?? [] {
            switch element {
            case .bearer(let value): bearer = value
            case .called(let value): called = value
            case .calling(let value): calling = calling ?? value
            case .redirecting(let value): redirecting = redirecting ?? value
            case .display(let value): callingName = value
            default: break
            }
        }
    }
}
