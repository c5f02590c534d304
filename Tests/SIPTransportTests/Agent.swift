// SPDX-License-Identifier: GPL-2.0-or-later
import NIOCore
import NIOPosix
import SIPCore
import SIPMessages
import SIPTransport

/// A SIP stack on its own loop on 127.0.0.1, whose events a test takes one after another.
actor Agent {
    nonisolated let loop: any EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.executor.asUnownedSerialExecutor() }
    private let stack: SIPStack
    private var events: AsyncStream<SIPEvent>.Iterator
    private let continuation: AsyncStream<SIPEvent>.Continuation
    /// Whether an event came while a command had not returned yet.
    private(set) var wasInterrupted = false
    private var isCommanding = false

    init(configuration: SIPEndpointConfiguration = SIPEndpointConfiguration()) {
        loop = MultiThreadedEventLoopGroup.singleton.next()
        stack = SIPStack(eventLoop: loop, configuration: configuration)
        let (stream, continuation) = AsyncStream.makeStream(of: SIPEvent.self)
        events = stream.makeAsyncIterator()
        self.continuation = continuation
    }

    func listen(_ address: String) async throws -> SIPDestination {
        stack.onEvent = { event in
            self.assumeIsolated {
                $0.wasInterrupted = $0.wasInterrupted || $0.isCommanding
                $0.continuation.yield(event)
            }
        }
        let bound = try await stack.listen([ListenAddress(address)].compactMap { $0 }).get()[0]
        return SIPDestination(
            transport: bound.transport, host: bound.address.hostText, port: UInt16(bound.address.port ?? 0))
    }

    /// Every incoming call is answered from within its event.
    func answerCalls() {
        stack.onEvent = { event in
            self.assumeIsolated {
                if case .inviteReceived(let id, _, _) = event {
                    $0.stack.respond(id, 180)
                    $0.stack.respond(id, 200, body: Array("v=0\r\n".utf8))
                }
                $0.continuation.yield(event)
            }
        }
    }

    func invite(_ destination: SIPDestination) throws -> SessionID {
        guard let local = stack.localAddress(towards: destination) else { throw ChannelError.unknownLocalAddress }
        let target = SIPURI(user: "0100", host: destination.host, port: destination.port)
        let call = OutgoingInvite(
            target: target, destination: destination, local: local,
            from: NameAddress(SIPURI(user: "caller", host: local.host)), body: Array("v=0\r\n".utf8))
        isCommanding = true
        defer { isCommanding = false }
        return stack.invite(call)
    }

    func bye(_ id: SessionID) { stack.bye(id) }
    func resolve(_ destination: SIPDestination) async throws -> ResolvedDestination {
        try await stack.resolve(destination).get()
    }
    func count(_ counter: SIPCounter) -> UInt64 { stack.count(counter) }
    var sessionCount: Int { stack.sessionCount }

    /// The next event for which this gives a value; those before it are passed over.
    func next<Value: Sendable>(_ pick: @Sendable (SIPEvent) -> Value?) async -> Value? {
        var iterator = events
        defer { events = iterator }
        while let event = await iterator.next(isolation: self) {
            if let value = pick(event) { return value }
        }
        return nil
    }

    func close() async throws { try await stack.close().get() }
}
