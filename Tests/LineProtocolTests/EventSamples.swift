// SPDX-License-Identifier: GPL-2.0-or-later
import ISDN
import LineProtocol

/// The cases of `LineEvent`; a new one breaks `kind(of:)`, then `samples(of:)`.
enum EventKind: CaseIterable {
    case welcome, refused, spanSnapshot, channelSnapshot, legSnapshot, snapshotEnd, spanState, channelState, incoming
    case received, seized, glare, timerExpired, ended, granted, firstPacket, digit, played
}

func kind(of event: LineEvent) -> EventKind {
    switch event {
    case .welcome: .welcome
    case .refused: .refused
    case .spanSnapshot: .spanSnapshot
    case .channelSnapshot: .channelSnapshot
    case .legSnapshot: .legSnapshot
    case .snapshotEnd: .snapshotEnd
    case .spanState: .spanState
    case .channelState: .channelState
    case .incoming: .incoming
    case .received: .received
    case .seized: .seized
    case .glare: .glare
    case .timerExpired: .timerExpired
    case .ended: .ended
    case .granted: .granted
    case .firstPacket: .firstPacket
    case .digit: .digit
    case .played: .played
    }
}

func samples(of kind: EventKind) -> [LineEvent] {
    switch kind {
    case .welcome: [.welcome(version: 1, bootID: 0xDEAD_BEEF_0000_0001)]
    case .refused:
        [
            RefusedCommand.hello, .memo(leg), .span(SpanID(1)), .channel(channel), .leg(leg), .endpoint(EndpointID(4)),
            .rtp, .unreadable,
        ].map { .refused($0, reason: "port 61000 is in use") }
    case .spanSnapshot: spanConfigurations.flatMap { span in spanStates.map { .spanSnapshot(span, $0) } }
    case .channelSnapshot: ChannelState.allCases.map { .channelSnapshot(channel, $0, nil) }
    case .legSnapshot:
        [
            .legSnapshot(
                LegSnapshot(leg: leg, incoming: true, channel: nil, connected: false, endpoint: nil, memo: [])),
            .legSnapshot(
                LegSnapshot(
                    leg: leg, incoming: false, channel: channel, connected: true, endpoint: EndpointID(1),
                    memo: [1, 2, 3])),
        ]
    case .snapshotEnd: [.snapshotEnd]
    case .spanState: spanStates.map { .spanState(SpanID(0), $0) }
    case .channelState: ChannelState.allCases.map { .channelState(channel, $0, leg) }
    case .incoming:
        [
            .incoming(leg, IncomingCall(channel: channel, bearer: BearerCapability(), called: number)),
            .incoming(
                leg,
                IncomingCall(
                    channel: channel, bearer: BearerCapability(transfer: .audio3k1, law: .muLaw), called: number,
                    calling: number, callingName: "x", redirecting: number, sendingComplete: false,
                    progress: [indicator])),
        ]
    case .received:
        [
            ReceivedCallMessage.setupAcknowledge([]), .proceeding([indicator]), .alerting([]),
            .progress([indicator], .userBusy), .progress([], nil), .connect, .connectAcknowledge,
            .disconnect(.normalCallClearing, nil), .disconnect(.userBusy, .user),
        ].map { .received(leg, $0) }
    case .seized: [.seized(leg, channel)]
    case .glare: [.glare(leg, channel)]
    case .timerExpired: CallTimer.allCases.map { .timerExpired(leg, $0) }
    case .ended: endReports.map { .ended(leg, $0) }
    case .granted:
        [.granted([]), .granted((0..<100).map { GrantedEndpoint(endpoint: EndpointID($0), port: 16_384) })]
    case .firstPacket: [.firstPacket(EndpointID(5))]
    case .digit: DigitSource.allCases.map { .digit(.channel(leg), digit: 0x23, milliseconds: 80, $0) }
    case .played: [.played(.endpoint(EndpointID(6)))]
    }
}

let spanStates: [SpanState] = Layer1State.allCases.map { SpanState(layer1: $0, layer2Up: true, layer3Up: false) }

let facts: MediaFacts = {
    var facts = MediaFacts()
    facts.packetsReceived = 1
    facts.packetsSent = 2
    facts.packetsLost = 3
    facts.packetsLate = 4
    facts.packetsDuplicate = 5
    facts.packetsReordered = 6
    facts.packetsMalformed = 7
    facts.concealedMilliseconds = 8
    facts.bufferResets = 9
    facts.digitsFromLine = 10
    facts.digitsFromRTP = .max
    return facts
}()

let endReports: [EndReport] = EndInitiator.allCases.flatMap { who in
    [
        EndReport(cause: .noAnswer, initiator: who),
        EndReport(
            cause: .recoveryOnTimerExpiry, location: .transitNetwork, initiator: who, timer: .t310, channel: channel,
            startedWall: 1, alertingWall: 2, connectedWall: 3, endedWall: .max, media: facts),
    ]
}

/// The cases of `BulkRecord`, kept the same way.
enum RecordKind: CaseIterable {
    case dropped, frame, log, counters, facts
}

func kind(of record: BulkRecord) -> RecordKind {
    switch record {
    case .dropped: .dropped
    case .frame: .frame
    case .log: .log
    case .counters: .counters
    case .facts: .facts
    }
}

func samples(of kind: RecordKind) -> [BulkRecord] {
    switch kind {
    case .dropped: [.dropped(3)]
    case .frame:
        FrameDirection.allCases.map { .frame(SpanID(1), $0, wallNanoseconds: 1_700_000_000_000_000_000, [2, 1, 0]) }
    case .log: LogLevel.allCases.map { .log($0, "span 1: layer 2 up") }
    case .counters: [.counters(LineCounter.allCases.map { UInt64($0.rawValue) })]
    case .facts: [.facts(leg, LineProtocolTests.facts)]
    }
}
