// SPDX-License-Identifier: GPL-2.0-or-later

/// The three layers of a span, each up or down (Q.931 over Q.921 over G.703/RFC 5086).
package struct SpanState: Hashable, Sendable {
    package var layer1: Layer1State
    /// Q.921 multiple frame established.
    package var layer2Up: Bool
    /// Calls can be placed: layer 2 is up and the channels' restart is over.
    package var layer3Up: Bool

    package init(layer1: Layer1State = .lossOfSignal, layer2Up: Bool = false, layer3Up: Bool = false) {
        self.layer1 = layer1
        self.layer2Up = layer2Up
        self.layer3Up = layer3Up
    }
}

package enum Layer1State: UInt8, Hashable, Sendable, CaseIterable {
    case up
    /// Nothing comes.
    case lossOfSignal
    /// AIS: the far end of the carrying network says it lost the signal (blue).
    case alarmIndicationSignal
    /// RAI: the far end does not hear us (yellow).
    case remoteAlarm
}

package enum ChannelState: UInt8, Hashable, Sendable, CaseIterable {
    case idle
    /// A call is being set up on it.
    case settingUp
    case connected
    case clearing
    /// RESTART sent, its acknowledgement awaited.
    case restarting
    /// The span is down.
    case unavailable
}

/// What the line program remembers of one leg.
package struct LegSnapshot: Hashable, Sendable {
    package var leg: LegID
    /// Whether the line sent the SETUP.
    package var incoming: Bool
    package var channel: ChannelID?
    package var connected: Bool
    package var endpoint: EndpointID?
    package var memo: [UInt8]

    package init(
        leg: LegID, incoming: Bool, channel: ChannelID?, connected: Bool, endpoint: EndpointID?, memo: [UInt8]
    ) {
        self.leg = leg
        self.incoming = incoming
        self.channel = channel
        self.connected = connected
        self.endpoint = endpoint
        self.memo = memo
    }
}

package struct GrantedEndpoint: Hashable, Sendable {
    package var endpoint: EndpointID
    package var port: UInt16

    package init(endpoint: EndpointID, port: UInt16) {
        self.endpoint = endpoint
        self.port = port
    }
}
