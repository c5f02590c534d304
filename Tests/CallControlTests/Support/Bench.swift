// SPDX-License-Identifier: GPL-2.0-or-later
import CallControl
import ISDN
import LineProtocol
import SDP
import SIPMessages
import Testing

/// What the tests call with: one line, one SIP peer, one number.
enum Given {
    static let span = SpanID(1)
    static let channel = ChannelID(span: span, timeslot: 17)
    /// Named by the line, and by us.
    static let lineLeg = LegID(epoch: 0, counter: 7)
    static let ourLeg = LegID(epoch: 3, counter: 1)
    static let endpoint = EndpointID(40)
    static let spanNames = [span: "carrier-a"]
    static let second: UInt64 = 1_000_000_000
    static let start: UInt64 = 1_700_000_000 * second
    static let calling = PartyNumber(digits: "442071838750", type: .international)
    static let inband = [ProgressIndicator(.inbandInformation)]

    static func grant(
        _ codecs: [AudioCodec] = [.pcma, .pcmu], endpoint: EndpointID = endpoint
    ) -> MediaGrant {
        MediaGrant(
            endpoint: endpoint, local: LocalAudio(address: "192.0.2.1", port: 16_384, codecs: codecs), sessionID: 77)
    }

    /// A peer's session description.
    static func description(
        payloads: String = "8 0 101", direction: String = "sendrecv", address: String = "198.51.100.9",
        port: UInt16 = 30_000, extra: String = "a=rtpmap:101 telephone-event/8000\r\n"
    ) -> SessionDescription {
        let family = address.contains(":") ? "IP6" : "IP4"
        let text =
            "v=0\r\no=- 1 1 IN \(family) \(address)\r\ns=-\r\nc=IN \(family) \(address)\r\nt=0 0\r\n"
            + "m=audio \(port) RTP/AVP \(payloads)\r\n\(extra)a=\(direction)\r\n"
        guard case .description(let description) = SessionBody(Array(text.utf8)) else {
            Issue.record("the test's own SDP is unreadable")
            return SessionDescription(
                origin: .init(sessionID: "1", version: 1, address: SDPAddress("0.0.0.0")), connection: nil)
        }
        return description
    }

    static let body = SessionBody.description(description())
    static let opus = SessionBody.description(
        description(payloads: "96", extra: "a=rtpmap:96 opus/48000/2\r\n"))

    static let offer = CallOffer(sipUser: "90100", calling: calling, callingName: "Ann")
    static let setup = IncomingCall(
        channel: channel, bearer: BearerCapability(), called: PartyNumber(digits: "750"), calling: calling,
        callingName: "Ann")
    static let isdnRoute = ISDNRoute(spans: [span], called: PartyNumber(digits: "0100", type: .national))

    static let toLine = CallDestination(name: "carrier-a", dialled: "0100", way: .isdn(ourLeg, isdnRoute))
    static let toPBX = CallDestination(
        name: "office-pbx", dialled: "750", way: .sip(SIPRoute(target: "sip:750@192.0.2.10", media: grant())))

    static func end(
        _ cause: Cause, by initiator: EndInitiator = .remote, timer: CallTimer? = nil, at wall: UInt64 = 0,
        received: UInt64 = 0
    ) -> EndReport {
        var facts = MediaFacts()
        facts.packetsReceived = received
        return EndReport(
            cause: cause, location: .user, initiator: initiator, timer: timer, channel: channel, endedWall: wall,
            media: facts)
    }
}

/// The world around one call. It performs effects and enforces their rules: nothing is opened twice, nothing is used before
/// it is there, each start has its stop, and nothing comes after the end.
struct Bench {
    var engine: CallEngine
    var now = Given.start
    var timers: Set<CallTimerName> = []
    var open: [EndpointID: EndpointParameters] = [:]
    var closed: Set<EndpointID> = []
    var bridge: BridgeDirection?
    var playing: Set<MediaPort> = []
    var memo: [UInt8] = []
    var records: [CallRecord] = []
    var notes: [String] = []
    var isFinished = false
    /// Everything since `clear`, in order.
    var effects: [CallEffect] = []

    init(_ engine: CallEngine) {
        self.engine = engine
    }

    /// A call from SIP; the INVITE has not come yet.
    static func fromSIP(media: MediaGrant? = Given.grant()) -> Bench {
        Bench(
            CallEngine(
                number: 12, from: "office-pbx", origin: .sip(media: media), spanNames: Given.spanNames, now: Given.start
            ))
    }

    /// A call from the line; the SETUP has not come yet.
    static func fromLine(role: InterfaceRole) -> Bench {
        Bench(
            CallEngine(
                number: 13, from: "carrier-a", origin: .isdn(Given.lineLeg, role: role), spanNames: Given.spanNames,
                now: Given.start))
    }

