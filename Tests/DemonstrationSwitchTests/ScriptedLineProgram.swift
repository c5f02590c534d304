// SPDX-License-Identifier: GPL-2.0-or-later
import Foundation
import LineProtocol
import NIOCore
import NIOPosix

/// The line program's end of the border: says hello, keeps the commands it gets, and sends what a test has it send.
actor ScriptedLineProgram {
    nonisolated let loop: any EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.executor.asUnownedSerialExecutor() }
    nonisolated let directory: String

    private var listeners: [any Channel] = []
    private var lanes: [any Channel] = []
    private var callLane: (any Channel)?
    private var sequence: UInt64 = 0
    private var commands: AsyncStream<LineCommand>.Iterator
    private let continuation: AsyncStream<LineCommand>.Continuation

    init(directory: String) {
        loop = MultiThreadedEventLoopGroup.singleton.next()
        self.directory = directory
        let (stream, continuation) = AsyncStream.makeStream(of: LineCommand.self)
        commands = stream.makeAsyncIterator()
        self.continuation = continuation
    }

    func start() async throws {
        for name in [Lane.callSocketName, Lane.bulkSocketName] {
            let isCallLane = name == Lane.callSocketName
            let listener = try await ServerBootstrap(group: loop)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(
                            CommandHandler { command in
                                self.assumeIsolated { $0.receive(command, on: channel, isCallLane) }
                            })
                    }
                }
                .bind(unixDomainSocketPath: "\(directory)/\(name)", cleanupExistingSocketFile: true).get()
            listeners.append(listener)
        }
    }

    private func receive(_ command: LineCommand, on channel: any Channel, _ isCallLane: Bool) {
        guard isCallLane else { return lanes.append(channel) }
        switch command {
        case .hello:
            lanes.append(channel)
            callLane = channel
            write(.welcome(version: 1, bootID: 42), sequence: 0)
        case .attach:
            write(.snapshotEnd, sequence: 0)
        default:
            break
        }
        continuation.yield(command)
    }

    func send(_ event: LineEvent) {
        sequence += 1
        write(event, sequence: sequence)
    }

    private func write(_ event: LineEvent, sequence: UInt64) {
        let numbered = NumberedEvent(sequence: sequence, monotonicNanoseconds: 0, wallNanoseconds: 0, event: event)
        guard let frame = try? numbered.framed() else { return }
        callLane?.writeAndFlush(ByteBuffer(bytes: frame), promise: nil)
    }

    /// The next command that is this one; those before it are passed over.
    func expect(_ command: LineCommand) async -> Bool {
        await next { $0 == command ? true : nil } ?? false
    }

    func next<Value: Sendable>(_ pick: @Sendable (LineCommand) -> Value?) async -> Value? {
        var iterator = commands
        defer { commands = iterator }
        while let command = await iterator.next(isolation: self) {
            if let value = pick(command) { return value }
        }
        return nil
    }

    /// As a crash does: everything is closed at once.
    func die() async throws {
        for channel in listeners + lanes { try? await channel.close() }
        listeners = []
        lanes = []
    }
}

private final class CommandHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private var framer = LaneFramer()
    private let receive: (LineCommand) -> Void

    init(_ receive: @escaping (LineCommand) -> Void) {
        self.receive = receive
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        framer.append(unwrapInboundIn(data).readableBytesView)
        while let octets = try? framer.next(), let command = try? LineCommand(decoding: octets) { receive(command) }
    }
}
