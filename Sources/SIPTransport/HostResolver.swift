// SPDX-License-Identifier: GPL-2.0-or-later
import NIOCore
import NIOPosix

/// Host names to addresses with the system's resolver, off the event loop, kept for a minute.
final class HostResolver {
    private struct Entry {
        var address: EventLoopFuture<SocketAddress>
        var until: NIODeadline
    }

    private let eventLoop: any EventLoop
    private var known: [String: Entry] = [:]
    private let lifetime = TimeAmount.minutes(1)
    private let maximumEntries = 1_024

    init(eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    /// On the loop. A numeric address needs no asking and is there at once.
    func address(of host: String, port: UInt16) -> EventLoopFuture<SocketAddress> {
        if let address = try? SocketAddress(ipAddress: host, port: Int(port)) {
            return eventLoop.makeSucceededFuture(address)
        }
        let now = NIODeadline.now()
        let found: EventLoopFuture<SocketAddress>
        if let entry = known[host], entry.until > now {
            found = entry.address
        } else {
            if known.count >= maximumEntries { known.removeAll() }
            found = NIOThreadPool.singleton.runIfActive(eventLoop: eventLoop) {
                try SocketAddress.makeAddressResolvingHost(host, port: 0)
            }
            known[host] = Entry(address: found, until: now + lifetime)
        }
        return found.map { address in
            var address = address
            address.port = Int(port)
            return address
        }
    }
}
