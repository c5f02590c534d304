// SPDX-License-Identifier: GPL-2.0-or-later
import NIOCore
import SIPCore
import SIPMessages

/// One TCP connection, accepted or opened: cut into messages coming in, bounded going out.
final class StreamConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private struct Waiting {
        var bytes: [UInt8]
        var failed: ((TransportError) -> Void)?
    }

    private enum State {
        case connecting([Waiting])
        case open(ChannelHandlerContext)
        case closed
    }

    let id: ConnectionID
    let remote: SocketAddress
    private let layer: TransportLayer
    private var state = State.connecting([])
    private var framer: SIPStreamFramer
    private var bufferedOctets = 0
    private var lastHeard = NIODeadline.now()
    private var idleCheck: Scheduled<Void>?
    /// Why it is being closed, for those whose messages are still in it.
    private var closeReason: TransportError?

    init(layer: TransportLayer, id: ConnectionID, remote: SocketAddress) {
        self.layer = layer
        self.id = id
        self.remote = remote
        framer = SIPStreamFramer(
            maximumHeaderBytes: layer.limits.maximumHeaderOctets, maximumBodyBytes: layer.limits.maximumBodyOctets)
    }

    var destination: TransportDestination { TransportDestination(.tcp, remote, connection: id) }

    func send(_ bytes: [UInt8], failed: ((TransportError) -> Void)?) {
        bufferedOctets += bytes.count
        guard bufferedOctets <= layer.limits.maximumBufferedOctets else {
            let error = TransportError.peerTooSlow(destination, bufferedOctets: bufferedOctets)
            layer.counters.add(.slowReaders)
            layer.fail(error, failed)
            return close(error)
        }
        switch state {
        case .connecting(let waiting):
            state = .connecting(waiting + [Waiting(bytes: bytes, failed: failed)])
        case .open(let context):
            write(bytes, context, failed: failed)
        case .closed:
            layer.fail(closeReason ?? .closed(destination), failed)
        }
    }

    private func write(_ bytes: [UInt8], _ context: ChannelHandlerContext, failed: ((TransportError) -> Void)?) {
        if let local = context.localAddress { layer.sent(bytes, .tcp, local: local, remote: remote) }
        lastHeard = .now()
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.assumeIsolated().whenComplete { result in
            self.bufferedOctets -= bytes.count
            guard case .failure(let error) = result else { return }
            self.layer.fail(self.closeReason ?? .failed(self.destination, "\(error)"), failed)
        }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: promise)
    }

    // MARK: The channel's life

    func channelActive(context: ChannelHandlerContext) {
        guard case .connecting(let waiting) = state else { return context.close(promise: nil) }
        state = .open(context)
        scheduleIdleCheck(context, in: layer.limits.idleTimeout)
        for message in waiting { write(message.bytes, context, failed: message.failed) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        finish(closeReason ?? .closed(destination))
    }

    func connectFailed(_ error: any Error) {
        layer.counters.add(.connectionsFailed)
        if case ChannelError.connectTimeout(let time) = error {
            finish(.connectTimeout(destination, milliseconds: time.nanoseconds / 1_000_000))
        } else {
            finish(.failed(destination, "\(error)"))
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        layer.counters.add(.connectionsFailed)
        close(.failed(destination, "\(error)"))
    }

    /// Closes the connection; what is still in it fails with this reason.
    func close(_ reason: TransportError) {
        closeReason = closeReason ?? reason
        if case .open(let context) = state {
            context.close(promise: nil)
        } else {
            finish(reason)
        }
    }

    private func finish(_ reason: TransportError) {
        let before = state
        closeReason = closeReason ?? reason
        state = .closed
        idleCheck?.cancel()
        idleCheck = nil
        layer.forget(self)
        guard case .connecting(let waiting) = before else { return }
        for message in waiting { layer.fail(reason, message.failed) }
    }

    private func scheduleIdleCheck(_ context: ChannelHandlerContext, in time: TimeAmount) {
        idleCheck = context.eventLoop.assumeIsolated().scheduleTask(in: time) {
            guard case .open(let context) = self.state else { return }
            let left = self.lastHeard + self.layer.limits.idleTimeout - .now()
            if left > .zero { return self.scheduleIdleCheck(context, in: left) }
            self.layer.counters.add(.connectionsIdle)
            self.close(.closed(self.destination))
        }
    }

    // MARK: What comes

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard closeReason == nil, let local = context.localAddress else { return }
        lastHeard = .now()
        let source = MessageSource(transport: .tcp, local: local, remote: remote, connection: id)
        framer.append(unwrapInboundIn(data).readableBytesView)
        do {
            while closeReason == nil, let item = try framer.next() {
                switch item {
                case .message(let bytes):
                    layer.received(bytes, source)
                case .ping:
                    // RFC 5626 4.4.1: a double CRLF is answered with one.
                    layer.counters.add(.keepalives)
                    context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: [0x0D, 0x0A])), promise: nil)
                }
            }
        } catch {
            layer.counters.add(.streamsMalformed)
            if case .noContentLength(let header) = error {
                // The request can still be answered before the connection goes.
                let salvaged = try? SIPMessage.parse(header)
                layer.malformed(
                    header, SIPParseError(.missingHeaderField, header: "Content-Length", salvaged: salvaged), source)
            }
            close(.closed(destination))
        }
    }
}
