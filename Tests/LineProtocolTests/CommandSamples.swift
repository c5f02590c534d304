// SPDX-License-Identifier: GPL-2.0-or-later
import ISDN
import LineProtocol

let leg = LegID(epoch: 7, counter: 0xFFFF_FFFE)
let channel = ChannelID(span: SpanID(3), timeslot: 31)
let address = TransportAddress(.v4(0x7F00_0001), port: 61_000)
let address6 = TransportAddress(.v6(.max, 1), port: 65_535)
let number = PartyNumber(
    digits: "442071838750", type: .international, plan: .isdn, presentation: .restricted, screening: .networkProvided)
let indicator = ProgressIndicator(.inbandInformation, location: .beyondInterworkingPoint)

/// The cases of `LineCommand`; a new one breaks `kind(of:)`, then `samples(of:)`.
enum CommandKind: CaseIterable {
    case hello, attach, acknowledge, memo, detach, shutdown, configure, restart, setup, send, clear, rtp, wantEndpoints
    case open, close, bridge, unbridge, play, digits, detectDigits, echo
}

func kind(of command: LineCommand) -> CommandKind {
    switch command {
    case .hello: .hello
    case .attach: .attach
    case .acknowledge: .acknowledge
    case .memo: .memo
    case .detach: .detach
    case .shutdown: .shutdown
    case .configure: .configure
    case .restart: .restart
    case .setup: .setup
    case .send: .send
    case .clear: .clear
    case .rtp: .rtp
    case .wantEndpoints: .wantEndpoints
    case .open: .open
    case .close: .close
    case .bridge: .bridge
    case .unbridge: .unbridge
    case .play: .play
    case .digits: .digits
    case .detectDigits: .detectDigits
    case .echo: .echo
    }
}

func samples(of kind: CommandKind) -> [LineCommand] {
    switch kind {
    case .hello: [.hello(versions: [], epoch: 0), .hello(versions: [1, 2, 65_535], epoch: .max)]
    case .attach: [.attach(lastEvent: 0), .attach(lastEvent: .max)]
    case .acknowledge: [.acknowledge(event: 0x0102_0304_0506_0708)]
    case .memo: [.memo(leg, []), .memo(leg, Array(repeating: 0xA5, count: 8_192))]
    case .detach: [.detach]
    case .shutdown: [.shutdown(drain: false), .shutdown(drain: true)]
    case .configure: spanConfigurations.map { .configure($0) }
    case .restart: [.restart(channel)]
    case .setup: [.setup(leg, SetupRequest(spans: [], called: PartyNumber(digits: ""))), .setup(leg, fullSetup)]
    case .send:
        [
            .send(leg, .proceeding([])), .send(leg, .alerting([indicator])),
            .send(leg, .progress([indicator, ProgressIndicator(.originNotISDN, location: .user)])),
            .send(leg, .connect),
        ]
    case .clear: Cause.allCases.map { .clear(leg, $0) }
    case .rtp:
        [.rtp(bind: .v4(0), firstPort: 16_384, lastPort: 32_767), .rtp(bind: .v6(0, 1), firstPort: 0, lastPort: 0)]
    case .wantEndpoints: [.wantEndpoints(64)]
    case .open: endpointParameters.map { .open(EndpointID(9), $0) }
    case .close: [.close(EndpointID(.max))]
    case .bridge: BridgeDirection.allCases.map { .bridge(.channel(leg), .endpoint(EndpointID(1)), $0) }
    case .unbridge: [.unbridge(.channel(leg)), .unbridge(.endpoint(EndpointID(0)))]
    case .play:
        [Playback.none, .file(path: "", repeats: false), .file(path: "/tmp/ansage – 1.wav", repeats: true)].map {
            .play(.channel(leg), $0)
        } + Tone.allCases.map { .play(.endpoint(EndpointID(2)), .tone($0)) }
    case .digits: [.digits(.channel(leg), "0123456789*#ABCD")]
    case .detectDigits: [.detectDigits(leg, true), .detectDigits(leg, false)]
    case .echo: [.echo(leg, delayMilliseconds: 500)]
    }
}

let spanConfigurations: [SpanConfiguration] = [
    SpanConfiguration(
        id: SpanID(1), name: "träger", driver: .loop(peer: SpanID(2)), role: .nt, hunt: .lowest, law: .muLaw),
    SpanConfiguration(
        id: SpanID(2), name: "",
        driver: .pseudowire(
            PseudowireConfiguration(
                local: address, remote: address6, packetMilliseconds: 1, rtpHeader: true,
                impairment: PseudowireImpairment(
                    clockOffsetPpm: -50, lossPermille: 1, reorderPermille: 2, delayMilliseconds: 3, seed: .max))),
        role: .te, hunt: .highest),
]

let fullSetup = SetupRequest(
    spans: [SpanID(0), SpanID(.max)], bearer: BearerCapability(transfer: .unrestrictedDigital, law: nil),
    called: number, calling: number, callingName: "Ångström", progress: [indicator],
    timers: CallTimers(t301Milliseconds: 1, t304Milliseconds: .max, t310Milliseconds: 3))

let endpointParameters: [EndpointParameters] = [
    EndpointParameters(law: .aLaw, sendPayloadType: 8, receivePayloadType: 8),
    EndpointParameters(
        remote: address6, law: .muLaw, sendPayloadType: 0, receivePayloadType: 127, sendTelephoneEventType: 101,
        receiveTelephoneEventType: 96, packetMilliseconds: 60, jitterMilliseconds: 500, sending: false,
        receiving: false),
]
