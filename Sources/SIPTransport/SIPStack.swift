// SPDX-License-Identifier: GPL-2.0-or-later
package import NIOCore
package import SIPCore
package import SIPMessages

/// A SIP user agent that runs: the endpoint, the transport layer, a clock and a timer, on one event loop. Every method is
/// called on that loop; every event comes on it, in order, and may be answered from within.
///
///     sockets ── TransportLayer ── SIPStack ── onEvent, invite, respond, … ── the gateway
///                                  └ SIPEndpoint (a value)
package final class SIPStack {
    package let eventLoop: any EventLoop
    package let transport: TransportLayer
    package var onEvent: (SIPEvent) -> Void = { _ in }

    private var endpoint: SIPEndpoint
    private let resolver: HostResolver
    private var outputs: [SIPOutput] = []
    private var isDelivering = false
    private var isDeliveryDue = false
    private var timer: (at: UInt64, task: Scheduled<Void>)?
    private var isClosed = false

    package init(
        eventLoop: any EventLoop, configuration: SIPEndpointConfiguration = SIPEndpointConfiguration(),
        limits: TransportLimits = TransportLimits(),
        generator: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
    ) {
        self.eventLoop = eventLoop
        endpoint = SIPEndpoint(configuration: configuration, generator: generator)
        transport = TransportLayer(eventLoop: eventLoop, limits: limits)
        resolver = HostResolver(eventLoop: eventLoop)
        transport.onEvent = { [weak self] event in self?.receive(event) }
    }

    /// Opens these addresses, all or none. Fails with `ListenError`.
    package func listen(_ addresses: [ListenAddress]) -> EventLoopFuture<[ListenAddress]> {
        transport.listen(addresses)
    }

    /// Sends nothing more and hears nothing more.
    package func close() -> EventLoopFuture<Void> {
        deliver()
        isClosed = true
        timer?.task.cancel()
        timer = nil
        return transport.close()
    }

    package var configuration: SIPEndpointConfiguration { endpoint.configuration }
    package var sessionCount: Int { endpoint.sessionCount }
    package var transactionCount: Int { endpoint.transactionCount }
    package var timerCount: Int { endpoint.timerCount }
    package func count(_ counter: SIPCounter) -> UInt64 { endpoint.count(counter) }
    package func count(_ counter: TransportCounter) -> UInt64 { transport.counters[counter] }

    // MARK: The endpoint's commands

    /// Starts a call. Its events come after this has returned.
    package func invite(_ call: OutgoingInvite) -> SessionID {
        command { $0.invite(call, now: $1) }
    }

    package func reinvite(_ id: SessionID, headers: [SIPHeader] = [], body: [UInt8]) -> Bool {
        command { $0.reinvite(id, headers: headers, body: body, now: $1) }
    }

    package func acknowledge(_ id: SessionID, headers: [SIPHeader] = [], body: [UInt8] = []) {
        command { $0.acknowledge(id, headers: headers, body: body, now: $1) }
    }

    package func cancel(_ id: SessionID, headers: [SIPHeader] = []) {
        command { $0.cancel(id, headers: headers, now: $1) }
    }

    package func bye(_ id: SessionID, headers: [SIPHeader] = []) {
        command { $0.bye(id, headers: headers, now: $1) }
    }

    package func respond(
        _ id: SessionID, _ status: SIPStatus, reason: String? = nil, headers: [SIPHeader] = [], body: [UInt8] = [],
        type: MediaType = .sdp
    ) {
        command { $0.respond(id, status, reason: reason, headers: headers, body: body, type: type, now: $1) }
    }

    package func respond(
        to transaction: SIPTransactionID, _ status: SIPStatus, reason: String? = nil, headers: [SIPHeader] = [],
        body: [UInt8] = [], type: MediaType = .sdp
    ) {
        command {
            $0.respond(to: transaction, status, reason: reason, headers: headers, body: body, type: type, now: $1)
        }
    }

    package func request(
        _ method: SIPMethod, _ call: OutgoingInvite, callID: String? = nil, number: UInt32 = 1
    ) -> SIPTransactionID {
        command { $0.request(method, call, callID: callID, number: number, now: $1) }
    }

    package func glareDelay(ownsCallID: Bool) -> UInt64 { endpoint.glareDelay(ownsCallID: ownsCallID) }

    package func callID(of id: SessionID) -> String? { endpoint.callID(of: id) }

    package func snapshot(_ id: SessionID) -> [UInt8]? { endpoint.snapshot(id) }

    package func restore(_ bytes: [UInt8]) throws(SnapshotError) -> SessionID {
        try command { endpoint, now in Self.restore(bytes, in: &endpoint, now: now) }.get()
    }

    private static func restore(
        _ bytes: [UInt8], in endpoint: inout SIPEndpoint, now: UInt64
    ) -> Result<SessionID, SnapshotError> {
        do throws(SnapshotError) {
            return .success(try endpoint.restore(bytes, now: now))
        } catch {
            return .failure(error)
        }
    }

    // MARK: Addresses

    /// Our address towards a numeric destination: for Via and Contact, and its host for SDP. Nil without a listener of that
    /// transport and family, or without a route.
    package func localAddress(towards destination: SIPDestination) -> SIPAddress? {
        guard let address = try? SocketAddress(ipAddress: destination.host, port: Int(destination.port)) else {
            return nil
        }
        return transport.localAddress(towards: TransportDestination(destination.transport, address)).map {
            SIPAddress($0)
        }
    }

    /// The destination with its host name turned into an address, and ours towards it.
    package func resolve(_ destination: SIPDestination) -> EventLoopFuture<ResolvedDestination> {
        resolver.address(of: destination.host, port: destination.port).assumeIsolated().flatMapThrowing { address in
            var numeric = destination
            numeric.host = address.hostText
            guard let local = self.localAddress(towards: numeric) else {
                throw TransportError.noListener(TransportDestination(destination.transport, address))
            }
            return ResolvedDestination(destination: numeric, local: local)
        }.nonisolated()
    }

    // MARK: Running the endpoint

    /// "After every call that changes it, drain": the one place where the endpoint is changed.
    private func run<Value>(_ change: (inout SIPEndpoint, UInt64) -> Value) -> Value {
        eventLoop.preconditionInEventLoop()
        let value = change(&endpoint, NIODeadline.now().uptimeNanoseconds)
        while let output = endpoint.nextOutput() { outputs.append(output) }
        return value
    }

    /// A command: what comes of it is delivered when its caller has returned, and so knows the session it has started.
    private func command<Value>(_ change: (inout SIPEndpoint, UInt64) -> Value) -> Value {
        let value = run(change)
        guard !isDelivering, !isDeliveryDue else { return value }
        isDeliveryDue = true
        eventLoop.assumeIsolated().execute { self.deliver() }
        return value
    }

    /// Something that happened: what comes of it is delivered now.
    private func input(_ change: (inout SIPEndpoint, UInt64) -> Void) {
        run(change)
        deliver()
    }

    /// Outputs that come while others are delivered go behind them, so that what happened first is told first.
    private func deliver() {
        isDeliveryDue = false
        guard !isDelivering else { return }
        isDelivering = true
        var index = 0
        while index < outputs.count {
            let output = outputs[index]
            index += 1
            switch output {
            case .send(let transmission): send(transmission)
            case .event(let event): onEvent(event)
            }
        }
        outputs.removeAll(keepingCapacity: true)
        isDelivering = false
        schedule()
    }

    private func send(_ transmission: SIPTransmission) {
        guard !isClosed else { return }
        let to = transmission.destination
        if let address = try? SocketAddress(ipAddress: to.host, port: Int(to.port)) {
            return send(transmission, to: address)
        }
        resolver.address(of: to.host, port: to.port).assumeIsolated().whenComplete { result in
            switch result {
            case .success(let address): self.send(transmission, to: address)
            case .failure: self.failed(transmission, "the name \(to.host) has no address")
            }
        }
    }

    private func send(_ transmission: SIPTransmission, to address: SocketAddress) {
        let to = transmission.destination
        let destination = TransportDestination(
            to.transport, address, connection: to.connection.map { ConnectionID($0) },
            local: to.local.flatMap { try? SocketAddress(ipAddress: $0.host, port: Int($0.port)) })
        transport.send(transmission.bytes, to: destination) { [weak self] error in
            self?.failed(transmission, "\(error)")
        }
    }

    private func failed(_ transmission: SIPTransmission, _ reason: String) {
        guard let transaction = transmission.transaction, !isClosed else { return }
        input { $0.transportFailed(transaction, reason: reason, now: $1) }
    }

    private func receive(_ event: TransportEvent) {
        switch event {
        case .received(let message, let source):
            let flow = flow(source)
            input { $0.receive(message, from: flow, now: $1) }
        case .malformed(_, let error, let source):
            let flow = flow(source)
            input { $0.receiveMalformed(error, from: flow, now: $1) }
        case .closed:
            // Transactions notice when they send.
            break
        }
    }

    private func flow(_ source: MessageSource) -> SIPFlow {
        var local = source.local
        if local.isWildcard {
            let towards = TransportDestination(source.transport, source.remote)
            local = transport.localAddress(towards: towards) ?? local
        }
        return SIPFlow(
            transport: source.transport, local: SIPAddress(local), remote: SIPAddress(source.remote),
            connection: source.connection?.number)
    }

    /// One timer: moved when it would come too late, else left to fire and look again.
    private func schedule() {
        guard let next = endpoint.nextTimeout, !isClosed else { return }
        if let timer, timer.at <= next { return }
        timer?.task.cancel()
        let task = eventLoop.assumeIsolated().scheduleTask(deadline: .uptimeNanoseconds(next)) { [weak self] in
            guard let self else { return }
            self.timer = nil
            self.input { $0.handleTimeout(now: $1) }
        }
        timer = (next, task)
    }
}

/// A destination whose host is an address.
package struct ResolvedDestination: Hashable, Sendable {
    package var destination: SIPDestination
    /// Ours towards it.
    package var local: SIPAddress
}

extension SIPAddress {
    package init(_ address: SocketAddress) {
        self.init(host: address.hostText, port: UInt16(truncatingIfNeeded: address.port ?? 0))
    }
}
