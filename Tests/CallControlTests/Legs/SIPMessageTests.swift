// SPDX-License-Identifier: GPL-2.0-or-later
import CallControl
import ISDN
import SDP
import SIPMessages
import Testing

@Suite("An INVITE in the words of a call")
struct SIPMessageTests {
    private func invite(_ uri: String, _ headers: [(SIPHeaderName, String)]) throws -> SIPMessage {
        var message = SIPMessage(method: .invite, uri: try #require(SIPURI(uri)))
        for (name, value) in headers { message.append(name, value) }
        return message
    }

    @Test("the number called is the Request-URI's, international with a plus sign")
    func called() throws {
        let offer = CallOffer(
            invite: try invite("sip:+442071838750;phone-context=x@gw;user=phone", [(.from, "<sip:a@b>;tag=1")]))
        #expect(offer.called == "+442071838750")
        #expect(offer.number == PartyNumber(digits: "442071838750", type: .international))
        #expect(offer.calling == nil)
        #expect(CallOffer(invite: try invite("tel:90100", [])).number?.digits == "90100")
        let name = CallOffer(invite: try invite("sip:echo@gw", []))
        #expect(name.called == "echo" && name.number == nil)
        #expect(CallOffer(invite: try invite("sip:gw", [])).called == "")
    }

    @Test("the caller is From's, or the asserted one where there is one")
    func calling() throws {
        let plain = CallOffer(invite: try invite("sip:1@gw", [(.from, "\"Ann\" <sip:+4420@a>;tag=1")]))
        #expect(plain.calling == PartyNumber(digits: "4420", type: .international))
        #expect(plain.callingName == "Ann")
        let asserted = CallOffer(
            invite: try invite(
                "sip:1@gw", [(.from, "\"Ann\" <sip:ann@a>;tag=1"), (.pAssertedIdentity, "\"A\" <sip:200@a>")]))
        #expect(asserted.calling?.digits == "200")
        #expect(asserted.calling?.screening == .userProvidedPassed)
        #expect(asserted.callingName == "A")
    }

    @Test("a caller who wants to be private is restricted, and has no name")
    func privacy() throws {
        let hidden = CallOffer(
            invite: try invite(
                "sip:1@gw",
                [
                    (.from, "Anonymous <sip:anonymous@anonymous.invalid>;tag=1"),
                    (.pAssertedIdentity, "\"A\" <sip:200@a>"),
                    (.privacy, "id"),
                ]))
        #expect(hidden.calling?.digits == "200")
        #expect(hidden.calling?.presentation == .restricted)
        #expect(hidden.callingName == nil)
        let nobody = CallOffer(
            invite: try invite("sip:1@gw", [(.from, "Anonymous <sip:anonymous@anonymous.invalid>;tag=1")]))
        #expect(nobody.calling == nil && nobody.callingName == nil)
    }

    @Test("a body is a session description when the message says so, or says nothing")
    func body() throws {
        var message = try invite("sip:1@gw", [])
        #expect(SessionBody(of: message) == .none)
        message.setBody(Given.description().encoded(), type: .sdp)
        #expect(SessionBody(of: message) == Given.body)
        message.setBody(Array("Signal=5".utf8), type: .dtmfRelay)
        #expect(SessionBody(of: message) == .unreadable("the body is no session description"))
    }

    @Test("a reply's Reason and Warning become headers")
    func headers() {
        let reply = SIPReply(
            488, reasons: [.q850(65, "x")], warning: WarningValue(code: 305, agent: "gw", text: "no codec"))
        #expect(reply.headers.map { "\($0)" } == ["Reason: Q.850;cause=65;text=\"x\"", "Warning: 305 gw \"no codec\""])
        #expect(SIPReply(180).headers.isEmpty)
    }
}
