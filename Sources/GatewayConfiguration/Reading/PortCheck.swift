// SPDX-License-Identifier: GPL-2.0-or-later
import LineProtocol

/// Finds UDP ports that two parts of the gateway would both want.
struct PortCheck {
    struct Socket {
        var what: String
        var address: TransportAddress
        var place: Place
    }

    let problems: ProblemList

    func check(_ sockets: [Socket], rtp: RTPSettings?, rtpPlace: Place?) {
        for (index, socket) in sockets.enumerated() {
            for earlier in sockets[..<index]
            where earlier.address.port == socket.address.port && meet(earlier.address.address, socket.address.address) {
                // Two equal listeners of SIP are reported where they stand.
                if earlier.what == socket.what, earlier.address == socket.address, earlier.what == "SIP" { continue }
                problems.report(
                    socket.place,
                    "UDP port \(socket.address.port) is wanted by \(earlier.what) in line \(earlier.place.line) "
                        + "already; choose another"
                )
            }
            guard let rtp, rtp.ports.contains(socket.address.port), meet(rtp.address, socket.address.address) else {
                continue
            }
            let ports = "\(rtp.ports.lowerBound)-\(rtp.ports.upperBound)"
            let source = rtpPlace.map { "line \($0.line)" } ?? "the range used when `rtp` names none"
            problems.report(
                socket.place,
                "UDP port \(socket.address.port) is one of the RTP ports \(ports) (\(source)); choose one outside them")
        }
    }

    /// Whether sockets on both addresses would be in each other's way.
    private func meet(_ a: IPAddress, _ b: IPAddress) -> Bool {
        a == b || a == .v4(0) || b == .v4(0) || a == .v6(0, 0) || b == .v6(0, 0)
    }
}
