// SPDX-License-Identifier: GPL-2.0-or-later
package import Foundation
package import SIPCore

/// Who has a port of this machine, found in `/proc`.
package struct PortOwner: Hashable, Sendable, CustomStringConvertible {
    /// Nil when its files may not be read.
    package var process: Int32?
    package var command: String?
    package var userID: UInt32

    package var description: String {
        guard let process else { return "a process of user \(userID)" }
        return "\(command ?? "a process") (process \(process))"
    }

    /// The owner of a listening TCP socket or a bound UDP socket at this port, on any address.
    ///
    /// - Parameter root: the `/proc` to look in.
    package static func find(
        _ transport: SIPTransportKind, port: UInt16, root: URL = URL(fileURLWithPath: "/proc")
    ) -> PortOwner? {
        let table = transport.isReliable ? "tcp" : "udp"
        let tables = ["net/\(table)", "net/\(table)6"]
        for table in tables {
            guard let text = contents(root.appendingPathComponent(table)) else { continue }
            for line in text.split(separator: "\n").dropFirst() {
                guard let entry = Entry(line), entry.port == port else { continue }
                // Only a listener (0A) holds a TCP port against others.
                guard transport == .udp || entry.state == "0A" else { continue }
                let process = holder(ofSocket: entry.inode, root: root)
                return PortOwner(
                    process: process, command: process.flatMap { command(of: $0, root: root) }, userID: entry.userID)
            }
        }
        return nil
    }

    /// `sl local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt uid timeout inode …`
    private struct Entry {
        var port: UInt16
        var state: Substring
        var userID: UInt32
        var inode: UInt64

        init?(_ line: Substring) {
            let columns = line.split(separator: " ", omittingEmptySubsequences: true)
            guard columns.count > 9, let colon = columns[1].lastIndex(of: ":"),
                let port = UInt16(columns[1][columns[1].index(after: colon)...], radix: 16),
                let userID = UInt32(columns[7]), let inode = UInt64(columns[9])
            else { return nil }
            self.port = port
            state = columns[3]
            self.userID = userID
            self.inode = inode
        }
    }

    private static func holder(ofSocket inode: UInt64, root: URL) -> Int32? {
        let files = FileManager.default
        let wanted = "socket:[\(inode)]"
        guard let names = try? files.contentsOfDirectory(atPath: root.path) else { return nil }
        for process in names.compactMap({ Int32($0) }) {
            let folder = root.appendingPathComponent("\(process)/fd").path
            guard let descriptors = try? files.contentsOfDirectory(atPath: folder) else { continue }
            for descriptor in descriptors
            where (try? files.destinationOfSymbolicLink(atPath: "\(folder)/\(descriptor)")) == wanted {
                return process
            }
        }
        return nil
    }

    private static func command(of process: Int32, root: URL) -> String? {
        let text = contents(root.appendingPathComponent("\(process)/comm")) ?? ""
        let name = text.split(separator: "\n").first.map(String.init) ?? ""
        return name.isEmpty ? nil : name
    }

    private static func contents(_ file: URL) -> String? {
        guard let data = try? Data(contentsOf: file) else { return nil }
        return String(decoding: data, as: UTF8.self)
    }
}
