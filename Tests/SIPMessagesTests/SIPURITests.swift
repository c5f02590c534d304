// SPDX-License-Identifier: GPL-2.0-or-later
import SIPMessages
import Testing

@Suite("SIP URIs")
struct SIPURITests {
    @Test(
        "a URI is read and printed as it was",
        arguments: [
            "sip:alice@atlanta.com", "sip:alice:secretword@atlanta.com;transport=tcp",
            "sips:alice@atlanta.com?subject=project%20x&priority=urgent",
            "sip:+1-212-555-1212:1234@gateway.com;user=phone", "sips:1212@gateway.com",
            "sip:atlanta.com;method=REGISTER",
            "sip:alice;day=tuesday@atlanta.com", "sip:[2001:db8::10]:5070;transport=udp", "sip:user@[::1]",
            "tel:+442071838750;phone-context=example.com", "sip:sips%3Auser%40example.com@example.net",
            "isbn:2983792873", "sip:192.0.2.1:65535",
        ])
    func roundTrip(_ text: String) throws {
        let uri = try #require(SIPURI(text))
        #expect(uri.description == text)
    }

    @Test(
        "what is no URI is refused",
        arguments: [
            "", "sip:", "sip", ":", "sip:@host", "sip:a@b@c", "sip:host:65536", "sip:host:", "sip:host:port",
            "sip:2001:db8::10", "sip:[2001:db8::10", "sip:[]", "sip:[1234]", "sip:us er@host", "sip:a%4@host",
            "sip:a%zz@host", "<sip:a@b>", "1sip:a@b", "sip:host/path", "tel:", "sip:a@host\r\nX: y",
        ])
    func refused(_ text: String) { #expect(SIPURI(text) == nil) }

    @Test("the parts of a URI are given decoded and without brackets")
    func parts() throws {
        let uri = try #require(SIPURI("SIP:%61lice;npdi:pa%3As@[2001:DB8::1]:5062;lr;Transport=TCP?a=b"))
        #expect(uri.scheme == .sip)
        #expect(uri.user == "alice;npdi")
        #expect(uri.subscriber == "alice")
        #expect(uri.escapedPassword == "pa%3As")
        #expect(uri.host == "2001:DB8::1")
        #expect(uri.port == 5062)
        #expect(uri.isLooseRouter)
        #expect(uri.parameters["transport"] == "TCP")
        #expect(uri.headers == "a=b")
        let tel = try #require(SIPURI("tel:+1-201-555-0123;ext=7"))
        #expect(tel.subscriber == "+1-201-555-0123" && tel.parameters["ext"] == "7" && tel.host == "")
    }

    @Test("a user set as text is escaped")
    func escaping() throws {
        var uri = SIPURI(user: "a b@c:d%\r\n", host: "h")
        #expect(uri.description == "sip:a%20b%40c%3Ad%25%0D%0A@h")
        #expect(SIPURI(uri.description)?.user == "a b@c:d%\r\n")
        uri.user = "+44"
        #expect(uri.description == "sip:+44@h")
        #expect(SIPURI(user: "x", host: "::1", port: 5).description == "sip:x@[::1]:5")
    }

    static let equivalent: [(String, String)] = [
        ("sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtLanTa.CoM;Transport=tcp"),
        ("sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5"),
        ("sip:carol@chicago.com;security=on", "sip:carol@chicago.com;newparam=5"),
        (
            "sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com",
            "sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com"
        ),
        (
            "sip:alice@atlanta.com?subject=project%20x&priority=urgent",
            "sip:alice@atlanta.com?priority=urgent&subject=project%20x"
        ),
    ]

    static let different: [(String, String)] = [
        ("SIP:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtLanTa.CoM;Transport=UDP"),
        ("sip:bob@biloxi.com", "sip:bob@biloxi.com:5060"),
        ("sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp"),
        ("sip:bob@biloxi.com", "sip:bob@biloxi.com:6000;transport=tcp"),
        ("sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting"),
        ("sip:bob@phone21.boxesbybob.com", "sip:bob@192.0.2.4"),
        ("sip:carol@chicago.com;security=on", "sip:carol@chicago.com;security=off"),
        ("sip:a@b", "sips:a@b"), ("sip:a@b", "sip:b"), ("sip:a:x@b", "sip:a@b"), ("sip:a%3Bb@h", "sip:a;b@h"),
    ]

    @Test("the equivalent URIs of RFC 3261 19.1.4 are equivalent, both ways", arguments: equivalent)
    func equivalence(_ a: String, _ b: String) throws {
        let (x, y) = (try #require(SIPURI(a)), try #require(SIPURI(b)))
        #expect(x.isEquivalent(to: y) && y.isEquivalent(to: x))
    }

    @Test("the different URIs of RFC 3261 19.1.4 are different, both ways", arguments: different)
    func difference(_ a: String, _ b: String) throws {
        let (x, y) = (try #require(SIPURI(a)), try #require(SIPURI(b)))
        #expect(!x.isEquivalent(to: y) && !y.isEquivalent(to: x))
        #expect(x.isEquivalent(to: x) && y.isEquivalent(to: y))
    }
}
