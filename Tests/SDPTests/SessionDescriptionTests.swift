// SPDX-License-Identifier: GPL-2.0-or-later
import SDP
import Testing

@Suite("Session descriptions")
struct SessionDescriptionTests {
    static let offer = """
        v=0
        o=alice 2890844526 2890844526 IN IP4 192.0.2.1
        s=-
        c=IN IP4 192.0.2.1
        t=0 0
        m=audio 49170 RTP/AVP 0 8 97 101
        a=rtpmap:97 iLBC/8000
        a=rtpmap:101 telephone-event/8000
        a=fmtp:101 0-16
        a=ptime:20
        a=maxptime:40
        a=sendonly
        m=video 51372 RTP/AVP 31
        c=IN IP4 192.0.2.2
        a=rtpmap:31 H261/90000

        """

    static func parse(_ text: String) throws -> SessionDescription {
        try SessionDescription.parse(Array(text.utf8))
    }

    @Test("a description is read, with LF or CRLF, and printed with CRLF")
    func roundTrip() throws {
        let crlf = Self.offer.replacing("\n", with: "\r\n")
        let description = try Self.parse(Self.offer)
        #expect(try Self.parse(crlf) == description)
        #expect(description.description == crlf)
        #expect(try SessionDescription.parse(description.encoded()) == description)
    }

    @Test("streams are given with their formats, address and direction")
    func parts() throws {
        let description = try Self.parse(Self.offer)
        let audio = description.media[0]
        #expect(audio.payloadFormats.map(\.encoding) == ["PCMU", "PCMA", "iLBC", "telephone-event"])
        #expect(audio.payloadFormats[3].parameters == "0-16" && audio.payloadFormats[3].isTelephoneEvent)
        #expect(audio.ptime == 20 && audio.maxptime == 40)
        #expect(description.direction(of: audio) == .sendOnly)
        #expect(description.address(of: audio)?.text == "192.0.2.1")
        #expect(description.address(of: description.media[1])?.text == "192.0.2.2")
        #expect(description.direction(of: description.media[1]) == .sendReceive)
    }

    @Test("a direction of the session holds for streams that have none")
    func sessionDirection() throws {
        let description = try Self.parse(
            "v=0\no=- 1 1 IN IP6 ::1\ns=-\nc=IN IP6 2001:db8::1\nt=0 0\na=inactive\nm=audio 4 RTP/AVP 0\nm=audio 6 RTP/AVP 0\na=recvonly\n"
        )
        #expect(description.direction(of: description.media[0]) == .inactive)
        #expect(description.direction(of: description.media[1]) == .receiveOnly)
        #expect(description.connection == SDPAddress(family: .ip6, text: "2001:db8::1"))
    }

    @Test("stray spaces, and spaces in the user name, do no harm")
    func spaces() throws {
        let description = try Self.parse(
            "v=0\no=John  Doe 7 8 IN IP4 192.0.2.1\ns= \nc=IN IP4  192.0.2.1 \nt=0 0\nm=audio  4 RTP/AVP  96 \n"
                + "a=rtpmap:96  PCMA/8000 \na=sendonly \n")
        #expect(description.origin.username == "John_Doe" && description.origin.sessionID == "7")
        #expect(description.media[0].payloadFormats.map(\.encoding) == ["PCMA"])
        #expect(description.direction(of: description.media[0]) == .sendOnly)
        #expect(description.connection?.text == "192.0.2.1")
        #expect(try SessionDescription.parse(description.encoded()) == description)
    }

    static let faults: [(String, SDPParseError.Reason, Int)] = [
        ("", .missingOrigin, 1), ("o=- 1 1 IN IP4 h\n", .unsupportedVersion, 1), ("v=1\n", .unsupportedVersion, 1),
        ("v=0\ns=-\n", .missingOrigin, 1), ("v=0\no=- 1 1 IN IP5 h\n", .malformedOrigin, 2),
        ("v=0\no=- 1 x IN IP4 h\n", .malformedOrigin, 2), ("v=0\nx\n", .malformedLine, 2),
        ("v=0\no=- 1 1 IN IP4 h\nc=IN IP4\n", .malformedConnection, 3),
        ("v=0\no=- 1 1 IN IP4 h\nm=audio 65536 RTP/AVP 0\n", .malformedMedia, 3),
        ("v=0\no=- 1 1 IN IP4 h\nm=audio 1 RTP/AVP\n", .malformedMedia, 3),
        ("v=0\no=- 1 1 IN IP4 h\nm=audio -1 RTP/AVP 0\n", .malformedMedia, 3),
        ("v=0\no=- 1 1 IN IP4 h\n" + String(repeating: "m=audio 1 RTP/AVP 0\n", count: 33), .tooManyMedia, 35),
        ("v=0\n" + String(repeating: "a=x\n", count: 3000), .tooLong, 2001),
    ]

    @Test("a fault names its line", arguments: faults)
    func fault(_ text: String, _ reason: SDPParseError.Reason, _ line: Int) throws {
        let error = try #require(throws: SDPParseError.self) { try Self.parse(text) }
        #expect(error == SDPParseError(reason, line: line))
    }

    @Test("octets that are not UTF-8 are refused")
    func notUTF8() {
        #expect(throws: SDPParseError(.notUTF8, line: 1)) { try SessionDescription.parse([0x76, 0xFF, 0xFE]) }
    }

    static let addresses: [(String, Bool)] = [
        ("192.0.2.1", true), ("0.0.0.0", true), ("224.2.1.1", false), ("224.2.1.1/127", false), ("1.2.3", false),
        ("1.2.3.256", false), ("1.2.3.4.5", false), ("host.example.com", false), ("::1", true), ("::", true),
        ("2001:db8::10", true), ("::ffff:192.0.2.1", true), ("1:2:3:4:5:6:7:8", true), ("1:2:3:4:5:6:7", false),
        ("1::2::3", false), ("1:2:3:4:5:6:7:8:9", false), ("12345::", false), ("ff02::1", false), ("::g", false),
        ("::1.2.3", false), (":::", false), ("+1::", false), ("", false),
    ]

    @Test("only literal unicast addresses are ones to send to", arguments: addresses)
    func address(_ text: String, _ isUsable: Bool) {
        #expect(SDPAddress(text).isUnicastLiteral == isUsable)
    }
}
