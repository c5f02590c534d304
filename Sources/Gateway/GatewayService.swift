// SPDX-License-Identifier: GPL-2.0-or-later
import CallControl
package import GatewayConfiguration
import Glibc
import LineProtocol
package import Logging
package import NIOCore
import SIPCore
import SIPTransport

/// The gateway, running: SIP on its listeners, one line program attached, calls in between, all on one event loop.
///
///     Operations (commands, stores) ── GatewayService ── CallController ── SIPStack, LineSupervisor
///                                      you are here
package final class GatewayService: GatewayRuntime {
    private struct Parts {
        var controller: CallController
        var supervisor: LineSupervisor
    }

    private let eventLoop: any EventLoop
    private let parts: NIOLoopBound<Parts>
    private let ended: EventLoopPromise<Void>
    private let started: UInt64
    package static let version = "0.1"

    private init(eventLoop: any EventLoop, parts: NIOLoopBound<Parts>) {
        self.eventLoop = eventLoop
        self.parts = parts
        ended = eventLoop.makePromise()
        started = wallClock()
    }

    /// Listens, starts or attaches to the line program, and takes calls. Fails with `ListenError` or `LineClientError`, whose
    /// descriptions are sentences for the operator; nothing is left open then.
    ///
    /// - Parameters:
    ///   - stateDirectory: exists, and is ours.
    ///   - lastCall: the highest call number ever recorded.
    package static func start(
        _ settings: GatewaySettings, stateDirectory: String, records: any CallRecordSink, lastCall: UInt32,
        on eventLoop: any EventLoop, log: Logger
    ) async throws -> GatewayService {
        let addresses = try settings.sip.listen.map(ListenAddress.init)
        let parts = try await eventLoop.flatSubmit {
            var configuration = SIPEndpointConfiguration()
            configuration.advertisedHost = settings.sip.advertise?.description
            let stack = SIPStack(eventLoop: eventLoop, configuration: configuration)
            let controller = CallController(
                settings: settings, sip: stack, records: records, lastCall: lastCall, eventLoop: eventLoop, log: log)
            stack.onEvent = { [weak controller] event in controller?.sip(event) }
            stack.transport.capture = { [weak controller] message in controller?.ladder.sip(CapturedMessage(message)) }
            let supervisor = LineSupervisor(
                stateDirectory: stateDirectory, executable: settings.process.lineProgram, eventLoop: eventLoop,
                log: log,
                delegate: controller)
            controller.supervisor = supervisor
            let bound = NIOLoopBound(
                Parts(controller: controller, supervisor: supervisor), eventLoop: eventLoop)
            return stack.listen(addresses).flatMap { addresses in
                bound.value.controller.listening = addresses.map(\.description)
                return bound.value.supervisor.start()
            }.map { bound }.flatMapError { error in
                bound.value.supervisor.detach()
                return bound.value.controller.sip.close().flatMapThrowing { throw error }
            }
        }.get()
        return GatewayService(eventLoop: eventLoop, parts: parts)
    }

    package func run() async throws {
        try await ended.futureResult.get()
    }

    package func drain() async {
        let parts = parts
        try? await eventLoop.flatSubmit { parts.value.controller.drain() }.get()
        await stop()
    }

    /// Hangs up what is up, waits a little for the peers to answer, and closes everything, the line program too.
    package func stop() async {
        let (parts, eventLoop, ended) = (parts, eventLoop, ended)
        _ = try? await eventLoop.flatSubmit { () -> EventLoopFuture<Void> in
            let controller = parts.value.controller
            guard !controller.isStopping else { return ended.futureResult }
            controller.isStopping = true
            let limit = eventLoop.makePromise(of: Void.self)
            let late = eventLoop.scheduleTask(in: .seconds(4)) { limit.succeed() }
            controller.drain().whenComplete { _ in
                late.cancel()
                limit.succeed()
            }
            controller.hangUpAll(.operatorHangup)
            return limit.futureResult.flatMap {
                parts.value.supervisor.shutdown()
                return parts.value.controller.sip.close()
            }.always { _ in ended.succeed() }
        }.get()
    }

    private func onLoop<Value: Sendable>(_ body: @escaping @Sendable (CallController) -> Value) async -> Value? {
        let parts = parts
        return try? await eventLoop.submit { body(parts.value.controller) }.get()
    }

    // MARK: GatewayOperating

    package func status() async -> GatewayStatus {
        let (parts, started) = (parts, started)
        let now = try? await eventLoop.submit {
            (parts.value.controller.isDraining, parts.value.controller.listening, parts.value.controller.lineStatus)
        }.get()
        return GatewayStatus(
            version: Self.version, processID: getpid(), started: started, draining: now?.0 ?? true,
            listen: now?.1 ?? [],
            lineProgram: now?.2 ?? "stopped")
    }

    package func calls() async -> [CallView] { await onLoop { $0.callViews() } ?? [] }
    package func spans() async -> [SpanView] { await onLoop { $0.spans.spanViews() } ?? [] }

    package func channels() async -> [ChannelView] {
        await onLoop { controller in controller.spans.channelViews { controller.callOfLeg[$0] } } ?? []
    }

    package func counters() async -> [CounterView] { await onLoop { $0.counterViews() } ?? [] }

    package func hangup(call: UInt32) async -> Bool {
        await onLoop { controller in
            guard controller.calls[call] != nil else { return false }
            controller.step(call, .hangup(.operatorHangup))
            return true
        } ?? false
    }

    package func ladder(_ selection: LadderSelection, after: UInt64) async -> LadderPage {
        await onLoop { $0.ladder.book.page(selection, after: after) } ?? LadderPage(entries: [], omitted: 0, latest: 0)
    }

    package func capture(_ selection: LadderSelection) async -> [CapturedMessage] {
        await onLoop { $0.ladder.book.messages(selection) } ?? []
    }
}

extension ListenAddress {
    init(_ listener: SIPListener) throws {
        let address = try SocketAddress(
            ipAddress: listener.address.address.description, port: Int(listener.address.port))
        self.init(listener.transport == .udp ? .udp : .tcp, address)
    }
}

extension CapturedMessage {
    init(_ message: SIPTransport.CapturedMessage) {
        self.init(
            call: nil, time: message.wallNanoseconds, interface: .sip, name: message.transport.rawValue,
            sent: message.direction == .sent, local: message.local.text, remote: message.remote.text,
            octets: message.bytes)
    }
}
