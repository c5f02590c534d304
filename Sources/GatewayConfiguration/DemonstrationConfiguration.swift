// SPDX-License-Identifier: GPL-2.0-or-later

/// The two files `trunkgate demo` runs on, as `demo --print-config` shows them.
package struct DemonstrationConfiguration: Hashable, Sendable {
    /// State directories of the two.
    package var gatewayState: String
    package var switchState: String
    package var sipPort: UInt16 = 5060
    /// An address of this machine to listen on besides loopback; nil: callers on this machine only.
    package var listen: String?
    /// Blocks of addresses let in besides this machine's own.
    package var allow: [String] = []
    package var gatewayWirePort: UInt16 = 61_000
    package var switchWirePort: UInt16 = 61_001

    package init(gatewayState: String, switchState: String) {
        self.gatewayState = gatewayState
        self.switchState = switchState
    }

    /// The gateway's `trunkgate.yaml`.
    package var gateway: String {
        """
        # The demonstration's gateway: phones on one side, an E1 line to the demonstration switch on the other.
        state: \(gatewayState)
        sip:
          listen: [\(listeners.map { "\"\($0)\"" }.joined(separator: ", "))]
        rtp: {ports: 16384-32767}
        spans:
          carrier-a:
            driver: pseudowire
            line: e1
            local: 127.0.0.1:\(gatewayWirePort)
            remote: 127.0.0.1:\(switchWirePort)
            switch-type: euroisdn
            role: te
            hunt: highest
        trunks:
          phones:
            register: accept
            allow: [\((["127.0.0.0/8"] + allow).map { "\"\($0)\"" }.joined(separator: ", "))]
            codecs: [pcma, pcmu]
        routes:
          - {from: phones, prefix: "", to: carrier-a}
          - {from: carrier-a, prefix: "", to: phones}
        cdr: {sqlite: cdr.db}

        """
    }

    /// The switch's file.
    package var switchSide: String {
        """
        # The demonstration's switch: the carrier's end of the same line.
        state: \(switchState)
        spans:
          subscriber:
            driver: pseudowire
            line: e1
            local: 127.0.0.1:\(switchWirePort)
            remote: 127.0.0.1:\(gatewayWirePort)
            switch-type: euroisdn
            role: nt
            hunt: lowest

        """
    }

    private var listeners: [String] {
        var hosts = ["127.0.0.1"]
        if let listen {
            let host = listen.contains(":") && !listen.hasPrefix("[") ? "[\(listen)]" : listen
            switch listen {
            case "127.0.0.1": break
            // Every address: loopback is one of them.
            case "0.0.0.0", "::", "[::]": hosts = [host]
            default: hosts.append(host)
            }
        }
        return hosts.flatMap { host in ["udp", "tcp"].map { "\($0)://\(host):\(sipPort)" } }
    }
}
