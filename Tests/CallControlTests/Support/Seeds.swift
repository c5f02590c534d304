// SPDX-License-Identifier: GPL-2.0-or-later
import CallControl
import ISDN
import LineProtocol
import SIPMessages

/// One of every event, with the values that make a difference.
enum Seeds {
    static let bodies: [SessionBody] = [.none, Given.body, Given.opus, .unreadable("x")]
    static let release = Release(.userBusy, initiator: .gateway)
    static let commands: [LegCommand] = [
        .offer(Given.offer), .alert(audio: false), .alert(audio: true), .progress(audio: false), .progress(audio: true),
        .answer, .release(release), .release(Release(.normalCallClearing, status: 302, initiator: .peer)),
    ]
    static let legEvents: [LegEvent] = [
        .offered(Given.offer), .proceeding, .alerting(audio: false), .alerting(audio: true), .progress(audio: false),
        .progress(audio: true), .answered, .released(release), .released(Release(.userBusy, initiator: .peer)), .gone,
    ]
    static let messages: [ReceivedCallMessage] = [
        .setupAcknowledge([]), .setupAcknowledge(Given.inband), .proceeding([]), .proceeding(Given.inband),
        .alerting([]),
        .alerting(Given.inband), .progress([], nil), .progress(Given.inband, .userBusy), .connect, .connectAcknowledge,
        .disconnect(.userBusy, nil), .disconnect(.requestedCircuitNotAvailable, .user),
    ]
    static let ends: [EndReport] =
        EndInitiator.allCases.map { Given.end(.normalCallClearing, by: $0) } + [
            Given.end(.noAnswer, by: .line, timer: .t301), Given.end(.requestedCircuitNotAvailable, by: .line),
            EndReport(cause: .networkOutOfOrder, initiator: .line),
        ]

    static let incomingSIP: [IncomingSIPLeg.Event] =
        bodies.map { .invite(Given.offer, $0) } + bodies.map { .acknowledged($0) } + bodies.map { .reinvite($0) }
        + commands.map { .command($0) }
        + [.cancelled([]), .cancelled([.q850(26)]), .ackTimedOut, .bye([]), .bye([.q850(17)]), .failed("x"), .ended]

    static let outgoingSIP: [OutgoingSIPLeg.Event] =
        bodies.map { .answered($0) } + bodies.map { .acknowledged($0) } + bodies.map { .reinvite($0) }
        + bodies.flatMap { body in [100, 180, 181, 183, 199].map { .provisional($0, body) } }
        + [300, 404, 486, 488, 699].map { .failed($0, [], warnings: []) } + commands.map { .command($0) }
        + [.ackTimedOut, .bye([]), .bye([.q850(17)]), .ended]

    static let incomingISDN: [IncomingISDNLeg.Event] =
        [.setup(Given.setup), .refused("x"), .lineLost] + messages.map { .received($0) } + ends.map { .ended($0) }
        + CallTimer.allCases.map { .timerExpired($0) } + commands.map { .command($0) }

    static let outgoingISDN: [OutgoingISDNLeg.Event] =
        [.glare, .refused("x"), .lineLost] + messages.map { .received($0) } + ends.map { .ended($0) }
        + CallTimer.allCases.map { .timerExpired($0) } + commands.map { .command($0) }

    static let calls: [Call.Event] =
        legEvents.map { .originating($0) } + legEvents.map { .terminating($0) } + [.routed, .refused(release)]
        + [.hangup(release)] + CallTimerName.allCases.map { .expired($0) }

    static func lineEvents(_ leg: LegID) -> [LineEvent] {
        messages.map { .received(leg, $0) } + ends.map { .ended(leg, $0) }
            + CallTimer.allCases.map { .timerExpired(leg, $0) } + [
                .incoming(leg, Given.setup), .seized(leg, Given.channel), .glare(leg, Given.channel),
                .refused(.leg(leg), reason: "x"), .refused(.memo(leg), reason: "x"),
            ]
    }

    static let strayLineEvents: [LineEvent] = [
        .refused(.endpoint(Given.endpoint), reason: "x"), .refused(.unreadable, reason: "x"), .snapshotEnd,
        .firstPacket(Given.endpoint), .digit(.channel(Given.lineLeg), digit: 5, milliseconds: 80, .inband),
        .played(.channel(Given.lineLeg)), .granted([]), .welcome(version: 1, bootID: 1),
        .spanState(Given.span, SpanState()), .channelState(Given.channel, .idle, Given.lineLeg),
    ]

    static let inputs: [CallInput] =
        incomingSIP.map { .incomingSIP($0) } + outgoingSIP.map { .outgoingSIP($0) }
        + (lineEvents(Given.lineLeg) + lineEvents(Given.ourLeg) + strayLineEvents).map { .line($0) }
        + [.lineLost, .hangup(.operatorHangup), .refused(.draining), .routed(Given.toLine), .routed(Given.toPBX)]
        + [.dialog([1, 2, 3]), .dialog([]), .sipCallID("a"), .facts(MediaFacts())]
}
