// SPDX-License-Identifier: GPL-2.0-or-later
import ISDN
import LineProtocol

/// Two line programs over a pseudowire: ours the user side, theirs the network side.
struct LinePair {
    let ours: LineProcess
    let theirs: LineProcess
    var te: LineDriver
    let nt: LineDriver
    let span = SpanID(1)

    init() throws {
        ours = try LineProcess()
        theirs = try LineProcess()
        te = try LineDriver.attached(ours.directory, epoch: 1)
        nt = try LineDriver.attached(theirs.directory, epoch: 1)
        let ports = try UDPSocket.freePorts(2)
        try te.send(.configure(Self.span(ports[0], ports[1], .te, .lowest)))
        try nt.send(.configure(Self.span(ports[1], ports[0], .nt, .highest)))
        for side in [te, nt] {
            try side.send(.rtp(bind: .v4(0x7F00_0001), firstPort: 40_000, lastPort: 59_999), .wantEndpoints(2))
            try side.wait("layer 3", seconds: 60) { event in
                if case .spanState(_, let state) = event, state.layer3Up { () } else { nil }
            }
        }
    }

    static func span(
        _ local: UInt16, _ remote: UInt16, _ role: InterfaceRole, _ hunt: HuntOrder
    ) -> SpanConfiguration {
        SpanConfiguration(
            id: SpanID(1), name: "\(role)",
            driver: .pseudowire(
                PseudowireConfiguration(
                    local: TransportAddress(.v4(0x7F00_0001), port: local),
                    remote: TransportAddress(.v4(0x7F00_0001), port: remote))),
            role: role, hunt: hunt)
    }

    /// The first endpoint granted so far.
    static func granted(_ side: LineDriver) throws -> GrantedEndpoint {
        for event in side.heard {
            if case .granted(let endpoints) = event.event, let first = endpoints.first { return first }
        }
        return try side.wait("an endpoint") { if case .granted(let all) = $0 { all.first } else { nil } }
    }
}
