// SPDX-License-Identifier: GPL-2.0-or-later
package import GatewayConfiguration

/// What a demonstration runs on: folders, ports, the two configurations.
package struct DemonstrationPlan: Sendable {
    package var folder: String
    package var configuration: DemonstrationConfiguration

    package init(locator: StateLocator, sipPort: UInt16, listen: String?, allow: [String]) {
        folder = locator.demonstrationFolder
        configuration = DemonstrationConfiguration(
            gatewayState: locator.demonstrationGateway.path, switchState: locator.demonstrationSwitch.path)
        configuration.sipPort = sipPort
        configuration.listen = listen
        configuration.allow = allow
    }

    package var gateway: StateDirectory { StateDirectory(configuration.gatewayState) }
    package var demonstrationSwitch: StateDirectory { StateDirectory(configuration.switchState) }
    package var gatewayFile: String { gateway.path + "/trunkgate.yaml" }
    package var switchFile: String { demonstrationSwitch.path + "/switch.yaml" }

    /// Addresses SIP is heard on.
    package var sipHosts: [String] {
        switch configuration.listen {
        case nil, "127.0.0.1": ["127.0.0.1"]
        case "0.0.0.0", "::": [configuration.listen ?? ""]
        case .some(let host): ["127.0.0.1", host]
        }
    }

    /// Where a phone is pointed at: the address given, else this machine's own.
    package var phoneAddress: String {
        switch configuration.listen {
        case nil: "127.0.0.1"
        case "0.0.0.0", "::": "an address of this machine"
        case .some(let host): host
        }
    }

    /// The first thing that is in the way, as a sentence; nil when nothing is.
    package func complaint() -> String? {
        for host in sipHosts {
            for kind in PortProbe.Kind.allCases {
                let advice = "end that program, or use another port: trunkgate demo --sip-port 5070"
                if let complaint = PortProbe.complaint(kind, host: host, port: configuration.sipPort, advice: advice) {
                    return complaint
                }
            }
        }
        for port in [configuration.gatewayWirePort, configuration.switchWirePort] {
            let advice = "it carries the demonstration's line: end that program"
            if let complaint = PortProbe.complaint(.udp, host: "127.0.0.1", port: port, advice: advice) {
                return complaint
            }
        }
        let rtp = PortProbe.free(in: DemonstrationPlan.rtpPorts, host: "0.0.0.0")
        guard rtp.count < DemonstrationPlan.fewestRTPPorts else { return nil }
        let owner = rtp.taken.flatMap { PortProbe.owner(.udp, port: $0) } ?? "other programs"
        return "only \(rtp.count) of the UDP ports 16384-32767 are free for audio, and "
            + "\(DemonstrationPlan.fewestRTPPorts) are needed: \(owner) has port \(rtp.taken ?? 0)"
    }

    private static let rtpPorts: ClosedRange<UInt16> = 16_384...32_767
    /// Two for each channel of an E1, and some for calls that come and go.
    private static let fewestRTPPorts = 100
}
