// SPDX-License-Identifier: GPL-2.0-or-later
import Glibc
import LineProtocol
import NIOCore

/// The channel handler of one lane: octets in, payloads out.
final class LaneHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private var framer = LaneFramer()
    private var ended = false
    private let payload: ([UInt8]) throws -> Void
    private let end: (LineLoss) -> Void

    /// `payload` may throw `LineDecodingError`; `end` is called once.
    init(payload: @escaping ([UInt8]) throws -> Void, end: @escaping (LineLoss) -> Void) {
        self.payload = payload
        self.end = end
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !ended else { return }
        framer.append(unwrapInboundIn(data).readableBytesView)
        do {
            while !ended, let octets = try framer.next() { try payload(octets) }
        } catch {
            finish(.unreadable(reason: "\(error)"))
            context.close(promise: nil)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        finish(.closed)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A reset is how the kernel says that the peer died with our octets unread.
        let reset = (error as? IOError).map { $0.errnoCode == ECONNRESET || $0.errnoCode == EPIPE } ?? false
        finish(reset ? .closed : .inputOutput(reason: "\(error)"))
        context.close(promise: nil)
    }

    private func finish(_ loss: LineLoss) {
        guard !ended else { return }
        ended = true
        end(loss)
    }
}
