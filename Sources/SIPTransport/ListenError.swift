// SPDX-License-Identifier: GPL-2.0-or-later
import Glibc
import NIOCore
import SIPCore

/// Why an address cannot be listened on.
package enum ListenError: Error, Hashable, Sendable, CustomStringConvertible {
    case inUse(ListenAddress, owner: PortOwner?)
    /// The machine has no such address.
    case noSuchAddress(ListenAddress)
    case notPermitted(ListenAddress)
    case failed(ListenAddress, String)

    init(_ error: any Error, _ address: ListenAddress) {
        guard let error = error as? IOError else {
            self = .failed(address, "\(error)")
            return
        }
        switch error.errnoCode {
        case EADDRINUSE:
            let port = UInt16(truncatingIfNeeded: address.address.port ?? 0)
            self = .inUse(address, owner: PortOwner.find(address.transport, port: port))
        case EADDRNOTAVAIL: self = .noSuchAddress(address)
        case EACCES, EPERM: self = .notPermitted(address)
        default: self = .failed(address, "\(error)")
        }
    }

    package var description: String {
        switch self {
        case .inUse(let address, let owner):
            "\(address.transport.viaName) port \(address.address.port ?? 0) (\(address)) is in use by "
                + "\(owner?.description ?? "another program"); end that program, or listen on another port"
        case .noSuchAddress(let address):
            "cannot listen on \(address): this machine has no address \(address.address.hostText); "
                + "use one that `ip address` lists, or \(address.address.isIPv6 ? "[::]" : "0.0.0.0") for all of them"
        case .notPermitted(let address):
            "cannot listen on \(address): not permitted; ports below 1024 need root or CAP_NET_BIND_SERVICE"
        case .failed(let address, let why): "cannot listen on \(address): \(why)"
        }
    }
}
