// SPDX-License-Identifier: GPL-2.0-or-later
import NIOCore
import SIPCore

/// A UDP listener: one datagram, one message (RFC 3261 18.3).
final class DatagramHandler: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>

    private let layer: TransportLayer

    init(layer: TransportLayer) {
        self.layer = layer
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let envelope = unwrapInboundIn(data)
        guard let local = context.localAddress else { return }
        let bytes = Array(envelope.data.readableBytesView)
        // Phones keep their NAT open with CRLFs, spaces or zeros; nothing is to be answered.
        guard bytes.contains(where: { $0 > 0x20 }) else {
            layer.counters.add(.keepalives)
            return
        }
        layer.received(bytes, MessageSource(transport: .udp, local: local, remote: envelope.remoteAddress))
    }

    /// An ICMP error or the like: the listener goes on.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        layer.counters.add(.sendFailures)
    }
}
