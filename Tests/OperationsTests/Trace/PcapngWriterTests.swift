// SPDX-License-Identifier: GPL-2.0-or-later
import Foundation
import Gateway
import Operations
import Testing

/// tshark is the judge; `make test` installs it.
@Suite("PcapngWriter")
struct PcapngWriterTests {
    private static let start: UInt64 = 1_795_000_000_123_456_789

    private func sip(_ text: String, sent: Bool, over transport: String, _ local: String, _ remote: String)
        -> CapturedMessage
    {
        let octets = Array(text.replacing("\n", with: "\r\n").utf8)
        return CapturedMessage(
            call: 1, time: Self.start, interface: .sip, name: transport, sent: sent, local: local, remote: remote,
            octets: octets)
    }

    private func request(over transport: String) -> String {
        """
        OPTIONS sip:gw@192.0.2.1 SIP/2.0
        Via: SIP/2.0/\(transport.uppercased()) 192.0.2.2:5062;branch=z9hG4bK1
        Max-Forwards: 70
        From: <sip:a@192.0.2.2>;tag=1
        To: <sip:gw@192.0.2.1>
        Call-ID: pcapng-test
        CSeq: 1 OPTIONS
        Content-Length: 0


        """
    }

    private func response(over transport: String) -> String {
        request(over: transport).replacing("OPTIONS sip:gw@192.0.2.1 SIP/2.0", with: "SIP/2.0 200 OK")
    }

    /// Writes the messages and returns what tshark says of each packet.
    private func tshark(_ messages: [CapturedMessage], _ arguments: [String]) throws -> [String] {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).pcapng")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(PcapngWriter.file(messages)).write(to: file)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/tshark")
        process.arguments = ["-n", "-r", file.path] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return String(decoding: data, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).map(
            String.init)
    }

    private let checks = [
        "-o", "udp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE", "-T",
        "fields",
        "-e", "_ws.malformed", "-e", "_ws.expert.message",
    ]

    @Test(
        "SIP in synthesised packets is decoded with right checksums, both ways",
        arguments: ["udp", "tcp"],
        [("192.0.2.1:5060", "192.0.2.2:5062"), ("[2001:db8::1]:5060", "[2001:db8::2]:5062")])
    func sipPackets(transport: String, ends: (String, String)) throws {
        let messages = [
            sip(request(over: transport), sent: false, over: transport, ends.0, ends.1),
            sip(response(over: transport), sent: true, over: transport, ends.0, ends.1),
            sip(request(over: transport), sent: false, over: transport, ends.0, ends.1),
        ]
        let fields = try tshark(
            messages,
            [
                "-T", "fields", "-E", "separator=|", "-e", "frame.time_epoch", "-e", "\(transport).srcport", "-e",
                "sip.Method", "-e", "sip.Status-Code", "-e", "frame.packet_flags_direction",
            ])
        #expect(
            fields.filter { !$0.isEmpty } == [
                "1795000000.123456789|5062|OPTIONS||0x00000001",
                "1795000000.123456789|5060||200|0x00000002",
                "1795000000.123456789|5062|OPTIONS||0x00000001",
            ])
        let complaints = try tshark(messages, checks).joined()
            .filter { !$0.isWhitespace }
        #expect(!complaints.contains("checksum") && !complaints.contains("Malformed"), "\(complaints)")
        let sequences = try tshark(messages, ["-Y", "tcp.analysis.flags", "-T", "fields", "-e", "frame.number"])
        #expect(sequences.joined() == "")
    }

    @Test("LAPD frames are decoded as Q.931, each with its direction, on an interface named after the span")
    func lapd() throws {
        // SABME, then an I frame with RELEASE COMPLETE, cause 16, call reference 1 of the other side.
        let release: [UInt8] = [0x02, 0x01, 0x00, 0x00, 0x08, 0x02, 0x80, 0x01, 0x5A, 0x08, 0x02, 0x80, 0x90]
        let messages = [("carrier-a", true, [0x00, 0x01, 0x7F]), ("carrier-b", false, release)].map {
            CapturedMessage(
                call: nil, time: Self.start, interface: .lapd, name: $0.0, sent: $0.1, octets: $0.2)
        }
        let fields = try tshark(
            messages,
            [
                "-T", "fields", "-E", "separator=|", "-e", "frame.interface_name", "-e", "frame.packet_flags_direction",
                "-e", "lapd.control.u_modifier_cmd", "-e", "q931.message_type", "-e", "_ws.malformed",
            ])
        #expect(
            fields.filter { !$0.isEmpty } == ["carrier-a|0x00000002|0x1b||", "carrier-b|0x00000001||0x5a|"])
    }

    @Test("A file without messages is a file that tshark reads")
    func empty() throws {
        #expect(try tshark([], ["-T", "fields", "-e", "frame.number"]) == [""])
    }

    @Test("Addresses nobody can read, mixed families and huge messages do not break the file")
    func hostile() throws {
        let huge = CapturedMessage(
            call: 1, time: .max, interface: .sip, name: "tcp", sent: true, local: "192.0.2.1:5060", remote: "[::1]:1",
            octets: [UInt8](repeating: 0x41, count: 150_000))
        var datagram = huge
        datagram.name = "udp"
        datagram.remote = "nonsense"
        datagram.local = ""
        let numbers = try tshark([huge, datagram], ["-T", "fields", "-e", "frame.len"])
        #expect(numbers.filter { !$0.isEmpty } == ["65060", "65060", "20060", "65028"])
    }
}
