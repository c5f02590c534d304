// SPDX-License-Identifier: GPL-2.0-or-later
import NIOCore
import NIOPosix

/// A UDP socket for RTP on the caller's loop; what comes is handed over with its time.
final class RTPChannel: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>

    private let receive: ([UInt8], UInt64) -> Void
    private var channel: (any Channel)?

    init(receive: @escaping ([UInt8], UInt64) -> Void) {
        self.receive = receive
    }

    /// On the loop: binds any free port of this address and gives it.
    func bind(_ host: String, on eventLoop: any EventLoop) -> EventLoopFuture<UInt16> {
        let handler = NIOLoopBound(self, eventLoop: eventLoop)
        return DatagramBootstrap(group: eventLoop)
            .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 2_048))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(handler.value)
                }
            }
            .bind(host: host, port: 0)
            .map { channel in
                handler.value.channel = channel
                return UInt16(truncatingIfNeeded: channel.localAddress?.port ?? 0)
            }
    }

    func send(_ packet: [UInt8], to address: SocketAddress) {
        channel?.writeAndFlush(
            AddressedEnvelope(remoteAddress: address, data: ByteBuffer(bytes: packet)), promise: nil)
    }

    func close() {
        channel?.close(promise: nil)
        channel = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        receive(Array(unwrapInboundIn(data).data.readableBytesView), NIODeadline.now().uptimeNanoseconds)
    }

    /// An ICMP error: the peer may not listen yet.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {}
}
