// SPDX-License-Identifier: GPL-2.0-or-later
import SIPCore
import SIPMessages
import Testing

/// SplitMix64: the same numbers on every machine.
struct SeededGenerator: RandomNumberGenerator, Sendable {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

let millisecond: UInt64 = 1_000_000
let second: UInt64 = 1_000_000_000

/// Two endpoints, a caller and a callee, joined by a wire that delays and loses, in virtual time.
struct Pair {
    enum Side: String { case caller, callee }

    struct Datagram {
        let arrives: UInt64
        let serial: UInt64
        let to: Side
        let bytes: [UInt8]
        let source: SIPAddress
    }

    static let callerAddress = SIPAddress(host: "192.0.2.1", port: 5060)
    static let calleeAddress = SIPAddress(host: "192.0.2.2", port: 5060)

    var caller: SIPEndpoint
    var callee: SIPEndpoint
    var time: UInt64 = 0
    var latency = 10 * millisecond
    /// Per cent of datagrams that never arrive.
    var loss = 0
    /// Up to this much more delay per datagram, so that they overtake each other.
    var jitter: UInt64 = 0
    var transport = SIPTransportKind.udp
    /// What the wire does to a datagram; then it need not be SIP any more.
    var damage: (([UInt8]) -> [UInt8])?
    /// The next to arrive is the last.
    private var wire: [Datagram] = []
    var events: [(time: UInt64, side: Side, event: SIPEvent)] = []
    /// Summaries of everything sent, lost or not, with times in milliseconds.
    var ladder: [String] = []
    var sent: [(time: UInt64, side: Side, message: SIPMessage)] = []
    private var generator: SeededGenerator
    private var serial: UInt64 = 0

    init(seed: UInt64 = 1, configuration: SIPEndpointConfiguration = SIPEndpointConfiguration()) {
        generator = SeededGenerator(state: seed)
        caller = SIPEndpoint(configuration: configuration, generator: SeededGenerator(state: seed &* 31 &+ 1))
        callee = SIPEndpoint(configuration: configuration, generator: SeededGenerator(state: seed &* 37 &+ 2))
    }

    subscript(side: Side) -> SIPEndpoint {
        get { side == .caller ? caller : callee }
        set { if side == .caller { caller = newValue } else { callee = newValue } }
    }

    mutating func call(body: [UInt8] = Array("offer".utf8), headers: [SIPHeader] = []) -> SessionID {
        let target = SIPURI(user: "0100", host: Self.calleeAddress.host, port: 5060)
        let call = OutgoingInvite(
            target: target,
            destination: SIPDestination(transport: transport, host: Self.calleeAddress.host, port: 5060),
            local: Self.callerAddress, from: NameAddress(SIPURI(user: "caller", host: "example.com")), headers: headers,
            body: body)
        let id = caller.invite(call, now: time)
        flush(.caller)
        return id
    }

    /// Runs one command on one side and puts what it sends on the wire.
    mutating func perform(_ side: Side, _ command: (inout SIPEndpoint, UInt64) -> Void) {
        change(side) { command(&$0, $1) }
        flush(side)
    }

    /// In place: through the subscript the endpoint would be copied each time.
    private mutating func change<Result>(_ side: Side, _ command: (inout SIPEndpoint, UInt64) -> Result) -> Result {
        switch side {
        case .caller: command(&caller, time)
        case .callee: command(&callee, time)
        }
    }

    /// Takes the next thing that happens: a datagram or a timer. `false` when nothing is left before the limit.
    mutating func step(until limit: UInt64) -> Bool {
        let arrival = wire.last?.arrives
        let timeouts = [caller.nextTimeout, callee.nextTimeout].compactMap { $0 }
        guard let next = (timeouts + [arrival].compactMap { $0 }).min(), next <= limit else { return false }
        time = max(time, next)
        if let arrival, arrival <= time {
            while let datagram = wire.last, datagram.arrives <= time {
                wire.removeLast()
                deliver(datagram)
            }
        }
        for side in [Side.caller, .callee] {
            change(side) { $0.handleTimeout(now: $1) }
            flush(side)
        }
        return true
    }

