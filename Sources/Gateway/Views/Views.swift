// SPDX-License-Identifier: GPL-2.0-or-later

// What the gateway shows of itself: rows of `show` and answers of the API. Times are wall-clock nanoseconds since 1970.

package struct CallView: Sendable, Codable, Hashable {
    package var call: UInt32
    /// `setting-up`, `ringing`, `connected`, `held`, `clearing`.
    package var state: String
    package var from: String
    package var to: String
    package var caller: String
    package var called: String
    package var channel: String
    package var codec: String
    package var started: UInt64
    package var answered: UInt64?
}

package struct SpanView: Sendable, Codable, Hashable {
    package var name: String
    package var driver: String
    package var role: String
    /// `up`, or which alarm: `loss-of-signal`, `ais`, `remote-alarm`.
    package var layer1: String
    package var layer2: String
    package var layer3: String
    /// A sentence: what is down and what that means; "in service" when nothing is.
    package var summary: String
    package var channelsIdle: Int
    package var channelsBusy: Int
}

package struct ChannelView: Sendable, Codable, Hashable {
    package var span: String
    package var timeslot: Int
    package var state: String
    package var call: UInt32?
    package var since: UInt64
}

package struct CounterView: Sendable, Codable, Hashable {
    package var name: String
    package var value: UInt64
    package var sentence: String
}

/// One arrow of a ladder: a SIP message, a Q.931 message or a happening inside the gateway.
package struct LadderEntry: Sendable, Codable, Hashable {
    package enum Kind: String, Sendable, Codable {
        case sip
        case q931
        case media
        case note
    }

    package var call: UInt32?
    package var time: UInt64
    package var kind: Kind
    /// Names of the two lifelines, left to right: the SIP peer, "trunkgate", the span. A note has the same twice.
    package var from: String
    package var to: String
    /// "INVITE sip:…", "180 Ringing", "SETUP", "ALERTING".
    package var label: String
    /// A few words more: the number, the channel, the cause.
    package var detail: String
}

/// A message as it was on the wire, for the capture file.
package struct CapturedMessage: Sendable, Codable, Hashable {
    package enum Interface: String, Sendable, Codable {
        case sip
        case lapd
    }

    package var call: UInt32?
    package var time: UInt64
    package var interface: Interface
    /// Span name for LAPD; "udp" or "tcp" for SIP.
    package var name: String
    package var sent: Bool
    /// "address:port" of both ends; empty for LAPD.
    package var local: String
    package var remote: String
    package var octets: [UInt8]
}
