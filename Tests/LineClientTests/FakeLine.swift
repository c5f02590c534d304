// SPDX-License-Identifier: GPL-2.0-or-later
import Foundation
import LineClient
import LineProtocol
import NIOCore
import NIOPosix

/// A line program's two sockets, scripted. Everything runs on the one event loop of the test.
final class FakeLine {
    let directory: String
    let eventLoop: any EventLoop
    /// What the control program said on the call lane.
    private(set) var commands: [LineCommand] = []
    private(set) var callLane: (any Channel)?
    private(set) var bulkLane: (any Channel)?
    private var listeners: [any Channel] = []
    /// The answer to each command of the call lane.
    var answer: (LineCommand) -> [LineEvent] = { _ in [] }

    init(on eventLoop: any EventLoop) throws {
        self.eventLoop = eventLoop
        directory = "/tmp/tgc-\(UInt32.random(in: 0...UInt32.max))"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    }

    func listen() -> EventLoopFuture<Void> {
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        return listen(Lane.callSocketName, isCall: true).flatMap {
            bound.value.listen(Lane.bulkSocketName, isCall: false)
        }
    }

    private func listen(_ name: String, isCall: Bool) -> EventLoopFuture<Void> {
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        return ServerBootstrap(group: eventLoop)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let fake = bound.value
                    if isCall { fake.callLane = channel } else { fake.bulkLane = channel }
                    try channel.pipeline.syncOperations.addHandler(CommandReader { if isCall { fake.heard($0) } })
                }
            }
            .bind(unixDomainSocketPath: "\(directory)/\(name)")
            .map { bound.value.listeners.append($0) }
    }

    private func heard(_ command: LineCommand) {
        commands.append(command)
        for event in answer(command) { say(event) }
    }

    func say(_ event: LineEvent, sequence: UInt64 = 0) {
        let numbered = NumberedEvent(sequence: sequence, monotonicNanoseconds: 0, wallNanoseconds: 0, event: event)
        if let frame = try? numbered.framed() { write(frame, to: callLane) }
    }

    func say(_ record: BulkRecord) {
        if let frame = try? record.framed() { write(frame, to: bulkLane) }
    }

    func write(_ octets: [UInt8], to channel: (any Channel)?) {
        channel?.writeAndFlush(ByteBuffer(bytes: octets), promise: nil)
    }

    func hangUp() {
        callLane?.close(promise: nil)
    }

    func close() {
        for channel in listeners + [callLane, bulkLane].compactMap({ $0 }) { channel.close(promise: nil) }
        try? FileManager.default.removeItem(atPath: directory)
    }
}

private final class CommandReader: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private var framer = LaneFramer()
    private let heard: (LineCommand) -> Void

    init(heard: @escaping (LineCommand) -> Void) {
        self.heard = heard
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        framer.append(unwrapInboundIn(data).readableBytesView)
        while let frame = try? framer.next(), let command = try? LineCommand(decoding: frame) { heard(command) }
    }
}

/// Keeps what it hears, and says when there is enough of it.
final class Listener: LineEventHandler {
    private(set) var events: [NumberedEvent] = []
    private(set) var records: [BulkRecord] = []
    private(set) var losses: [LineLoss] = []
    private var waiting: (condition: (Listener) -> Bool, promise: EventLoopPromise<Void>)?

    func line(_ event: NumberedEvent) {
        events.append(event)
        look()
    }

    func bulk(_ record: BulkRecord) {
        records.append(record)
        look()
    }

    func lineLost(_ loss: LineLoss) {
        losses.append(loss)
        look()
    }

    func wait(on eventLoop: any EventLoop, until condition: @escaping (Listener) -> Bool) -> EventLoopFuture<Void> {
        let promise = eventLoop.makePromise(of: Void.self)
        waiting = (condition, promise)
        look()
        return promise.futureResult
    }

    private func look() {
        guard let waiting, waiting.condition(self) else { return }
        self.waiting = nil
        waiting.promise.succeed()
    }
}
