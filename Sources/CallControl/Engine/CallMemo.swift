// SPDX-License-Identifier: GPL-2.0-or-later
package import ISDN
package import LineProtocol
import SDP

/// What must survive the control program of a call that is up: the line program keeps it, and gives it back.
///
/// Encoded it is at most `Lane.maximumMemoOctets`. Octets from elsewhere, or of another version, decode to an error.
package struct CallMemo: Hashable, Sendable {
    package static let version: UInt8 = 1

    package enum Leg: Hashable, Sendable {
        case isdn(LegID, role: InterfaceRole)
        case sip(SIPPart)
    }

    /// A SIP leg's side of the media.
    package struct SIPPart: Hashable, Sendable {
        package var target: String
        package var grant: MediaGrant
        /// The description we sent last, as its text; empty when none was sent.
        package var description: String
        /// What the endpoint was opened with; nil when it was not.
        package var parameters: EndpointParameters?

        package init(target: String, grant: MediaGrant, description: String, parameters: EndpointParameters?) {
            self.target = target
            self.grant = grant
            self.description = description
            self.parameters = parameters
        }
    }

    package var record: CallRecord
    package var originating: Leg
    package var terminating: Leg
    /// The SIP session's dialog, as SIPCore wrote it down; empty when the call has none.
    package var dialog: [UInt8]

    package init(record: CallRecord, originating: Leg, terminating: Leg, dialog: [UInt8]) {
        self.record = record
        self.originating = originating
        self.terminating = terminating
        self.dialog = dialog
    }
}

extension CallEngine {
    /// Nil unless the call is one that can be taken up again: both legs there, one of them on the line, and the dialog of
    /// the other known.
    func memo() -> CallMemo? {
        guard let terminating, !lineLegs.isEmpty, dialog != nil || lineLegs.count == 2 else { return nil }
        let first: CallMemo.Leg
        let second: CallMemo.Leg
        switch originating {
        case .sip(let leg):
            guard let audio = leg.audio else { return nil }
            first = .sip(part(audio, target: ""))
        case .isdn(let leg): first = .isdn(leg.leg, role: leg.role)
        }
        switch terminating {
        case .sip(let leg): second = .sip(part(leg.audio, target: leg.target))
        case .isdn(let leg): second = .isdn(leg.leg, role: .te)
        }
        // The line program has these counts itself; they are no reason to write anew.
        var record = record
        record.packetsReceived = 0
        record.packetsSent = 0
        record.packetsLost = 0
        record.concealedMilliseconds = 0
        return CallMemo(record: record, originating: first, terminating: second, dialog: dialog ?? [])
    }

    private func part(_ audio: SIPAudio, target: String) -> CallMemo.SIPPart {
        CallMemo.SIPPart(
            target: target, grant: audio.grant, description: audio.local?.description ?? "",
            parameters: media.endpoints[audio.grant.endpoint] ?? nil)
    }

    /// A call that was up when the control program ended, taken up again: a BYE or a DISCONNECT ends it as ever.
    ///
    /// Its `dialog` is for the SIP endpoint to restore its session from.
    package static func restored(
        from memo: CallMemo, spanNames: [SpanID: String], timers: CallTimerValues = CallTimerValues()
    ) throws(LineDecodingError) -> CallEngine {
        let originating: OriginatingLeg
        let terminating: TerminatingLeg
        switch memo.originating {
        case .isdn(let leg, let role): originating = .isdn(IncomingISDNLeg(leg: leg, role: role, state: .connected))
        case .sip(let part): originating = .sip(IncomingSIPLeg(audio: try part.audio(), state: .connected))
        }
        switch memo.terminating {
        case .isdn(let leg, _):
            let route = ISDNRoute(spans: [], called: PartyNumber(digits: ""))
            terminating = .isdn(OutgoingISDNLeg(leg: leg, route: route, state: .connected))
        case .sip(let part):
            terminating = .sip(OutgoingSIPLeg(target: part.target, audio: try part.audio(), state: .connected))
        }
        let parts = [memo.originating, memo.terminating].compactMap(\.sipPart)
        let endpoints = Dictionary(
            parts.map { ($0.grant.endpoint, $0.parameters) }, uniquingKeysWith: { first, _ in first })
        var engine = CallEngine(
            record: memo.record, originating: originating, terminating: terminating,
            media: MediaPlan(restoring: memo.originating.port, memo.terminating.port, endpoints),
            dialog: memo.dialog.isEmpty ? nil : memo.dialog, spanNames: spanNames, timers: timers)
        engine.writtenMemo = memo.encoded()
        return engine
    }
}

extension CallMemo.Leg {
    var sipPart: CallMemo.SIPPart? {
        if case .sip(let part) = self { return part }
        return nil
    }

    var port: MediaPort {
        switch self {
        case .isdn(let leg, _): .channel(leg)
        case .sip(let part): .endpoint(part.grant.endpoint)
        }
    }
}

extension CallMemo.SIPPart {
    fileprivate func audio() throws(LineDecodingError) -> SIPAudio {
        if description.isEmpty { return SIPAudio(grant) }
        guard let local = try? SessionDescription.parse(description.utf8) else { throw .invalidText }
        return SIPAudio(grant, restoring: local)
    }
}