    /// Lets everything happen for that long, answering events as the script says.
    mutating func drive(for duration: UInt64, _ script: (inout Pair, Side, SIPEvent) -> Void = { _, _, _ in }) {
        let limit = time + duration
        var seen = events.count
        repeat {
            while seen < events.count {
                let (_, side, event) = events[seen]
                seen += 1
                script(&self, side, event)
            }
        } while step(until: limit) || seen < events.count
        time = limit
    }

    /// Everything is forgotten: no session, transaction or timer is left.
    var isQuiet: Bool {
        caller.sessionCount + callee.sessionCount + caller.transactionCount + callee.transactionCount
            + caller.timerCount + callee.timerCount == 0 && wire.isEmpty
    }

    /// What is not forgotten, in words; empty when all is.
    var leftOver: String {
        isQuiet
            ? ""
            : "caller \(caller.sessionCount) \(caller.transactionCount) \(caller.timerCount), "
                + "callee \(callee.sessionCount) \(callee.transactionCount) \(callee.timerCount)\n"
                + ladder.joined(separator: "\n")
    }

    func names(_ side: Side) -> [String] {
        events.filter { $0.side == side }.map { name($0.event) }
    }

    private mutating func deliver(_ datagram: Datagram) {
        let local = datagram.to == .caller ? Self.callerAddress : Self.calleeAddress
        let flow = SIPFlow(
            transport: transport, local: local, remote: datagram.source, connection: transport.isReliable ? 7 : nil)
        do {
            let message = try SIPMessage.parse(damage?(datagram.bytes) ?? datagram.bytes)
            change(datagram.to) { $0.receive(message, from: flow, now: $1) }
        } catch {
            if damage == nil { Issue.record("we sent what we cannot read: \(error)") }
            change(datagram.to) { $0.receiveMalformed(error, from: flow, now: $1) }
        }
        flush(datagram.to)
    }

    mutating func flush(_ side: Side) {
        while let output = change(side, { endpoint, _ in endpoint.nextOutput() }) {
            switch output {
            case .event(let event): events.append((time, side, event))
            case .send(let transmission):
                sent.append((time, side, transmission.message))
                let arrow = side == .caller ? "->" : "<-"
                ladder.append("\(time / millisecond) \(arrow) \(line(transmission.message))")
                serial += 1
                guard loss == 0 || Int.random(in: 0..<100, using: &generator) >= loss else { continue }
                let late = jitter == 0 ? 0 : UInt64.random(in: 0...jitter, using: &generator)
                launch(
                    Datagram(
                        arrives: time + latency + late, serial: serial, to: side == .caller ? .callee : .caller,
                        bytes: transmission.bytes, source: side == .caller ? Self.callerAddress : Self.calleeAddress))
            }
        }
    }

    private mutating func launch(_ datagram: Datagram) {
        var low = 0
        var high = wire.count
        while low < high {
            let middle = (low + high) / 2
            if (wire[middle].arrives, wire[middle].serial) > (datagram.arrives, datagram.serial) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        wire.insert(datagram, at: low)
    }

    /// `INVITE`, `200 INVITE`.
    func line(_ message: SIPMessage) -> String {
        message.status.map { "\($0.code) \(message.method)" } ?? message.method.name
    }
}

/// The case of an event without what it carries.
func name(_ event: SIPEvent) -> String {
    switch event {
    case .inviteReceived: "inviteReceived"
    case .cancelled: "cancelled"
    case .provisional(_, let response): "provisional \(response.status?.code ?? 0)"
    case .answered: "answered"
    case .failed(_, let failure): "failed \(failure.status.code)"
    case .ackReceived: "ackReceived"
    case .ackTimedOut: "ackTimedOut"
    case .reinviteReceived: "reinviteReceived"
    case .reinviteCancelled: "reinviteCancelled"
    case .reinviteAnswered: "reinviteAnswered"
    case .reinviteFailed(_, let failure): "reinviteFailed \(failure.status.code)"
    case .byeReceived: "byeReceived"
    case .infoReceived: "infoReceived"
    case .optionsReceived: "optionsReceived"
    case .registerReceived: "registerReceived"
    case .requestAnswered(_, let response): "requestAnswered \(response.status?.code ?? 0)"
    case .requestFailed(_, let failure): "requestFailed \(failure.status.code)"
    case .ended: "ended"
    }
}