    /// What came of this input.
    @discardableResult
    mutating func give(_ input: CallInput, after seconds: UInt64 = 1) -> [CallEffect] {
        now += seconds * Given.second
        switch input {
        case .timer(let timer): timers.remove(timer)
        // With its channel goes whatever was played into it.
        case .line(.ended(let leg, _)): playing.remove(.channel(leg))
        case .lineLost: playing = []
        default: break
        }
        let new = engine.handle(input, now: now)
        for effect in new { perform(effect) }
        effects += new
        return new
    }

    @discardableResult
    mutating func sip(_ event: IncomingSIPLeg.Event) -> [CallEffect] { give(.incomingSIP(event)) }
    @discardableResult
    mutating func peer(_ event: OutgoingSIPLeg.Event) -> [CallEffect] { give(.outgoingSIP(event)) }
    @discardableResult
    mutating func line(_ event: LineEvent) -> [CallEffect] { give(.line(event)) }

    mutating func perform(_ effect: CallEffect) {
        #expect(!isFinished, "\(effect) after the end")
        switch effect {
        case .start(let timer, let milliseconds):
            #expect(timers.insert(timer).inserted, "\(timer) was running")
            #expect(milliseconds > 0)
        case .stop(let timer):
            #expect(timers.remove(timer) != nil, "\(timer) was not running")
        case .line(let command): perform(command)
        case .note(let text):
            #expect(!text.isEmpty)
            notes.append(text)
        case .record(let record): records.append(record)
        case .finished: isFinished = true
        case .sip, .route: break
        }
    }

    private mutating func perform(_ command: LineCommand) {
        switch command {
        case .open(let endpoint, let parameters):
            #expect(!closed.contains(endpoint), "opened after it was closed")
            #expect(open[endpoint] != parameters, "the same said twice")
            open[endpoint] = parameters
        case .close(let endpoint):
            #expect(closed.insert(endpoint).inserted, "closed twice")
            open[endpoint] = nil
        case .bridge(let first, let second, let direction):
            for case .endpoint(let endpoint) in [first, second] {
                #expect(open[endpoint] != nil, "bridged before it was open")
            }
            #expect(bridge != direction, "the same said twice")
            bridge = direction
        case .unbridge:
            #expect(bridge != nil)
            bridge = nil
        case .play(let port, .none): #expect(playing.remove(port) != nil)
        case .play(let port, .tone), .play(let port, .file): #expect(playing.insert(port).inserted)
        case .memo(_, let bytes):
            #expect(bytes.count <= Lane.maximumMemoOctets)
            memo = bytes
        default: break
        }
    }

    /// The call is over and nothing of it is left.
    func expectNothingLeft(sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(isFinished, sourceLocation: sourceLocation)
        #expect(timers.isEmpty, sourceLocation: sourceLocation)
        #expect(open.isEmpty, sourceLocation: sourceLocation)
        #expect(bridge == nil, sourceLocation: sourceLocation)
        #expect(playing.isEmpty, sourceLocation: sourceLocation)
        #expect(memo.isEmpty, sourceLocation: sourceLocation)
        #expect(records.count == 1, sourceLocation: sourceLocation)
        #expect(engine.state == .over, sourceLocation: sourceLocation)
        #expect(engine.endpoints.isEmpty, sourceLocation: sourceLocation)
    }
}

/// What tests look for among effects.
extension [CallEffect] {
    var replies: [SIPReply] {
        compactMap { if case .sip(_, .respond(let reply)) = $0 { reply } else { nil } }
    }
    var reinviteReplies: [SIPReply] {
        compactMap { if case .sip(_, .respondToReinvite(let reply)) = $0 { reply } else { nil } }
    }
    var byes: [[ReasonValue]] {
        compactMap { if case .sip(_, .bye(let reasons)) = $0 { reasons } else { nil } }
    }
    var cancels: [[ReasonValue]] {
        compactMap { if case .sip(_, .cancel(let reasons)) = $0 { reasons } else { nil } }
    }
    var invitations: [SIPInvitation] {
        compactMap { if case .sip(_, .invite(let invitation)) = $0 { invitation } else { nil } }
    }
    var commands: [LineCommand] {
        compactMap { if case .line(let command) = $0 { command } else { nil } }
    }
    var setups: [SetupRequest] {
        commands.compactMap { if case .setup(_, let request) = $0 { request } else { nil } }
    }
    var clears: [Cause] {
        commands.compactMap { if case .clear(_, let cause) = $0 { cause } else { nil } }
    }
    var sent: [OutgoingCallMessage] {
        commands.compactMap { if case .send(_, let message) = $0 { message } else { nil } }
    }
}
