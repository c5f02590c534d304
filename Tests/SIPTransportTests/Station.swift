// SPDX-License-Identifier: GPL-2.0-or-later
import NIOCore
import NIOPosix
import SIPTransport

/// A transport layer on its own loop on 127.0.0.1, whose events a test takes one after another.
actor Station {
    nonisolated let loop: any EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.executor.asUnownedSerialExecutor() }
    private let layer: TransportLayer
    private var events: AsyncStream<TransportEvent>.Iterator
    private let continuation: AsyncStream<TransportEvent>.Continuation
    private var failures: AsyncStream<TransportError>.Iterator
    private let failureContinuation: AsyncStream<TransportError>.Continuation
    private(set) var captured: [CapturedMessage] = []

    init(limits: TransportLimits = TransportLimits()) {
        loop = MultiThreadedEventLoopGroup.singleton.next()
        layer = TransportLayer(eventLoop: loop, limits: limits)
        let (stream, continuation) = AsyncStream.makeStream(of: TransportEvent.self)
        events = stream.makeAsyncIterator()
        self.continuation = continuation
        let (failures, failureContinuation) = AsyncStream.makeStream(of: TransportError.self)
        self.failures = failures.makeAsyncIterator()
        self.failureContinuation = failureContinuation
    }

    func listen(_ addresses: String...) async throws -> [ListenAddress] {
        let continuation = continuation
        layer.onEvent = { continuation.yield($0) }
        layer.capture = { message in self.assumeIsolated { $0.captured.append(message) } }
        return try await layer.listen(addresses.compactMap { ListenAddress($0) }).get()
    }

    func send(_ text: String, to destination: TransportDestination, times: Int = 1) {
        let continuation = failureContinuation
        for _ in 0..<times { layer.send(Array(text.utf8), to: destination) { continuation.yield($0) } }
    }

    func next() async -> TransportEvent? {
        var iterator = events
        defer { events = iterator }
        return await iterator.next(isolation: self)
    }

    func nextFailure() async -> TransportError? {
        var iterator = failures
        defer { failures = iterator }
        return await iterator.next(isolation: self)
    }

    func localAddress(towards destination: TransportDestination) -> SocketAddress? {
        layer.localAddress(towards: destination)
    }
    func count(_ counter: TransportCounter) -> UInt64 { layer.counters[counter] }
    var connectionCount: Int { layer.connectionCount }
    func close() async throws { try await layer.close().get() }
}

/// A request as a peer sends it; with its Content-Length, as a stream needs it.
func makeRequest(_ method: String = "OPTIONS", branch: String = "z9hG4bK1", body: String = "") -> String {
    """
    \(method) sip:gateway@127.0.0.1 SIP/2.0\r
    Via: SIP/2.0/UDP 127.0.0.1:5070;branch=\(branch);rport\r
    From: <sip:caller@127.0.0.1>;tag=1\r
    To: <sip:gateway@127.0.0.1>\r
    Call-ID: \(branch)@127.0.0.1\r
    CSeq: 1 \(method)\r
    Max-Forwards: 70\r
    Content-Length: \(body.utf8.count)\r
    \r
    \(body)
    """
}
