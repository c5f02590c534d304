// SPDX-License-Identifier: GPL-2.0-or-later
import CallControl
import GatewayConfiguration
import ISDN
import LineClient
import LineProtocol
import Logging
import SIPCore
import SIPTransport

/// The line program's events on their way to calls, and what happens when it goes and comes.
extension CallController: LineSupervisorDelegate {
    func lineAttached(_ line: LineConnection, sameLife: Bool) {
        if !sameLife { forgetLine() }
        self.line = line
        lineStatus = "attached"
        snapshotLegs = []
        lineAttached(epoch: line.welcome.epoch)
        line.send(
            .rtp(
                bind: settings.rtp.address, firstPort: settings.rtp.ports.lowerBound,
                lastPort: settings.rtp.ports.upperBound))
        for span in settings.spans { line.send(.configure(span.configuration)) }
        line.send(.wantEndpoints(endpoints.target))
    }

    func lineLost(_ reason: String) {
        line = nil
        lineStatus = reason
        counts.add(.lineLosses)
        spans.lineLost()
    }

    func lineGivenUp() {
        hasGivenUpLine = true
        forgetLine()
    }

    /// Another life of the line program: legs, channels and endpoints from before are void.
    private func forgetLine() {
        endpoints.reset()
        ladder.lineLost()
        spans.lineLost()
        for number in calls.keys.sorted() { step(number, .lineLost) }
        callOfLeg.removeAll()
    }

    func line(_ numbered: NumberedEvent) {
        let event = numbered.event
        switch event {
        case .welcome: break
        case .refused(let what, let reason):
            log.warning("the line program refused a command", metadata: ["what": "\(what)", "reason": "\(reason)"])
            refused(what, event)
        case .spanSnapshot(let span, let state): spans.spanState(span.id, state)
        case .channelSnapshot(let channel, let state, let leg):
            spans.channelState(channel, state, leg, at: numbered.wallNanoseconds)
        case .legSnapshot(let leg): restore(leg)
        case .snapshotEnd:
            hasGivenUpLine = false
            snapshotEnded()
        case .spanState(let span, let state):
            spans.spanState(span, state)
            log.info("\(spans.name(of: span)): \(SpanBoard.summary(state))")
        case .channelState(let channel, let state, let leg):
            spans.channelState(channel, state, leg, at: numbered.wallNanoseconds)
        case .incoming(let leg, let call): incoming(leg, call)
        case .seized(let leg, let channel):
            give(leg, event)
            if let number = callOfLeg[leg] { ladder.bind(channel, to: number) }
        case .glare(let leg, _):
            counts.add(.glare)
            give(leg, event)
        case .received(let leg, _), .timerExpired(let leg, _): give(leg, event)
        case .ended(let leg, _):
            let number = callOfLeg[leg]
            give(leg, event)
            callOfLeg[leg] = nil
            if let number { holdEnd(of: number) }
        case .granted(let granted): endpoints.granted(granted)
        case .firstPacket(let endpoint):
            if let number = call(of: endpoint) {
                ladder.media(number, "first audio packet", at: numbered.wallNanoseconds)
            }
        case .digit(let port, let digit, let milliseconds, let source):
            guard let number = call(of: port) else { return }
            let character = Character(Unicode.Scalar(digit))
            let origin = source == .inband ? "heard on the line" : "from RTP (RFC 4733)"
            ladder.media(number, "digit \(character) \(origin), \(milliseconds) ms", at: numbered.wallNanoseconds)
        // Nothing of ours plays files.
        case .played: break
        }
    }

    func bulk(_ record: BulkRecord) {
        switch record {
        case .dropped(let count): counts.set(.bulkDropped, count)
        case .frame(let span, let direction, let time, let octets):
            ladder.frame(span, named: spans.name(of: span), direction, octets, at: time)
        case .log(let level, let text): log.log(level: level.level, "line: \(text)")
        case .counters(let values): lineCounters = values
        case .facts(let leg, let facts): if let number = callOfLeg[leg] { step(number, .facts(facts)) }
        }
    }

