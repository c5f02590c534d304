// SPDX-License-Identifier: GPL-2.0-or-later
import CPri
import ISDN
import LineProtocol
import Spans

extension PRICore {
    // MARK: Spans

    func configure(_ configuration: SpanConfiguration, _ dChannel: any DChannel, _ monitor: any SpanMonitor) {
        if let link = links[configuration.id] {
            let old = link.configuration
            if old.role == configuration.role, old.switchType == configuration.switchType {
                link.reconfigure(configuration, dChannel, monitor)
                return
            }
            // Role and switch type are fixed when a handle is made: its calls end with it.
            for leg in legs.values.filter({ $0.span == link.id }).map(\.id).sorted() {
                apply(.clearing(.restarted(by: .line)), to: leg)
            }
            link.abandon()
            link.log(.info, "a new role: the old handle of libpri is abandoned")
        }
        guard let link = SpanLink(configuration, dChannel, monitor, core: self) else {
            emit(.refused(.span(configuration.id), reason: "libpri could not make a handle: out of memory"))
            return
        }
        links[configuration.id] = link
    }

    func restart(_ channel: ChannelID) {
        guard let link = links[channel.span], PrimaryRateE1.bChannels.contains(channel.timeslot) else {
            emit(.refused(.channel(channel), reason: "there is no B channel \(channel)"))
            return
        }
        if let use = link.channels[channel.timeslot] { apply(.clearing(.restarted(by: .control)), to: use.leg) }
        link.channels.requestRestart(of: [channel.timeslot])
    }

    // MARK: Calls

    func setup(_ leg: LegID, _ request: SetupRequest) {
        // Said twice.
        guard legs[leg] == nil, !hasEnded(leg) else { return }
        counters.count(.legsStarted)
        guard let number = Self.digits(request.called.digits), !number.isEmpty else {
            return endUnstarted(leg, .invalidNumberFormat)
        }
        let spans = request.spans.compactMap { links[$0] }
        let ready = spans.filter(\.canCall)
        // A SETUP sent while the D channel is down would fail only 29 seconds later.
        guard !ready.isEmpty else { return endUnstarted(leg, .networkOutOfOrder) }
        for link in ready {
            guard let timeslot = link.channels.free(link.configuration.hunt) else { continue }
            return place(leg, request, number, on: link, timeslot)
        }
        endUnstarted(leg, .noCircuitAvailable)
    }

    private func place(_ leg: LegID, _ request: SetupRequest, _ number: String, on link: SpanLink, _ timeslot: UInt8) {
        let calling = request.calling
        let caller = calling.flatMap { Self.digits($0.digits) }
        let name = request.callingName.map(Self.name)
        let call = unsafe pri_place(
            link.pri, Int32(timeslot), Int32(request.bearer.transfer.libpri),
            link.configuration.law == .aLaw ? PRI_LAYER_1_ALAW : PRI_LAYER_1_ULAW,
            number, request.called.plan(), caller, calling?.plan() ?? 0, calling?.presentation() ?? 0, name)
        guard let call = unsafe call else {
            link.log(.error, "libpri refused a SETUP to \(number)")
            return endUnstarted(leg, .temporaryFailure)
        }
        var mode: Int32 = 0
        let reference = unsafe pri_get_crv(link.pri, call, &mode)
        let channel = ChannelID(span: link.id, timeslot: timeslot)
        legs[leg] = unsafe LegRecord(
            id: leg, span: link.id, channel: channel, incoming: false, call: call,
            reference: UInt16(truncatingIfNeeded: reference << 3 | mode), leg: CallLeg(incoming: false),
            timers: request.timers, startedWall: wall)
        link.channels.take(timeslot, for: leg)
        output(.channelOpened(leg, channel))
        emit(.seized(leg, channel))
    }

    /// A leg that never had a call.
    private func endUnstarted(_ leg: LegID, _ cause: Cause) {
        counters.count(.legsEnded)
        rememberEnded(leg)
        emit(.ended(leg, EndReport(cause: cause, initiator: .line, startedWall: wall, endedWall: wall)))
    }

    func send(_ leg: LegID, _ message: OutgoingCallMessage) {
        if legs[leg] != nil {
            apply(.send(message), to: leg)
        } else if !hasEnded(leg) {
            endUnknown(leg)
        }
    }

    func clear(_ leg: LegID, _ cause: Cause) {
        if legs[leg] != nil {
            apply(.clearing(.ordered(cause, .control)), to: leg)
        } else if !hasEnded(leg) {
            endUnknown(leg)
        }
    }

    /// The answer to one who believes in a leg that is not there.
    private func endUnknown(_ leg: LegID) {
        rememberEnded(leg)
        emit(.ended(leg, EndReport(cause: .invalidCallReference, initiator: .line, endedWall: wall)))
    }

    func clearAll(_ cause: Cause, where chosen: (LegRecord) -> Bool) -> Int {
        let victims = legs.values.filter { $0.leg.state != .clearing && chosen($0) }.map(\.id).sorted()
        for leg in victims { apply(.clearing(.ordered(cause, .line)), to: leg) }
        return victims.count
    }

    // MARK: What libpri takes

    /// A number as its element can carry it: characters of IA5, shorter than libpri's field. Nil when it cannot.
    static func digits(_ digits: String) -> String? {
        guard digits.utf8.count < 64, digits.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
        return digits
    }

    /// A name as Display can carry it (Q.931 section 4.5.16): printable IA5, at most 63 characters for libpri.
    static func name(_ name: String) -> String {
        let shown = name.unicodeScalars.prefix(63).map { (0x20...0x7E).contains($0.value) ? Character($0) : "?" }
        return String(shown)
    }
}

extension TransferCapability {
    var libpri: UInt8 { rawValue }
}

extension PartyNumber {
    /// Type of number and numbering plan as libpri packs them.
    func plan() -> Int32 { Int32(type.rawValue) << 4 | Int32(plan.rawValue) }
    func presentation() -> Int32 { Int32(presentation.rawValue) << 5 | Int32(screening.rawValue) }
}
