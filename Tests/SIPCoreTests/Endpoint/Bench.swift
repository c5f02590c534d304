// SPDX-License-Identifier: GPL-2.0-or-later
import SIPCore
import SIPMessages
import Testing

/// One endpoint whose peer is written by hand.
struct Bench {
    var endpoint: SIPEndpoint
    var time: UInt64 = 0
    var sent: [SIPTransmission] = []
    var events: [SIPEvent] = []
    var flow = SIPFlow(
        transport: .udp, local: SIPAddress(host: "192.0.2.2", port: 5060),
        remote: SIPAddress(host: "192.0.2.1", port: 40_000))

    init(_ configuration: SIPEndpointConfiguration = SIPEndpointConfiguration()) {
        endpoint = SIPEndpoint(configuration: configuration, generator: SeededGenerator(state: 9))
    }

    mutating func perform(_ command: (inout SIPEndpoint, UInt64) -> Void) {
        command(&endpoint, time)
        drain()
    }

    /// A message with line feeds and without its blank line.
    mutating func receive(_ text: String) {
        let bytes = Array((text.replacing("\n", with: "\r\n") + "\r\n\r\n").utf8)
        receive(bytes: bytes)
    }

    mutating func receive(bytes: [UInt8]) {
        do {
            endpoint.receive(try SIPMessage.parse(bytes), from: flow, now: time)
        } catch {
            endpoint.receiveMalformed(error, from: flow, now: time)
        }
        drain()
    }

    /// Lets time pass, timer by timer.
    mutating func wait(_ duration: UInt64) {
        let limit = time + duration
        while let next = endpoint.nextTimeout, next <= limit {
            time = max(time, next)
            endpoint.handleTimeout(now: time)
            drain()
        }
        time = limit
    }

    private mutating func drain() {
        while let output = endpoint.nextOutput() {
            switch output {
            case .send(let transmission): sent.append(transmission)
            case .event(let event): events.append(event)
            }
        }
    }

    var lines: [String] {
        sent.map { transmission in
            transmission.message.status.map { "\($0.code) \(transmission.message.method)" }
                ?? transmission.message.method.name
        }
    }

    var names: [String] { events.map { name($0) } }

    /// What was sent since the last time this was asked.
    mutating func takeLines() -> [String] {
        defer { sent = [] }
        return lines
    }

    var session: SessionID? {
        for event in events {
            if case .inviteReceived(let id, _, _) = event { return id }
        }
        return nil
    }

    static func request(
        _ method: String, to tag: String? = nil, cseq: Int = 1, branch: String = "z9hG4bKa", extra: String = ""
    ) -> String {
        """
        \(method) sip:0100@192.0.2.2 SIP/2.0
        Via: SIP/2.0/UDP 192.0.2.1:5070;branch=\(branch)
        From: <sip:alice@example.com>;tag=alice
        To: <sip:0100@192.0.2.2>\(tag.map { ";tag=" + $0 } ?? "")
        Call-ID: call-1
        CSeq: \(cseq) \(method)
        Contact: <sip:alice@192.0.2.1:5070>
        Max-Forwards: 70\(extra.isEmpty ? "" : "\n" + extra)
        """
    }
}
