// SPDX-License-Identifier: GPL-2.0-or-later
import Foundation
import SIPCore
import SIPTransport
import Testing

@Suite struct PortOwnerTests {
    /// A `/proc` with kamailio on UDP 5060 and TCP 5060, and a TCP connection of another's from port 5061.
    private func withProc(_ body: (URL) throws -> Void) throws {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent("proc-\(UUID())")
        let files = FileManager.default
        defer { try? files.removeItem(at: root) }
        for folder in ["net", "77/fd", "self"] {
            try files.createDirectory(at: root.appendingPathComponent(folder), withIntermediateDirectories: true)
        }
        let head = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
        let rest = "00000000:00000000 00:00000000 00000000"
        try (head + "    0: 00000000:13C4 00000000:0000 07 \(rest) 107 0 4711 2 0 0\n")
            .write(to: root.appendingPathComponent("net/udp"), atomically: false, encoding: .utf8)
        try (head + "    0: 0100007F:13C5 0100007F:13C4 01 \(rest) 107 0 4713 2 0 0\nnonsense\n")
            .write(to: root.appendingPathComponent("net/tcp"), atomically: false, encoding: .utf8)
        try
            (head
            + "    0: 00000000000000000000000000000000:13C4 \(String(repeating: "0", count: 32)):0000 0A \(rest) 33 0 4712 1\n")
            .write(to: root.appendingPathComponent("net/tcp6"), atomically: false, encoding: .utf8)
        try "kamailio\n".write(to: root.appendingPathComponent("77/comm"), atomically: false, encoding: .utf8)
        try files.createSymbolicLink(
            atPath: root.appendingPathComponent("77/fd/5").path, withDestinationPath: "socket:[4711]")
        try body(root)
    }

    @Test("The process that has the port is named")
    func named() throws {
        try withProc { root in
            let owner = try #require(PortOwner.find(.udp, port: 5060, root: root))
            #expect(owner.process == 77)
            #expect(owner.description == "kamailio (process 77)")
        }
    }

    @Test("A process whose files may not be read is named by its user")
    func unreadable() throws {
        try withProc { root in
            let owner = try #require(PortOwner.find(.tcp, port: 5060, root: root))
            #expect(owner.process == nil)
            #expect(owner.description == "a process of user 33")
        }
    }

    @Test("A TCP connection is not the owner of a listening port")
    func connection() throws {
        try withProc { root in
            #expect(PortOwner.find(.tcp, port: 5061, root: root) == nil)
        }
    }
}
