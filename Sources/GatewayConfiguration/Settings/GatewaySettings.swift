// SPDX-License-Identifier: GPL-2.0-or-later
package import LineProtocol
package import Routing

/// `trunkgate.yaml`, read and checked: every name in it exists, every number is in its limits, no two things share a port.
package struct GatewaySettings: Hashable, Sendable {
    package var sip: SIPSettings
    package var rtp: RTPSettings
    /// In the file's order, which also numbers them from 1.
    package var spans: [SpanSettings]
    package var trunks: [SIPTrunk]
    package var routes: RouteTable
    /// The CDR database; a relative path counts from the state directory.
    package var callRecordDatabase: String
    package var process: ProcessSettings

    /// The trunk a SIP message from this address belongs to: the one whose block is narrowest. Nil: nobody we know.
    package func trunk(from address: IPAddress) -> SIPTrunk? {
        var best: (trunk: SIPTrunk, length: Int)?
        for trunk in trunks {
            for block in trunk.allow where block.contains(address) && block.prefixLength > best?.length ?? -1 {
                best = (trunk, block.prefixLength)
            }
        }
        return best?.trunk
    }

    package func trunk(_ name: TrunkName) -> SIPTrunk? { trunks.first { $0.name == name } }
    package func span(_ name: TrunkName) -> SpanSettings? { spans.first { $0.name == name } }
    package func span(_ id: SpanID) -> SpanSettings? { spans.first { $0.configuration.id == id } }
}

package struct SIPSettings: Hashable, Sendable {
    package var listen: [SIPListener]
    /// What peers are told instead of the address they reach us at, where a NAT stands between.
    package var advertise: IPAddress?
}

/// One socket SIP is listened on.
package struct SIPListener: Hashable, Sendable, CustomStringConvertible {
    package var transport: SIPTransportKind
    package var address: TransportAddress

    package var description: String { "\(transport.rawValue)://\(address)" }
}

package enum SIPTransportKind: String, Hashable, Sendable, CaseIterable {
    case udp
    case tcp
}

package struct RTPSettings: Hashable, Sendable {
    /// Where endpoints are bound.
    package var address: IPAddress
    package var ports: ClosedRange<UInt16>
    package var jitterMilliseconds: UInt16
}

package struct SpanSettings: Hashable, Sendable {
    package var name: TrunkName
    package var configuration: SpanConfiguration
    package var timers: CallTimers
    /// Makes national numbers of this span international, for routing.
    package var countryCode: String?
}

/// What concerns the process, not the calls; both kinds of configuration have it.
package struct ProcessSettings: Hashable, Sendable {
    /// The state directory; nil: where the contract puts it.
    package var stateDirectory: String?
    /// The `trunkgate-line` to start; nil: the one beside `trunkgate`.
    package var lineProgram: String?
    package var logLevel: LogLevel
}
