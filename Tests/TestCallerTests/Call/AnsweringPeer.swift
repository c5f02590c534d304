// SPDX-License-Identifier: GPL-2.0-or-later
import NIOCore
import NIOPosix
import SDP
import SIPCore
import SIPMessages
import SIPTransport

/// A peer that answers as it is told and sends every RTP packet back.
actor AnsweringPeer {
    enum Behaviour: Sendable {
        case echo
        case hangUp(ReasonValue)
        case refuse(SIPStatus, [SIPHeader])
        case ring
        case answer(body: String)
    }

    nonisolated let loop: any EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.executor.asUnownedSerialExecutor() }
    private let stack: SIPStack
    private let behaviour: Behaviour
    private let codecs: [AudioCodec]
    private var rtp: (any Channel)?

    init(_ behaviour: Behaviour, codecs: [AudioCodec] = [.pcma]) {
        loop = MultiThreadedEventLoopGroup.singleton.next()
        stack = SIPStack(eventLoop: loop)
        self.behaviour = behaviour
        self.codecs = codecs
    }

    /// Where it is to be called.
    func listen(_ transport: String) async throws -> SIPURI {
        stack.onEvent = { event in self.assumeIsolated { $0.handle(event) } }
        let address = try await stack.listen([ListenAddress("\(transport)://127.0.0.1:0")].compactMap { $0 }).get()[0]
        rtp = try await DatagramBootstrap(group: loop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(RTPEcho()) }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        var uri = SIPURI(user: "0100", host: "127.0.0.1", port: UInt16(address.address.port ?? 0))
        if transport != "udp" { uri.parameters.set("transport", transport) }
        return uri
    }

    private func handle(_ event: SIPEvent) {
        guard case .inviteReceived(let id, let request, _) = event else {
            if case .ackReceived(let id, _) = event, case .hangUp(let reason) = behaviour {
                stack.bye(id, headers: [SIPHeader(.reason, reason.description)])
            }
            return
        }
        switch behaviour {
        case .echo, .hangUp:
            stack.respond(id, 180)
            stack.respond(id, 200, body: answer(to: request))
        case .refuse(let status, let headers): stack.respond(id, status, headers: headers)
        case .ring: stack.respond(id, 180)
        case .answer(let body): stack.respond(id, 200, body: Array(body.utf8))
        }
    }

    private func answer(to request: SIPMessage) -> [UInt8] {
        var session = AudioSession(sessionID: 7)
        let port = UInt16(rtp?.localAddress?.port ?? 0)
        guard let offer = try? SessionDescription.parse(request.body),
            let answer = try? session.answer(
                to: offer, with: LocalAudio(address: "127.0.0.1", port: port, codecs: codecs)
            ).get()
        else { return [] }
        return answer.description.encoded()
    }

    func close() async throws {
        try await stack.close().get()
        try await rtp?.close()
    }
}

private final class RTPEcho: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>
    typealias OutboundOut = AddressedEnvelope<ByteBuffer>

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        context.writeAndFlush(data, promise: nil)
    }
}
