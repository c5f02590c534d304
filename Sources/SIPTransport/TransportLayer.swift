// SPDX-License-Identifier: GPL-2.0-or-later
package import NIOCore
import NIOPosix
import SIPCore
import SIPMessages

/// The transport layer of RFC 3261 section 18: UDP and TCP listeners and the connections of both directions, on one
/// event loop. Every method is called on that loop, and every callback comes on it, in order.
///
///     peers ── sockets ── TransportLayer ── SIPStack ── the gateway
///                         you are here
package final class TransportLayer {
    package let eventLoop: any EventLoop
    package let limits: TransportLimits
    package var onEvent: (TransportEvent) -> Void = { _ in }
    /// Sees every message that comes or goes.
    package var capture: ((CapturedMessage) -> Void)?
    package internal(set) var counters = TransportCounters()

    struct Listener {
        var address: ListenAddress
        var channel: any Channel
    }

    private var listeners: [Listener] = []
    private var localAddresses = LocalAddresses()
    var connections: [ConnectionID: StreamConnection] = [:]
    var connectionsByRemote: [SocketAddress: ConnectionID] = [:]
    private var lastConnection: UInt64 = 0
    private(set) var isClosed = false

    package init(eventLoop: any EventLoop, limits: TransportLimits = TransportLimits()) {
        self.eventLoop = eventLoop
        self.limits = limits
    }

    /// Where it listens, with the ports the system chose for port 0.
    package var addresses: [ListenAddress] { listeners.map(\.address) }

    package var connectionCount: Int { connections.count }

    // MARK: Listening

    /// Opens these addresses, all or none. Fails with `ListenError`.
    package func listen(_ addresses: [ListenAddress]) -> EventLoopFuture<[ListenAddress]> {
        eventLoop.preconditionInEventLoop()
        var opened = eventLoop.makeSucceededFuture([ListenAddress]())
        for address in addresses {
            opened = opened.assumeIsolated().flatMap { before in
                self.open(address).map { before + [$0] }
            }.nonisolated()
        }
        return opened.assumeIsolated().flatMapError { error in
            self.closeListeners().assumeIsolated().flatMapThrowing { throw error }.nonisolated()
        }.nonisolated()
    }

    private func open(_ address: ListenAddress) -> EventLoopFuture<ListenAddress> {
        let bound = address.transport == .udp ? bindDatagrams(address) : bindStreams(address)
        return bound.assumeIsolated().flatMapThrowing { channel in
            var actual = address
            actual.address = channel.localAddress ?? address.address
            self.listeners.append(Listener(address: actual, channel: channel))
            return actual
        }.flatMapErrorThrowing { error in
            throw ListenError(error, address)
        }.nonisolated()
    }

    private func bindDatagrams(_ address: ListenAddress) -> EventLoopFuture<any Channel> {
        let layer = NIOLoopBound(self, eventLoop: eventLoop)
        var bootstrap = DatagramBootstrap(group: eventLoop)
            .channelOption(
                .recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: limits.maximumDatagramOctets)
            )
            // A burst of calls is to wait in the kernel rather than be lost and sent again half a second later.
            .channelOption(.socketOption(.so_rcvbuf), value: 4 << 20)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(DatagramHandler(layer: layer.value))
                }
            }
        if address.address.isIPv6 {
            bootstrap = bootstrap.channelOption(
                ChannelOptions.Types.SocketOption(level: .ipv6, name: .ipv6_v6only), value: 1)
        }
        return bootstrap.bind(to: address.address)
    }

    private func bindStreams(_ address: ListenAddress) -> EventLoopFuture<any Channel> {
        let layer = NIOLoopBound(self, eventLoop: eventLoop)
        var bootstrap = ServerBootstrap(group: eventLoop)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.backlog, value: 256)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try layer.value.accept(channel) }
            }
        if address.address.isIPv6 {
            bootstrap = bootstrap.serverChannelOption(
                ChannelOptions.Types.SocketOption(level: .ipv6, name: .ipv6_v6only), value: 1)
        }
        return bootstrap.bind(to: address.address)
    }

    private func closeListeners() -> EventLoopFuture<Void> {
        let closing = listeners.map { $0.channel.close() }
        listeners = []
        return EventLoopFuture.andAllComplete(closing, on: eventLoop)
    }

    /// Closes listeners and connections; what waits to be sent on a connection that is not open yet is given up.
    package func close() -> EventLoopFuture<Void> {
        eventLoop.preconditionInEventLoop()
        isClosed = true
        for connection in connections.values { connection.close(.closed(connection.destination)) }
        return closeListeners()
    }

    // MARK: Sending

    /// Sends one message. `failed` is called when it cannot be sent, also when that is known only later; that it arrived
    /// is never known.
    package func send(_ bytes: [UInt8], to destination: TransportDestination, failed: ((TransportError) -> Void)? = nil)
    {
        eventLoop.preconditionInEventLoop()
        switch destination.transport {
        case .udp: sendDatagram(bytes, to: destination, failed: failed)
        case .tcp: sendOnConnection(bytes, to: destination, failed: failed)
        case .tls: fail(.noListener(destination), failed)
        }
    }

    private func sendDatagram(
        _ bytes: [UInt8], to destination: TransportDestination, failed: ((TransportError) -> Void)?
    ) {
        guard let listener = listener(for: destination) else {
            return fail(.noListener(destination), failed)
        }
        sent(bytes, .udp, local: listener.address.address, remote: destination.address)
        let envelope = AddressedEnvelope(remoteAddress: destination.address, data: ByteBuffer(bytes: bytes))
        let promise = eventLoop.makePromise(of: Void.self)
        promise.futureResult.assumeIsolated().whenFailure { error in
            self.fail(.failed(destination, "\(error)"), failed)
        }
        listener.channel.writeAndFlush(envelope, promise: promise)
    }

    private func sendOnConnection(
        _ bytes: [UInt8], to destination: TransportDestination, failed: ((TransportError) -> Void)?
    ) {
        if let connection = connection(for: destination) {
            return connection.send(bytes, failed: failed)
        }
        guard !isClosed else { return fail(.closed(destination), failed) }
        guard connections.count < limits.maximumConnections else {
            return fail(.tooManyConnections(destination, limit: limits.maximumConnections), failed)
        }
        connect(to: destination).send(bytes, failed: failed)
    }

    func fail(_ error: TransportError, _ failed: ((TransportError) -> Void)?) {
        counters.add(.sendFailures)
        failed?(error)
    }

    private func connection(for destination: TransportDestination) -> StreamConnection? {
        if let id = destination.connection, let connection = connections[id] { return connection }
        return connectionsByRemote[destination.address].flatMap { connections[$0] }
    }

    private func connect(to destination: TransportDestination) -> StreamConnection {
        let connection = StreamConnection(layer: self, id: nextConnectionID(), remote: destination.address)
        register(connection)
        let handler = NIOLoopBound(connection, eventLoop: eventLoop)
        var bootstrap = ClientBootstrap(group: eventLoop)
            .connectTimeout(limits.connectTimeout)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(handler.value)
                }
            }
        // Peers that admit us by our address see the one we listen on.
        if let own = listener(for: destination)?.address.address, !own.isWildcard,
            let source = try? SocketAddress(ipAddress: own.hostText, port: 0)
        {
            bootstrap = bootstrap.bind(to: source)
        }
        bootstrap.connect(to: destination.address).assumeIsolated().whenComplete { result in
            switch result {
            case .success: self.counters.add(.connectionsOpened)
            case .failure(let error): connection.connectFailed(error)
            }
        }
        return connection
    }

    private func accept(_ channel: any Channel) throws {
        guard !isClosed, connections.count < limits.maximumConnections, let remote = channel.remoteAddress else {
            counters.add(.connectionsRefused)
            channel.close(promise: nil)
            return
        }
        counters.add(.connectionsAccepted)
        let connection = StreamConnection(layer: self, id: nextConnectionID(), remote: remote)
        register(connection)
        try channel.pipeline.syncOperations.addHandler(connection)
    }

    private func nextConnectionID() -> ConnectionID {
        lastConnection &+= 1
        return ConnectionID(lastConnection)
    }

    private func register(_ connection: StreamConnection) {
        connections[connection.id] = connection
        connectionsByRemote[connection.remote] = connection.id
    }

    func forget(_ connection: StreamConnection) {
        guard connections.removeValue(forKey: connection.id) != nil else { return }
        if connectionsByRemote[connection.remote] == connection.id {
            connectionsByRemote[connection.remote] = nil
        }
        onEvent(.closed(connection.id, connection.remote))
    }

    // MARK: Addresses

    /// The listener that reaches a destination: the one at the address the route takes, else one at all addresses.
    private func listener(for destination: TransportDestination) -> Listener? {
        let candidates = listeners.filter {
            $0.address.transport == destination.transport && $0.address.address.isIPv6 == destination.address.isIPv6
        }
        guard candidates.count > 1 else { return candidates.first }
        if let local = destination.local, let chosen = candidates.first(where: { $0.address.address == local }) {
            return chosen
        }
        let host = localAddresses.towards(destination.address, now: .now())?.hostText
        return candidates.first { $0.address.address.hostText == host }
            ?? candidates.first { $0.address.address.isWildcard } ?? candidates.first
    }

    /// The address of ours a destination is reached from, with the port it can reach us at: what Via, Contact and SDP say.
    /// Nil without a listener of that kind or a route.
    package func localAddress(towards destination: TransportDestination) -> SocketAddress? {
        eventLoop.preconditionInEventLoop()
        guard let listener = listener(for: destination) else { return nil }
        guard listener.address.address.isWildcard else { return listener.address.address }
        var local = localAddresses.towards(destination.address, now: .now())
        local?.port = listener.address.address.port
        return local
    }

    // MARK: What passes

    func received(_ bytes: [UInt8], _ source: MessageSource) {
        capture?(CapturedMessage(.received, source.transport, local: source.local, remote: source.remote, bytes))
        do {
            let message = try SIPMessage.parse(bytes)
            counters.add(.messagesReceived)
            onEvent(.received(message, source))
        } catch {
            malformed(bytes, error, source)
        }
    }

    func malformed(_ bytes: [UInt8], _ error: SIPParseError, _ source: MessageSource) {
        counters.add(.messagesMalformed)
        onEvent(.malformed(bytes, error, source))
    }

    func sent(_ bytes: [UInt8], _ transport: SIPTransportKind, local: SocketAddress, remote: SocketAddress) {
        counters.add(.messagesSent)
        guard let capture else { return }
        var from = local
        if from.isWildcard, var actual = localAddresses.towards(remote, now: .now()) {
            actual.port = local.port
            from = actual
        }
        capture(CapturedMessage(.sent, transport, local: from, remote: remote, bytes))
    }
}
