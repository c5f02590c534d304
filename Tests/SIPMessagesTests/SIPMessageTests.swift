// SPDX-License-Identifier: GPL-2.0-or-later
import SIPMessages
import Testing

@Suite("SIP messages")
struct SIPMessageTests {
    static func parse(_ lines: [String], body: String = "") throws -> SIPMessage {
        try SIPMessage.parse(Array((lines.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8))
    }

    static let options = [
        "OPTIONS sip:gw.example.com SIP/2.0", "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1;rport",
        "From: <sip:a@b>;tag=1",
        "To: <sip:c@d>", "Call-ID: x", "CSeq: 7 OPTIONS",
    ]

    @Test("compact names, folding and odd spacing of the torture INVITE are understood")
    func torture() throws {
        let message = try SIPMessage.parse(Corpus.message("wsinv.dat"))
        #expect(message.method == .invite)
        #expect(message.maxForwards == 68)
        #expect(message.cSeq == CSeq(9, .invite))
        #expect(message.vias.map(\.host) == ["192.0.2.2", "spindle.example.com", "192.168.255.111"])
        #expect(message.vias.map(\.branch) == ["390skdjuw", "z9hG4bK9ikj8", "z9hG4bK30239"])
        #expect(message.vias.map(\.transport) == ["UDP", "TCP", "UDP"])
        #expect(message.to.tag == "1918181833n")
        #expect(message.from.displayName == "J Rosenberg \\\"")
        #expect(message.from.tag == "98asjd8")
        #expect(message.text(named: "newfangledheader") == "newfangled value continued newfangled value")
        #expect(message.contact?.parameters["q"] == "0.33")
        #expect(message.contact?.displayName == "Quoted string \"\"")
        #expect(message.text(.subject) == "")
        #expect(message.routes.first?.uri.isLooseRouter == true)
        #expect(message.body.count == 150)
    }

    @Test("every compact name is its header field")
    func compactNames() throws {
        for name in SIPHeaderName.allCases {
            #expect(SIPHeaderName(name.text.uppercased()) == name)
            if let compact = name.compact { #expect(SIPHeaderName(String(compact)) == name) }
        }
        #expect(SIPHeaderName("X-Other") == nil && SIPHeaderName("z") == nil && SIPHeaderName("") == nil)
        let names = SIPHeaderName.allCases.compactMap(\.compact)
        #expect(Set(names).count == names.count)
    }

    @Test("a response has what RFC 3261 8.2.6 copies from the request, in order")
    func response() throws {
        var request = try Self.parse(
            Self.options + ["v: SIP/2.0/TCP [2001:db8::1]:5070;branch=b2", "Record-Route: <sip:p1;lr>, <sip:p2;lr>"])
        let response = request.response(180, toTag: "t1")
        #expect(response.status == 180 && response.reasonPhrase == "Ringing")
        #expect(response.vias == request.vias)
        #expect(response.from == request.from && response.callID == "x" && response.cSeq == request.cSeq)
        #expect(response.to.tag == "t1" && response.to.uri == request.to.uri)
        #expect(response.recordRoutes.map(\.uri.host) == ["p1", "p2"])
        #expect(response.method == .options && !response.isRequest && response.requestURI == nil)
        #expect(request.response(100, toTag: "t1").to.tag == nil)
        #expect(!request.response(404, toTag: "t1").has(.recordRoute))
        request.set(.to, "<sip:c@d>;tag=has")
        #expect(request.response(200, toTag: "t1").to.tag == "has")
        _ = try SIPMessage.parse(response.encoded())
    }

    @Test("a request is built, amended and printed")
    func build() throws {
        var request = SIPMessage(method: .invite, uri: SIPURI(user: "0100", host: "gw.example.com"))
        request.append(.via, Via(transport: "udp", host: "192.0.2.9", port: 5060, branch: "z9hG4bKx"))
        request.append(.from, NameAddress(displayName: "A \"B\"", SIPURI(user: "a", host: "b")))
        request.append(.to, NameAddress(SIPURI(user: "0100", host: "gw")))
        request.append(.callID, "c1")
        request.append(.cSeq, CSeq(1, .invite))
        request.append([SIPHeader(.reason, ReasonValue.q850(16, "Normal")), SIPHeader(named: "X-Trunk", "a")])
        request.setBody(Array("v=0\r\n".utf8), type: .sdp)
        request.prepend(.via, Via(transport: "TCP", host: "p", branch: "z9hG4bKy"))
        request.set(.callID, "c2")
        var read = try SIPMessage.parse(request.encoded())
        #expect(read == request)
        #expect(read.vias.map(\.host) == ["p", "192.0.2.9"])
        #expect(read.from.displayName == "A \"B\"")
        #expect(read.callID == "c2" && read.texts(.callID).count == 1)
        #expect(read.reasons == [.q850(16, "Normal")] && read.text(named: "x-trunk") == "a")
        #expect(read.contentType == .sdp && read.contentLength == 5 && Array(read.body) == Array("v=0\r\n".utf8))
        read.setBody([], type: .sdp)
        read.remove(named: "X-TRUNK")
        read.requestURI = SIPURI("tel:+1")
        let again = try SIPMessage.parse(read.encoded())
        #expect(again.contentType == nil && again.contentLength == 0 && again.text(named: "x-trunk") == nil)
        #expect(again.requestURI?.description == "tel:+1")
    }

    @Test("a changed first Via leaves the others as they were")
    func replaceVia() throws {
        var request = try Self.parse(Self.options + ["Via: SIP/2.0/UDP second;branch=2, SIP/2.0/UDP third;branch=3"])
        var via = request.via
        via.parameters.set("received", "198.51.100.1")
        via.parameters.set("rport", "1024")
        request.replaceFirstVia(via)
        #expect(request.vias.map(\.host) == ["192.0.2.1", "second", "third"])
        #expect(request.via.received == "198.51.100.1" && request.via.rport == 1024)
        #expect(request.via.branch == "z9hG4bK1")
    }

    @Test("no value can begin a header field of its own")
    func injection() throws {
        var request = try Self.parse(Self.options)
        request.append(.subject, "a\r\nEvil: yes")
        request.append(named: "X-A", "b\nEvil: yes")
        request.append(named: "Evil: x\r\nX", "c")
        var from = request.from
        from.displayName = "x\r\nEvil: yes"
        from.parameters.set("note", "y\r\nEvil: yes")
        request.set(.from, from)
        let read = try SIPMessage.parse(request.encoded())
        #expect(read.text(named: "Evil") == nil)
        #expect(read.headerFields.count == request.headerFields.count + 1)
        #expect(read.response(200, reason: "OK\r\nEvil: 1").encoded().split(separator: 0x0A).count == 8)
    }

    @Test("Reason, Warning, Retry-After, Privacy and identities are read as values")
    func values() throws {
        let message = try Self.parse(
            Self.options + [
                "Reason: SIP;cause=200;text=\"Call completed, elsewhere\", Q.850 ; cause=16;text=\"x\"",
                "Warning: 305 gw.example \"No, common codec\", 399 x \"y\"", "Retry-After: 120 (busy) ;duration=3",
                "Privacy: id; critical", "P-Asserted-Identity: \"A\" <sip:+1@x>, tel:+1", "Supported: 100rel, timer",
                "k: replaces", "Allow: INVITE,ACK , FOO", "Expires: 99999999999999", "Max-Forwards: 300",
                "Accept: application/sdp;level=1, text/html",
            ])
        #expect(message.reasons.map(\.cause) == [200, 16] && message.reasons[1].isQ850)
        #expect(message.reasons[0].text == "Call completed, elsewhere")
        #expect(message.warnings.map(\.code) == [305, 399] && message.warnings[0].text == "No, common codec")
        #expect(message.retryAfter == 120)
        #expect(message.privacy == ["id", "critical"])
        #expect(message.pAssertedIdentities.map(\.uri.description) == ["sip:+1@x", "tel:+1"])
        #expect(message.supported == ["100rel", "timer", "replaces"])
        #expect(message.allow == [.invite, .ack, .other("FOO")])
        #expect(message.expires == .max && message.maxForwards == 255)
        #expect(message.accept.map(\.subtype) == ["sdp", "html"])
    }

    static let names: [(String, String?, String)] = [
        ("Bell (home) & Co: 7/8 <sip:a@b>", "Bell (home) & Co: 7/8", "sip:a@b"), ("<sip:a@b>", nil, "sip:a@b"),
        ("caller<sip:a@b>;x=1", "caller", "sip:a@b"), ("sip:a@b;x=1", nil, "sip:a@b"), ("tel:+1;x", nil, "tel:+1"),
        ("a@b <sip:a@b>", "a@b", "sip:a@b"), ("\"q, \\\"r\\\"\" <sip:a@b>", "q, \"r\"", "sip:a@b"),
        ("Jürgen <sip:a@b>", "Jürgen", "sip:a@b"), ("\"\" <sip:a@b>", "", "sip:a@b"),
    ]

    @Test("display names are read however phones write them", arguments: names)
    func displayNames(_ text: String, _ displayName: String?, _ uri: String) throws {
        let address = try #require(NameAddress(text))
        #expect(address.displayName == displayName && address.uri.description == uri)
        #expect(NameAddress(address.description) == address)
    }

    @Test(
        "an address that could be read two ways is refused",
        arguments: [
            "Bell, A <sip:a@b>", "\"open <sip:a@b>", "<sip:a@b", "sip:a@b>", "a\u{1} <sip:a@b>", "", "x", "< sip:a@b>",
        ])
    func badNames(_ text: String) { #expect(NameAddress(text) == nil) }

    static let faults: [(String, SIPParseError.Reason, String?)] = [
        ("Via: SIP/2.0/UDP", .malformedHeaderField, "Via"), ("Via: SIP/2.0/UDP h;;", .malformedHeaderField, "Via"),
        ("Contact: *, <sip:a@b>", .malformedHeaderField, "Contact"), ("Contact:", .malformedHeaderField, "Contact"),
        ("CSeq: 8 OPTIONS", .repeatedHeaderField, "CSeq"), ("i: y", .repeatedHeaderField, "Call-ID"),
        ("Content-Length: 5", .truncatedBody, "Content-Length"),
        ("l: 99999999999999999999", .malformedHeaderField, "Content-Length"),
        ("Max-Forwards: many", .malformedHeaderField, "Max-Forwards"), ("No colon", .malformedHeaderSection, nil),
        ("Bad name: x", .malformedHeaderSection, nil), (": x", .malformedHeaderSection, nil),
        ("X: bare\rreturn", .malformedHeaderSection, nil), ("X: bare\nfeed", .malformedHeaderSection, nil),
        ("Route: <sip:a", .malformedHeaderField, "Route"), ("c: sdp", .malformedHeaderField, "Content-Type"),
    ]

    @Test("a fault names its header field", arguments: faults)
    func fault(_ line: String, _ reason: SIPParseError.Reason, _ header: String?) throws {
        let error = try #require(throws: SIPParseError.self) { try Self.parse(Self.options + [line]) }
        #expect(error.reason == reason && error.header == header && error.status == 400)
        let answer = try #require(error.salvaged).response(400, reason: error.description, toTag: "t")
        #expect(answer.callID == "x")
    }

    @Test("what is not SIP has nothing to answer", arguments: ["", "\r\n", "GET / HTTP/1.1\r\n\r\n", "\0\0", "INVITE"])
    func notSIP(_ text: String) throws {
        let error = try #require(throws: SIPParseError.self) { try SIPMessage.parse(Array(text.utf8)) }
        #expect(error.reason == .notSIP && error.salvaged == nil && error.status == nil)
    }

    @Test("too many header fields are refused")
    func tooMany() throws {
        let lines = Self.options + Array(repeating: "X: y", count: SIPMessage.maximumHeaderFields)
        let error = try #require(throws: SIPParseError.self) { try Self.parse(lines) }
        #expect(error.reason == .tooManyHeaderFields)
    }

    @Test("every status code has a phrase and its class")
    func statuses() {
        for code in 100...699 { #expect(!SIPStatus(code).reasonPhrase.isEmpty) }
        #expect(SIPStatus(491).description == "491 Request Pending" && SIPStatus(499).reasonPhrase == "Bad Request")
        #expect(SIPStatus(183).isProvisional && SIPStatus(204).isSuccess && SIPStatus(404).isFinal)
    }

    @Test("parameters are found, set and removed without regard to case")
    func parameters() {
        var parameters = SIPParameters([("lr", nil), ("Q", "0.5"), ("text", "a;b \"c\"")])
        #expect(parameters.text == ";lr;Q=0.5;text=\"a;b \\\"c\\\"\"")
        #expect(parameters["LR"] == "" && parameters["q"] == "0.5" && parameters["text"] == "a;b \"c\"")
        #expect(parameters["none"] == nil && !parameters.contains("none"))
        parameters.set("q", "1")
        parameters.remove("lr")
        #expect(parameters.pairs.map(\.name) == ["q", "text"])
        #expect(parameters.text.hasPrefix(";q=1;text="))
    }
}
