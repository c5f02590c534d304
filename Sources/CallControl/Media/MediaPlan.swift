// SPDX-License-Identifier: GPL-2.0-or-later
import LineProtocol

/// What a call has opened in the line program, and what must be closed again; says each thing once.
///
/// A bridge waits until the endpoints at its ends are open, so the order in which answer and audio come does not matter.
struct MediaPlan: Hashable, Sendable {
    private(set) var originating: MediaPort?
    private(set) var terminating: MediaPort?
    /// Every endpoint given to this call; nil: not opened yet.
    private(set) var endpoints: [EndpointID: EndpointParameters?] = [:]
    private var wanted: BridgeDirection?
    private var bridged: BridgeDirection?

    init() {}

    /// A call that was up: its endpoint is open and its ports are bridged.
    init(restoring originating: MediaPort, _ terminating: MediaPort, _ endpoints: [EndpointID: EndpointParameters?]) {
        self.originating = originating
        self.terminating = terminating
        self.endpoints = endpoints
        wanted = .both
        bridged = .both
    }

    mutating func setOriginating(_ port: MediaPort) {
        originating = port
        hold(port)
    }

    mutating func setTerminating(_ port: MediaPort) {
        terminating = port
        hold(port)
    }

    mutating func open(_ endpoint: EndpointID, _ parameters: EndpointParameters) -> [LineCommand] {
        guard let known = endpoints[endpoint], known != parameters else { return [] }
        endpoints[endpoint] = parameters
        return [.open(endpoint, parameters)] + bridgeIfReady()
    }

    /// The originating port is the bridge's first.
    mutating func bridge(_ direction: BridgeDirection) -> [LineCommand] {
        wanted = direction
        return bridgeIfReady()
    }

    /// The call is being released: nothing more is sent to a peer that may be gone. The endpoints stay open, and bridged,
    /// so that the line program's last report on the leg has all their counts.
    mutating func quiet() -> [LineCommand] {
        var commands: [LineCommand] = []
        for endpoint in endpoints.keys.sorted() {
            guard case .some(.some(var parameters)) = endpoints[endpoint], parameters.sending || parameters.receiving
            else { continue }
            parameters.sending = false
            parameters.receiving = false
            endpoints[endpoint] = parameters
            commands.append(.open(endpoint, parameters))
        }
        return commands
    }

    /// Gives everything back, endpoints that were never opened too.
    mutating func close() -> [LineCommand] {
        var commands: [LineCommand] = []
        if bridged != nil, let originating { commands.append(.unbridge(originating)) }
        commands += endpoints.keys.sorted().map { .close($0) }
        self = MediaPlan()
        return commands
    }

    private mutating func hold(_ port: MediaPort) {
        if case .endpoint(let endpoint) = port { endpoints[endpoint] = .some(nil) }
    }

    private mutating func bridgeIfReady() -> [LineCommand] {
        guard let wanted, wanted != bridged, let originating, let terminating, isReady(originating),
            isReady(terminating)
        else { return [] }
        bridged = wanted
        return [.bridge(originating, terminating, wanted)]
    }

    private func isReady(_ port: MediaPort) -> Bool {
        switch port {
        case .channel: true
        case .endpoint(let endpoint): (endpoints[endpoint] ?? nil) != nil
        }
    }
}
