// SPDX-License-Identifier: GPL-2.0-or-later
import ISDN
import LineProtocol
import RTP
import Routing
import SIPMessages

/// What reading one message costs, of each protocol.
enum ValueBenchmarks {
    private struct WrongInput: Error {}

    static func run() throws {
        print("Reading and deciding")
        let octets = Array(invite.utf8)
        Report.line(
            "SIP: an INVITE of \(octets.count) octets, parsed",
            nanoseconds: try Stopwatch.cost { _ = try SIPMessage.parse(octets) })
        let message = try SIPMessage.parse(octets)
        Report.line(
            "SIP: a 180 to it, made and written",
            nanoseconds: Stopwatch.cost { _ = message.response(180, toTag: "gw").encoded() })

        let frame = header + setup
        Report.line(
            "Q.931: a SETUP of \(setup.count) octets, guarded and decoded",
            nanoseconds: try Stopwatch.cost {
                var copy = frame
                _ = Q931FrameGuard.repair(&copy)
                _ = try Q931Message(copy[LAPDFrame(copy).informationOffset...])
            })

        let packet = [0x80, 8] + [UInt8](repeating: 1, count: 170)
        Report.line(
            "RTP: a packet of 20 ms, parsed", nanoseconds: Stopwatch.cost { _ = RTPPacket.parse(packet.span) })

        let table = RouteTable(
            try (0..<200).map { Route(from: "pbx", pattern: try .prefix("0\(100 + $0)"), to: ["carrier"], strip: 1) })
        guard let number = DialledNumber(sipUser: "01501234567") else { throw WrongInput() }
        Report.line(
            "Routing: a number through 200 prefixes",
            nanoseconds: Stopwatch.cost { _ = table.route(number, from: "pbx") })

        let command = LineCommand.setup(
            LegID(epoch: 1, counter: 1),
            SetupRequest(spans: [SpanID(1)], called: PartyNumber(digits: "442071838750", type: .international)))
        Report.line(
            "Border: a setup, encoded and decoded",
            nanoseconds: try Stopwatch.cost { _ = try LineCommand(decoding: command.encoded()) })
    }

    private static let header: [UInt8] = [0x00, 0x01, 0x02, 0x02]
    private static let setup: [UInt8] = [
        0x08, 0x02, 0x04, 0x02, 0x05, 0x04, 0x03, 0x80, 0x90, 0xA3, 0x18, 0x03, 0xA9, 0x83, 0x91,
        0x6C, 0x0C, 0x21, 0x83, 0x31, 0x34, 0x31, 0x35, 0x35, 0x35, 0x35, 0x30, 0x31, 0x32,
        0x70, 0x0D, 0x91, 0x34, 0x34, 0x32, 0x30, 0x37, 0x31, 0x38, 0x33, 0x38, 0x37, 0x35, 0x30, 0xA1,
    ]

    private static let invite =
        [
            "INVITE sip:+442071838750@192.0.2.1:5060;user=phone SIP/2.0",
            "Via: SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bK776asdhds;rport",
            "Max-Forwards: 70",
            "From: \"Alice Example\" <sip:alice@192.0.2.10>;tag=1928301774",
            "To: <sip:+442071838750@192.0.2.1>",
            "Call-ID: a84b4c76e66710@192.0.2.10",
            "CSeq: 314159 INVITE",
            "Contact: <sip:alice@192.0.2.10:5060>",
            "User-Agent: a softphone/1.0",
            "Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE, INFO, REFER, NOTIFY",
            "Supported: 100rel, timer, replaces",
            "Session-Expires: 1800",
            "Content-Type: application/sdp",
            "Content-Length: \(offer.utf8.count)",
        ].joined(separator: "\r\n") + "\r\n\r\n" + offer

    private static let offer =
        [
            "v=0",
            "o=alice 2890844526 2890844526 IN IP4 192.0.2.10",
            "s=-",
            "c=IN IP4 192.0.2.10",
            "t=0 0",
            "m=audio 49172 RTP/AVP 8 0 101",
            "a=rtpmap:8 PCMA/8000",
            "a=rtpmap:0 PCMU/8000",
            "a=rtpmap:101 telephone-event/8000",
            "a=fmtp:101 0-15",
        ].joined(separator: "\r\n") + "\r\n"
}
