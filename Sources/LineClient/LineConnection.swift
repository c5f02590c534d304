// SPDX-License-Identifier: GPL-2.0-or-later
package import LineProtocol
package import NIOCore
import NIOPosix

/// The control end of the border: both lanes to one line program, on one event loop.
///
///     let line = try await LineConnection.open(stateDirectory: "/run/trunkgate", on: loop)
///     // on the loop:
///     line.attach(lastEvent: line.welcome.bootID == known ? last : 0, handler: self)   // the snapshot, then events
///     line.send(.setup(leg, request))
package final class LineConnection: Sendable {
    package let eventLoop: any EventLoop
    package let welcome: LineWelcome
    private let lanes: NIOLoopBound<Lanes>

    /// How long the line program may take to answer hello.
    static let helloLimit = TimeAmount.seconds(5)

    private init(eventLoop: any EventLoop, welcome: LineWelcome, lanes: NIOLoopBound<Lanes>) {
        self.eventLoop = eventLoop
        self.welcome = welcome
        self.lanes = lanes
    }

    /// Raises the epoch, connects and says hello. Fails with `LineClientError`.
    package static func open(
        stateDirectory: String, on eventLoop: any EventLoop
    ) -> EventLoopFuture<LineConnection> {
        let call = "\(stateDirectory)/\(Lane.callSocketName)"
        let bulk = "\(stateDirectory)/\(Lane.bulkSocketName)"
        for path in [call, bulk] where path.utf8.count > 107 {
            return eventLoop.makeFailedFuture(LineClientError.socketPathTooLong(path: path, octets: path.utf8.count))
        }
        return NIOThreadPool.singleton.runIfActive(eventLoop: eventLoop) {
            try EpochFile.raise(in: stateDirectory)
        }.flatMap { epoch in
            greet(call: call, bulk: bulk, epoch: epoch, on: eventLoop)
        }
    }

    /// Asks for the snapshot and every event after `lastEvent`, and hears them from now on. On the event loop.
    package func attach(
        lastEvent: UInt64, acknowledging: Acknowledging = .afterHandling, handler: any LineEventHandler
    ) {
        lanes.value.attach(lastEvent: lastEvent, acknowledging: acknowledging, handler: handler)
    }

    /// Queues a command; those of one turn leave together, in order. On the event loop. After the lane's end: nothing.
    /// False when it is too long for the lane: nothing was sent.
    @discardableResult
    package func send(_ command: LineCommand) -> Bool {
        guard let frame = try? command.framed() else { return false }
        lanes.value.write(frame)
        return true
    }

    /// With `Acknowledging.byHandler`: events up to this one need not be said again. On the event loop.
    package func acknowledge(through event: UInt64) {
        lanes.value.acknowledge(through: event)
    }

    /// Leaves; calls that are up go on without us. The handler hears nothing more. On the event loop.
    package func detach() {
        lanes.value.sendAcknowledgement()
        send(.detach)
        lanes.value.flush()
        lanes.value.close()
    }

    /// Ends the line program, with `drain` when its last call has ended. The handler hears `lineLost`. On the event loop.
    package func shutdown(drain: Bool) {
        send(.shutdown(drain: drain))
    }

    /// Closes the lanes without a word, as a crash would. On the event loop.
    package func close() {
        lanes.value.close()
    }
}

extension LineConnection {
    private static func greet(
        call: String, bulk: String, epoch: UInt32, on eventLoop: any EventLoop
    ) -> EventLoopFuture<LineConnection> {
        let greeting = eventLoop.makePromise(of: (version: UInt16, bootID: UInt64).self)
        let lanes = NIOLoopBound(Lanes(eventLoop: eventLoop, greeting: greeting), eventLoop: eventLoop)
        let hello: [UInt8]
        do {
            hello = try LineCommand.hello(versions: Lane.versions, epoch: epoch).framed()
        } catch {
            return eventLoop.makeFailedFuture(error)
        }
        let late = eventLoop.scheduleTask(in: helloLimit) {
            guard case .greeting = lanes.value.state else { return }
            lanes.value.close()
            greeting.fail(LineClientError.noAnswer(socket: call))
        }
        connect(call, lanes, payload: { try $0.callPayload($1) }, end: { $0.callEnded($1) }).whenComplete { result in
            switch result {
            case .success(let channel):
                lanes.value.callLane = channel
                lanes.value.write(hello)
            case .failure(let error):
                lanes.value.state = .closed
                greeting.fail(error)
            }
        }
        return greeting.futureResult.flatMap { version, bootID in
            late.cancel()
            // The bulk lane says the same hello, so that no other control program can listen in.
            return connect(bulk, lanes, payload: { try $0.bulkPayload($1) }, end: { lanes, _ in lanes.bulkEnded() }).map
            {
                channel in
                lanes.value.bulkLane = channel
                channel.writeAndFlush(channel.allocator.buffer(bytes: hello), promise: nil)
                let welcome = LineWelcome(version: version, bootID: bootID, epoch: epoch)
                return LineConnection(eventLoop: eventLoop, welcome: welcome, lanes: lanes)
            }
        }.flatMapErrorThrowing { error in
            late.cancel()
            lanes.value.close()
            throw error
        }
    }

    private static func connect(
        _ path: String, _ lanes: NIOLoopBound<Lanes>, payload: @escaping @Sendable (Lanes, [UInt8]) throws -> Void,
        end: @escaping @Sendable (Lanes, LineLoss) -> Void
    ) -> EventLoopFuture<any Channel> {
        ClientBootstrap(group: lanes.eventLoop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let lanes = lanes.value
                    try channel.pipeline.syncOperations.addHandler(
                        LaneHandler(payload: { try payload(lanes, $0) }, end: { end(lanes, $0) }))
                }
            }
            .connect(unixDomainSocketPath: path)
            .flatMapErrorThrowing { error in throw LineClientError(connecting: path, error) }
    }
}