    private func give(_ leg: LegID, _ event: LineEvent) {
        if let number = callOfLeg[leg] {
            unconfirmedCalls.remove(number)
            step(number, .line(event))
        } else if case .ended = event {
            // The end of a leg nobody remembers: there is nothing to tell, and acknowledging the event forgets it.
        } else {
            // A leg of a control program that died before it could write the call down.
            line?.send(.clear(leg, .temporaryFailure))
        }
    }

    private func refused(_ what: RefusedCommand, _ event: LineEvent) {
        switch what {
        case .leg(let leg), .memo(let leg): if let number = callOfLeg[leg] { step(number, .line(event)) }
        case .endpoint(let endpoint): if let number = call(of: endpoint) { step(number, .line(event)) }
        case .hello, .span, .channel, .rtp, .unreadable: break
        }
    }

    private func incoming(_ leg: LegID, _ call: IncomingCall) {
        guard callOfLeg[leg] == nil else { return }
        guard let span = spans.configuration(of: call.channel.span) else {
            // A span of an earlier configuration.
            line?.send(.clear(leg, .temporaryFailure))
            return
        }
        let number = open(from: span.name, origin: .isdn(leg, role: span.role), peer: "")
        callOfLeg[leg] = number
        ladder.bind(call.channel, to: number)
        step(number, .line(.incoming(leg, call)))
    }

    private func call(of port: MediaPort) -> UInt32? {
        switch port {
        case .channel(let leg): callOfLeg[leg]
        case .endpoint(let endpoint): call(of: endpoint)
        }
    }

    private func call(of endpoint: EndpointID) -> UInt32? {
        calls.first { $0.value.engine.endpoints.contains(endpoint) }?.key
    }

    // MARK: Calls that outlived a control program

    private func restore(_ leg: LegSnapshot) {
        snapshotLegs.insert(leg.leg)
        guard callOfLeg[leg.leg] == nil else { return }
        // Nobody knows who the other party is, or we have told it already that the call is over.
        guard !leg.memo.isEmpty, !hasGivenUpLine else { return abandon(leg) }
        do {
            let engine = try CallEngine.restored(from: try CallMemo(decoding: leg.memo), spanNames: spanNames)
            guard let dialog = engine.dialog, let side = engine.sipSide else {
                log.error("a call's memo has no SIP dialog: cleared", metadata: ["leg": "\(leg.leg)"])
                return abandon(leg)
            }
            let session = try sip.restore(dialog)
            let peer = side == .originating ? engine.record.from : engine.record.to
            adopt(engine, session: session, side: side, peer: peer)
            if let channel = leg.channel { ladder.bind(channel, to: engine.number) }
            log.notice("took up a call again", metadata: ["call": "\(engine.number)"])
        } catch {
            log.error("a call's memo cannot be read: cleared", metadata: ["leg": "\(leg.leg)", "reason": "\(error)"])
            abandon(leg)
        }
    }

    /// A leg that cannot be taken up, and the endpoint that came with it.
    private func abandon(_ leg: LegSnapshot) {
        line?.send(.clear(leg.leg, .temporaryFailure))
        if let endpoint = leg.endpoint { line?.send(.close(endpoint)) }
    }

    /// Calls of ours whose leg the line program does not know: the leg ended while we were away, and its end follows, unless
    /// it was never started.
    private func snapshotEnded() {
        for number in calls.keys.sorted() {
            guard let engine = calls[number]?.engine, !engine.lineLegs.isEmpty else { continue }
            if engine.lineLegs.allSatisfy({ !snapshotLegs.contains($0) }) { unconfirmedCalls.insert(number) }
        }
        guard !unconfirmedCalls.isEmpty else { return }
        // Ends that were kept arrive in this turn, behind the snapshot; what is left after a while has no leg.
        after(seconds: 2) { controller in
            let report = EndReport(cause: .temporaryFailure, initiator: .line, endedWall: wallClock())
            for number in controller.unconfirmedCalls.sorted() {
                for leg in controller.calls[number]?.engine.lineLegs ?? [] {
                    controller.step(number, .line(.ended(leg, report)))
                }
            }
            controller.unconfirmedCalls = []
        }
    }
}

extension LogLevel {
    fileprivate var level: Logger.Level {
        switch self {
        case .debug: .debug
        case .info: .info
        case .warning: .warning
        case .error: .error
        }
    }
}
