// SPDX-License-Identifier: GPL-2.0-or-later
import SIPCore
import SIPMessages
import Testing

@Suite("Dialogs")
struct DialogTests {
    static func message(_ text: String) throws -> SIPMessage {
        try SIPMessage.parse(Array((text.replacing("\n", with: "\r\n") + "\r\n\r\n").utf8))
    }

    static let invite = """
        INVITE sip:bob@biloxi.example SIP/2.0
        Via: SIP/2.0/UDP pc33.example;branch=z9hG4bK776
        From: Alice <sip:alice@atlanta.example>;tag=1928
        To: Bob <sip:bob@biloxi.example>
        Call-ID: a84b
        CSeq: 314159 INVITE
        Record-Route: <sip:p2.example;lr>, <sip:p1.example;lr;x=1>
        Contact: <sip:alice@pc33.example:5080;transport=tcp>
        """

    static let ok = """
        SIP/2.0 200 OK
        Via: SIP/2.0/UDP pc33.example;branch=z9hG4bK776
        From: Alice <sip:alice@atlanta.example>;tag=1928
        To: Bob <sip:bob@biloxi.example>;tag=a6c8
        Call-ID: a84b
        CSeq: 314159 INVITE
        Record-Route: <sip:p2.example;lr>
        Record-Route: <sip:p1.example;lr>
        Contact: <sip:bob@192.0.2.4>
        """

    static func uas() throws -> Dialog {
        Dialog(answering: try message(invite), localTag: "a6c8", isConfirmed: true)
    }

    static func uac() throws -> Dialog { Dialog(request: try message(invite), response: try message(ok)) }

    @Test("the UAS takes the route set in order and the Contact as target (12.1.1)")
    func answering() throws {
        let dialog = try Self.uas()
        #expect(dialog.id == Dialog.ID(callID: "a84b", localTag: "a6c8", remoteTag: "1928"))
        #expect(dialog.routeSet.map(\.uri.host) == ["p2.example", "p1.example"])
        #expect(dialog.remoteTarget.description == "sip:alice@pc33.example:5080;transport=tcp")
        #expect(dialog.remoteSequence == 314159 && dialog.localSequence == nil)
        #expect(dialog.remote.displayName == "Alice" && dialog.remote.tag == nil && dialog.local.displayName == "Bob")
    }

    @Test("the UAC takes the route set in reverse order (12.1.2)")
    func calling() throws {
        let dialog = try Self.uac()
        #expect(dialog.id == Dialog.ID(callID: "a84b", localTag: "1928", remoteTag: "a6c8"))
        #expect(dialog.routeSet.map(\.uri.host) == ["p1.example", "p2.example"])
        #expect(dialog.remoteTarget.description == "sip:bob@192.0.2.4")
        #expect(dialog.localSequence == 314159 && dialog.remoteSequence == nil && dialog.isConfirmed)
        let early = Dialog(
            request: try Self.message(Self.invite),
            response: try Self.message(Self.ok.replacing("200 OK", with: "180 Ringing")))
        #expect(!early.isConfirmed)
    }

    @Test("a request in the dialog goes to the target by the loose routes, with the next number (12.2.1.1)")
    func request() throws {
        var dialog = try Self.uac()
        let bye = dialog.makeRequest(.bye)
        #expect(bye.requestURI?.description == "sip:bob@192.0.2.4")
        #expect(bye.routes.map(\.uri.host) == ["p1.example", "p2.example"])
        #expect(bye.from.tag == "1928" && bye.to.tag == "a6c8" && bye.callID == "a84b")
        #expect(bye.cSeq == CSeq(314160, .bye))
        #expect(dialog.nextHop.host == "p1.example")
        #expect(dialog.makeRequest(.invite).cSeq.number == 314161)
        #expect(dialog.makeAcknowledgement(number: 314159).cSeq == CSeq(314159, .ack))
        var other = try Self.uas()
        #expect(other.makeRequest(.bye).cSeq.number == 1)
        #expect(other.makeRequest(.bye).from.tag == "a6c8")
    }

    @Test("before a strict router the target goes last into the routes")
    func strict() throws {
        let invite = Self.invite.replacing("p2.example;lr", with: "p2.example;method=INVITE")
        var dialog = Dialog(answering: try Self.message(invite), localTag: "t", isConfirmed: true)
        let bye = dialog.makeRequest(.bye)
        #expect(bye.requestURI?.description == "sip:p2.example")
        #expect(
            bye.routes.map(\.uri.description) == [
                "sip:p1.example;lr;x=1", "sip:alice@pc33.example:5080;transport=tcp",
            ])
    }

    @Test("a lower number is out of order; a re-INVITE moves the target")
    func order() throws {
        var dialog = try Self.uas()
        func next(_ number: Int, _ method: String, contact: String) throws -> SIPMessage {
            try Self.message(
                Self.invite.replacing("314159 INVITE", with: "\(number) \(method)")
                    .replacing("INVITE sip:", with: "\(method) sip:").replacing(
                        "alice@pc33.example:5080", with: contact))
        }
        #expect(dialog.receive(try next(314158, "INFO", contact: "x.example")) == .outOfOrder)
        #expect(dialog.receive(try next(314170, "INFO", contact: "x.example")) == .inOrder)
        #expect(dialog.remoteTarget.host == "pc33.example")
        #expect(dialog.receive(try next(314169, "INVITE", contact: "y.example")) == .outOfOrder)
        #expect(dialog.remoteTarget.host == "pc33.example")
        #expect(dialog.receive(try next(314171, "INVITE", contact: "y.example")) == .inOrder)
        #expect(dialog.remoteTarget.host == "y.example")
    }

    @Test("a peer of RFC 2543 has neither tag nor Contact")
    func old() throws {
        let invite = Self.invite.replacing(";tag=1928", with: "")
            .replacing("\nContact: <sip:alice@pc33.example:5080;transport=tcp>", with: "")
        var dialog = Dialog(answering: try Self.message(invite), localTag: "t", isConfirmed: true)
        #expect(dialog.id.remoteTag == "")
        let bye = dialog.makeRequest(.bye)
        #expect(bye.to.tag == nil && bye.requestURI?.description == "sip:alice@atlanta.example")
    }
}
