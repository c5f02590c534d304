// SPDX-License-Identifier: GPL-2.0-or-later
import LineProtocol
import SDP

/// The leg a call came with.
enum OriginatingLeg: Hashable, Sendable {
    case sip(IncomingSIPLeg)
    case isdn(IncomingISDNLeg)

    mutating func handle(_ command: LegCommand) -> [LegEffect] {
        switch self {
        case .sip(var leg):
            defer { self = .sip(leg) }
            return leg.handle(.command(command))
        case .isdn(var leg):
            defer { self = .isdn(leg) }
            return leg.handle(.command(command))
        }
    }

    mutating func handle(_ event: IncomingSIPLeg.Event) -> [LegEffect] {
        guard case .sip(var leg) = self else { return [] }
        defer { self = .sip(leg) }
        return leg.handle(event)
    }

    mutating func handle(_ event: IncomingISDNLeg.Event) -> [LegEffect] {
        guard case .isdn(var leg) = self else { return [] }
        defer { self = .isdn(leg) }
        return leg.handle(event)
    }

    var lineLeg: LegID? {
        switch self {
        case .sip: nil
        case .isdn(let leg): leg.leg
        }
    }

    var audio: SIPAudio? {
        switch self {
        case .sip(let leg): leg.audio
        case .isdn: nil
        }
    }
}

/// The leg a call goes on with.
enum TerminatingLeg: Hashable, Sendable {
    case sip(OutgoingSIPLeg)
    case isdn(OutgoingISDNLeg)

    mutating func handle(_ command: LegCommand) -> [LegEffect] {
        switch self {
        case .sip(var leg):
            defer { self = .sip(leg) }
            return leg.handle(.command(command))
        case .isdn(var leg):
            defer { self = .isdn(leg) }
            return leg.handle(.command(command))
        }
    }

    mutating func handle(_ event: OutgoingSIPLeg.Event) -> [LegEffect] {
        guard case .sip(var leg) = self else { return [] }
        defer { self = .sip(leg) }
        return leg.handle(event)
    }

    mutating func handle(_ event: OutgoingISDNLeg.Event) -> [LegEffect] {
        guard case .isdn(var leg) = self else { return [] }
        defer { self = .isdn(leg) }
        return leg.handle(event)
    }

    var lineLeg: LegID? {
        switch self {
        case .sip: nil
        case .isdn(let leg): leg.leg
        }
    }

    var audio: SIPAudio? {
        switch self {
        case .sip(let leg): leg.audio
        case .isdn: nil
        }
    }
}

extension CallEngine {
    /// Which of its legs is the SIP session; nil for a call from line to line.
    package var sipSide: CallSide? {
        if case .sip = originating { return .originating }
        if case .sip? = terminating { return .terminating }
        return nil
    }

    /// Whether the SIP peer has put the call on hold.
    package var isHeld: Bool {
        (originating.audio?.agreed ?? terminating?.audio?.agreed)?.isHeldByPeer ?? false
    }
}
