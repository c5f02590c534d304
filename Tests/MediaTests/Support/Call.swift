// SPDX-License-Identifier: GPL-2.0-or-later
import ISDN
import LineProtocol
import Media
import RTP

/// A rig with one call up: a leg on timeslot 1 bridged both ways to an endpoint and its peer.
struct Call {
    let rig: Rig
    let peer: Peer
    let leg: LegID
    let endpoint: EndpointID

    init(law: G711Law = .aLaw, _ settings: EndpointParameters = parameters()) throws {
        rig = try Rig(law: law)
        peer = try Peer()
        leg = try rig.leg(timeslot: 1)
        endpoint = try rig.endpoint(peer, settings)
        try rig.engine.bridge(.channel(leg), .endpoint(endpoint), .both)
        rig.heard[1] = []
    }

    var heard: [UInt8] { rig.heard[1] ?? [] }
    func facts() throws -> MediaFacts { try rig.engine.facts(leg) }

    /// Digits reported so far, from a source.
    func digits(_ source: DigitSource) -> String {
        let octets = rig.events.compactMap { event -> UInt8? in
            guard case .digit(_, let digit, _, source) = event else { return nil }
            return digit
        }
        return String(decoding: octets, as: UTF8.self)
    }
}

/// The packet number N of a stream of 20 ms: its audio is ticks 2N and 2N + 1 of the pattern.
func frame(_ number: Int) -> [UInt8] { pattern(2 * number) + pattern(2 * number + 1) }

extension Peer {
    /// Packet N of a stream that begins at the peer's sequence and timestamp, whatever was sent before.
    func send(frame number: Int) {
        send(
            RTPHeader(
                payloadType: 8, sequence: sequence &+ UInt16(truncatingIfNeeded: number),
                timestamp: timestamp &+ UInt32(truncatingIfNeeded: number * 160), synchronizationSource: source),
            MediaTests.frame(number))
    }
}
