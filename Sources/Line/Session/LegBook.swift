// SPDX-License-Identifier: GPL-2.0-or-later
import ISDN
import LineProtocol

/// What the session knows of the legs, channels, spans and endpoints: enough for a snapshot, and for the time without a
/// control program.
struct LegBook {
    struct Leg {
        var incoming: Bool
        var channel: ChannelID?
        var connected = false
        /// It is being cleared.
        var clearing = false
        /// The control program has named it in a command.
        var touched: Bool
        /// The number of its `incoming`.
        var announcement: UInt64?
        var endpoint: EndpointID?
        var memo: [UInt8] = []
        /// Monotonic nanoseconds.
        var since: UInt64
        var packets: UInt64 = 0
        var lastPacket: UInt64
    }

    struct Span {
        var configuration: SpanConfiguration
        var state = SpanState()
    }

    struct Channel {
        var state: ChannelState
        var leg: LegID?
    }

    var legs: [LegID: Leg] = [:]
    /// Legs with a memo whose end no control program has acknowledged, by the number of their `ended`: the other party of the
    /// call still waits for a word, and the call for its record.
    private var departed: [LegID: (leg: Leg, ended: UInt64)] = [:]
    var spans: [SpanID: Span] = [:]
    var channels: [ChannelID: Channel] = [:]
    struct Endpoint {
        var isOpen = false
        /// Whether the peer is to send: not before it is open, and not on hold.
        var hears = false
    }

    /// Granted and not closed.
    var endpoints: [EndpointID: Endpoint] = [:]

    init() {}

    // MARK: Commands

    mutating func note(_ command: LineCommand, now: UInt64) {
        switch command {
        case .setup(let leg, _):
            legs[leg] = Leg(incoming: false, touched: true, since: now, lastPacket: now)
        case .send(let leg, let message):
            legs[leg]?.touched = true
            if message == .connect { legs[leg]?.connected = true }
        case .clear(let leg, _):
            legs[leg]?.touched = true
            legs[leg]?.clearing = true
        case .memo(let leg, _), .detectDigits(let leg, _), .echo(let leg, _):
            legs[leg]?.touched = true
        case .bridge(.channel(let leg), .endpoint(let endpoint), _),
            .bridge(.endpoint(let endpoint), .channel(let leg), _):
            for other in legs.keys where legs[other]?.endpoint == endpoint { legs[other]?.endpoint = nil }
            legs[leg]?.touched = true
            legs[leg]?.endpoint = endpoint
        case .bridge(.channel(let first), .channel(let second), _):
            legs[first]?.touched = true
            legs[second]?.touched = true
        case .open(let endpoint, let parameters):
            if endpoints[endpoint] != nil { endpoints[endpoint] = Endpoint(isOpen: true, hears: parameters.receiving) }
        case .close(let endpoint):
            forget(endpoint)
        case .hello, .attach, .acknowledge, .detach, .shutdown, .configure, .restart, .rtp, .wantEndpoints, .unbridge,
            .play, .digits, .bridge(.endpoint, .endpoint, _):
            break
        }
    }

    mutating func forget(_ endpoint: EndpointID) {
        endpoints[endpoint] = nil
        for leg in legs.keys where legs[leg]?.endpoint == endpoint { legs[leg]?.endpoint = nil }
    }

    // MARK: Events

    mutating func note(_ event: LineEvent, sequence: UInt64, now: UInt64) {
        switch event {
        case .incoming(let leg, let call):
            legs[leg] = Leg(
                incoming: true, channel: call.channel, touched: false, announcement: sequence, since: now,
                lastPacket: now)
        case .seized(let leg, let channel):
            legs[leg]?.channel = channel
        case .received(let leg, .connect), .received(let leg, .connectAcknowledge):
            legs[leg]?.connected = true
        case .received(let leg, .disconnect):
            legs[leg]?.clearing = true
        case .timerExpired(let leg, _):
            legs[leg]?.clearing = true
        case .ended(let leg, _):
            if let gone = legs.removeValue(forKey: leg), !gone.memo.isEmpty { departed[leg] = (gone, sequence) }
        case .spanState(let span, let state):
            spans[span]?.state = state
        case .channelState(let channel, let state, let leg):
            channels[channel] = Channel(state: state, leg: leg)
        case .granted(let granted):
            for endpoint in granted { endpoints[endpoint.endpoint] = Endpoint() }
        case .received(_, .setupAcknowledge), .received(_, .proceeding), .received(_, .alerting),
            .received(_, .progress), .glare, .firstPacket, .digit, .played, .welcome, .refused, .spanSnapshot,
            .channelSnapshot, .legSnapshot, .snapshotEnd:
            break
        }
    }

    /// Events up to this one need not be said again.
    mutating func acknowledge(through sequence: UInt64) {
        departed = departed.filter { $0.value.ended > sequence }
    }

    /// How many packets a leg's endpoint has received so far.
    mutating func notePackets(_ count: UInt64, leg: LegID, now: UInt64) {
        guard let known = legs[leg], known.packets != count else { return }
        legs[leg]?.packets = count
        legs[leg]?.lastPacket = now
    }

    // MARK: Questions

    /// Whether `incoming` is still to be said to somebody, so that the leg is new to whoever attaches.
    func isUnheard(_ leg: Leg, since lastEvent: UInt64) -> Bool {
        guard let announcement = leg.announcement else { return false }
        return !leg.touched && announcement > lastEvent
    }

    /// Spans, channels and legs, in order; a leg whose `incoming` comes after `lastEvent` will be told by that. Legs that have
    /// ended are told with their memo, and their `ended` follows.
    func snapshot(after lastEvent: UInt64) -> [LineEvent] {
        spans.sorted { $0.key < $1.key }.map { .spanSnapshot($0.value.configuration, $0.value.state) }
            + channels.sorted { $0.key < $1.key }.map { .channelSnapshot($0.key, $0.value.state, $0.value.leg) }
            + told(after: lastEvent).map { id, leg in
                .legSnapshot(
                    LegSnapshot(
                        leg: id, incoming: leg.incoming, channel: leg.channel, connected: leg.connected,
                        endpoint: leg.endpoint, memo: leg.memo))
            } + [.snapshotEnd]
    }

    private func told(after lastEvent: UInt64) -> [(LegID, Leg)] {
        let living = legs.filter { !isUnheard($0.value, since: lastEvent) }.map { ($0.key, $0.value) }
        return (living + departed.map { ($0.key, $0.value.leg) }).sorted { $0.0 < $1.0 }
    }

    /// Those of these endpoints that are not part of a living call, or of one whose end is still to be heard.
    func orphans(of granted: Set<EndpointID>) -> [EndpointID] {
        let kept = Set(legs.values.compactMap(\.endpoint) + departed.values.compactMap(\.leg.endpoint))
        return granted.filter { endpoints[$0] != nil && !kept.contains($0) }.sorted()
    }
}
