// SPDX-License-Identifier: GPL-2.0-or-later
import ISDN
package import NIOCore
import NIOPosix
import SDP
import SIPCore
import SIPMessages
import SIPTransport

/// One SIP call with audio, placed and measured.
///
///     test caller                          gateway
///      | INVITE (offer) ---------------------->|
///      |<---------------- 100, 180 or 183, 200 |
///      | ACK --------------------------------->|
///      |<===== RTP both ways, 20 ms packets ==>|   the marker goes out, what comes is recorded
///      | BYE --------------------------------->|   when the time is up; or the peer's BYE
package actor TestCall {
    private nonisolated let eventLoop: any EventLoop
    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe eventLoop.executor.asUnownedSerialExecutor()
    }

    private let configuration: TestCallConfiguration
    private let stack: SIPStack
    private var rtp: RTPChannel?
    private var generator = SystemRandomNumberGenerator()

    private var offer: AudioSession
    private var session: SessionID?
    private var audio: NegotiatedAudio?
    private var remoteAudio: SocketAddress?
    private var sender: RTPSender?
    private var recorder: RTPRecorder?
    private var firstPacket = NIODeadline.now()
    private var ticks: Int64 = 0
    private var timers: [Scheduled<Void>] = []
    private var captured: [CapturedMessage] = []
    private var report = TestCallReport()
    private var failure: TestCallError?
    private var isOver = false
    private var waiter: CheckedContinuation<Void, Never>?

    private static let packetTime = TimeAmount.milliseconds(20)
    /// How long the last transaction may take once we have hung up.
    private static let farewellLimit = TimeAmount.seconds(5)

    private init(_ configuration: TestCallConfiguration, on eventLoop: any EventLoop) {
        self.configuration = configuration
        self.eventLoop = eventLoop
        stack = SIPStack(
            eventLoop: eventLoop, configuration: SIPEndpointConfiguration(product: "Trunkgate test caller"))
        offer = AudioSession(sessionID: UInt64.random(in: 1...UInt64(UInt32.max)))
    }

    /// Places the call, talks and hangs up. Throws `TestCallError`.
    package static func run(
        _ configuration: TestCallConfiguration, on eventLoop: (any EventLoop)? = nil
    ) async throws -> TestCallReport {
        let loop = eventLoop ?? MultiThreadedEventLoopGroup.singleton.next()
        return try await TestCall(configuration, on: loop).run()
    }

    private func run() async throws -> TestCallReport {
        stack.onEvent = { event in self.assumeIsolated { $0.handle(event) } }
        stack.transport.capture = { message in self.assumeIsolated { $0.captured.append(message) } }
        do {
            try await start()
            if !isOver { await withCheckedContinuation { waiter = $0 } }
        } catch {
            failure = failure ?? (error as? TestCallError) ?? .unreachable("\(error)")
        }
        await shutDown()
        if let failure { throw failure }
        return report
    }

    private func start() async throws {
        let host = configuration.localAddress
        let wanted = SIPDestination(configuration.target)
        let own = "\(wanted.transport)://\(host.contains(":") ? "[\(host)]" : host):0"
        guard let address = ListenAddress(own) else {
            throw TestCallError.cannotListen("\(own) is no address to call from: use udp or tcp and an IP address")
        }
        let rtp = RTPChannel { datagram, arrival in
            self.assumeIsolated { $0.recorder?.receive(datagram, arrival: arrival) }
        }
        self.rtp = rtp
        let port: UInt16
        do {
            _ = try await stack.listen([address]).get()
            port = try await rtp.bind(host, on: eventLoop).get()
        } catch {
            throw TestCallError.cannotListen("\(error)")
        }
        let to: ResolvedDestination
        do {
            to = try await stack.resolve(wanted).get()
        } catch let error as TransportError {
            throw TestCallError.unreachable("\(error)")
        } catch {
            throw TestCallError.noSuchHost(wanted.host)
        }
        let local = LocalAudio(address: host, port: port, codecs: configuration.codecs)
        let from = NameAddress(
            displayName: configuration.displayName, SIPURI(user: configuration.from, host: to.local.host))
        session = stack.invite(
            OutgoingInvite(
                target: configuration.target, destination: to.destination, local: to.local, from: from,
                body: offer.offer(local).encoded()))
        after(.milliseconds(configuration.answerLimitMilliseconds)) { $0.giveUp() }
    }

    private func after(_ time: TimeAmount, _ action: @escaping @Sendable (isolated TestCall) -> Void) {
        timers.append(eventLoop.scheduleTask(in: time) { self.assumeIsolated { action($0) } })
    }

    // MARK: SIP

    private func handle(_ event: SIPEvent) {
        switch event {
        case .answered(let id, let response) where id == session:
            answered(response)
        case .failed(let id, let reason) where id == session:
            failure = failure ?? Self.error(reason)
            finish()
        case .byeReceived(let id, let request) where id == session:
            report.endedBy = .peer
            report.reason = request.reasons.first { $0.isQ850 } ?? request.reasons.first
            finish()
        case .ended(let id) where id == session:
            finish()
        case .inviteReceived(let id, _, _):
            stack.respond(id, 486)
        case .reinviteReceived(let id, _):
            stack.respond(id, 488)
        case .optionsReceived(let transaction, _, _), .infoReceived(_, let transaction, _):
            stack.respond(to: transaction, 200)
        case .registerReceived(let transaction, _, _):
            stack.respond(to: transaction, 405)
        case .answered, .failed, .byeReceived, .ended, .provisional, .cancelled, .ackReceived, .ackTimedOut,
            .reinviteCancelled, .reinviteAnswered, .reinviteFailed, .requestAnswered, .requestFailed:
            break
        }
    }

    private func answered(_ response: SIPMessage) {
        guard failure == nil, audio == nil else { return }
        do {
            let agreed = try offer.accept(SessionDescription.parse(response.body)).get()
            remoteAudio = try SocketAddress(ipAddress: agreed.remoteAddress, port: Int(agreed.remotePort))
            audio = agreed
            startAudio(agreed)
        } catch let refusal as SDPRefusal {
            failure = .badAnswer(refusal.text)
        } catch {
            failure = .badAnswer("\(error)")
        }
        if failure != nil { return hangUp() }
        after(.milliseconds(configuration.talkMilliseconds)) { $0.hangUp() }
    }

    /// Ours: BYE, and the end when it was answered.
    private func hangUp() {
        guard let session, !isOver else { return }
        stopAudio()
        stack.bye(session)
        after(Self.farewellLimit) { $0.finish() }
    }

    private func giveUp() {
        guard let session, audio == nil, failure == nil else { return }
        failure = .notAnswered(afterMilliseconds: configuration.answerLimitMilliseconds)
        stack.cancel(session)
        after(Self.farewellLimit) { $0.finish() }
    }

    private func finish() {
        guard !isOver else { return }
        isOver = true
        stopAudio()
        waiter?.resume()
        waiter = nil
    }

    private static func error(_ reason: SIPFailure) -> TestCallError {
        switch reason {
        case .refused(let response):
            return .refused(
                status: response.status?.code ?? 0, phrase: response.reasonPhrase ?? "",
                cause: response.reasons.first { $0.isQ850 }?.cause, warning: response.warnings.first?.text)
        case .timeout: return .noResponse
        case .transport(let why): return .unreachable(why)
        case .cancelled: return .noResponse
        }
    }

    // MARK: Audio

    private func startAudio(_ agreed: NegotiatedAudio) {
        let law: G711Law = agreed.codec.encoding.uppercased() == "PCMU" ? .muLaw : .aLaw
        report.codec = agreed.codec.encoding
        sender = RTPSender(
            law: law, payloadType: agreed.sendPayloadType, telephoneEventType: agreed.sendTelephoneEvent,
            source: generator.next(), sequence: generator.next(), timestamp: generator.next(),
            samples: configuration.samples, digits: configuration.digits)
        recorder = RTPRecorder(
            law: law, payloadType: agreed.receivePayloadType, telephoneEventType: agreed.receiveTelephoneEvent)
        firstPacket = .now()
        tick()
    }

    /// Sends what is due; a tick that comes late sends the packets between as well.
    private func tick() {
        guard let remoteAudio, !isOver, sender != nil else { return }
        while firstPacket + Self.packetTime * ticks <= .now() {
            ticks += 1
            if let packet = sender?.next() { rtp?.send(packet, to: remoteAudio) }
        }
        eventLoop.scheduleTask(deadline: firstPacket + Self.packetTime * ticks) { self.assumeIsolated { $0.tick() } }
    }

    private func stopAudio() {
        guard let sender, let recorder else { return }
        report.packetsSent = sender.packetCount
        report.packetsReceived = recorder.packetCount
        report.packetsLost = recorder.lostCount
        report.digitsReceived = recorder.digits
        report.sent = sender.sent
        report.received = recorder.samples(from: firstPacket.uptimeNanoseconds)
        self.sender = nil
        self.recorder = nil
    }

    // MARK: The end

    private func shutDown() async {
        for timer in timers { timer.cancel() }
        try? await stack.close().get()
        rtp?.close()
        rtp = nil
        stack.onEvent = { _ in }
        stack.transport.capture = nil
        report.receivedLevelDBm0 = AudioLevel.dBm0(report.received)
        report.echo = EchoMeasurement.measure(sent: report.sent, received: report.received)
        drawLadder()
    }

    private func drawLadder() {
        let start = captured.first?.monotonicNanoseconds ?? 0
        for message in captured {
            guard let parsed = try? SIPMessage.parse(message.bytes) else { continue }
            if report.callID.isEmpty { report.callID = parsed.callID }
            guard parsed.callID == report.callID else { continue }
            report.ladder.append(
                TestCallReport.LadderLine(
                    milliseconds: Double(message.monotonicNanoseconds &- start) / 1_000_000,
                    isSent: message.direction == .sent, summary: parsed.summary))
        }
    }
}
