// SPDX-License-Identifier: GPL-2.0-or-later

/// Everything the transport layer counts: one table for `show counters`, the metrics and the documentation.
package enum TransportCounter: Int, Hashable, Sendable, CaseIterable {
    case messagesReceived, messagesSent, messagesMalformed, keepalives, sendFailures
    case connectionsAccepted, connectionsOpened, connectionsFailed, connectionsIdle, connectionsRefused
    case streamsMalformed, slowReaders

    package var name: String { row.name }
    package var sentence: String { row.sentence }

    private var row: (name: String, sentence: String) {
        switch self {
        case .messagesReceived: ("sip.messages.received", "SIP messages received")
        case .messagesSent: ("sip.messages.sent", "SIP messages sent")
        case .messagesMalformed:
            ("sip.messages.malformed", "datagrams and messages that are not SIP, or not well formed")
        case .keepalives: ("sip.keepalives", "empty datagrams and CRLF pings")
        case .sendFailures: ("sip.messages.unsent", "SIP messages that could not be sent")
        case .connectionsAccepted: ("sip.connections.accepted", "TCP connections accepted")
        case .connectionsOpened: ("sip.connections.opened", "TCP connections opened")
        case .connectionsFailed: ("sip.connections.failed", "TCP connections that could not be opened, or broke")
        case .connectionsIdle: ("sip.connections.idle", "TCP connections closed because nothing was said on them")
        case .connectionsRefused:
            ("sip.connections.refused", "TCP connections closed at once because too many were open")
        case .streamsMalformed:
            ("sip.streams.malformed", "TCP connections closed because their octets could not be cut into messages")
        case .slowReaders: ("sip.connections.slow", "TCP connections closed because the peer did not read")
        }
    }
}

/// The value of each `TransportCounter`.
package struct TransportCounters: Sendable, Equatable {
    private var values = [UInt64](repeating: 0, count: TransportCounter.allCases.count)

    package init() {}

    package subscript(_ counter: TransportCounter) -> UInt64 { values[counter.rawValue] }

    mutating func add(_ counter: TransportCounter) { values[counter.rawValue] &+= 1 }
}
