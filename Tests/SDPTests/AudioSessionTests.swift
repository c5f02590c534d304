// SPDX-License-Identifier: GPL-2.0-or-later
import SDP
import Testing

@Suite("Offer and answer of an audio stream")
struct AudioSessionTests {
    static let local = LocalAudio(address: "198.51.100.7", port: 16384, codecs: [.pcma, .pcmu])

    static func offer(
        _ media: String = "m=audio 4000 RTP/AVP 0 8 101\na=rtpmap:101 telephone-event/8000\n",
        connection: String = "IN IP4 192.0.2.1"
    ) throws -> SessionDescription {
        try SessionDescription.parse(Array("v=0\no=- 9 1 IN IP4 192.0.2.1\ns=-\nc=\(connection)\nt=0 0\n\(media)".utf8))
    }

    static func answer(_ offer: SessionDescription, _ local: LocalAudio = local) throws -> AudioSession.Answer {
        var session = AudioSession(sessionID: 1)
        return try session.answer(to: offer, with: local).get()
    }

    @Test("an offer has every codec, telephone-event, ptime and direction")
    func makesOffer() {
        var session = AudioSession(sessionID: 77)
        let text = session.offer(Self.local).description
        #expect(
            text.replacing("\r\n", with: "\n") == """
                v=0
                o=- 77 1 IN IP4 198.51.100.7
                s=-
                c=IN IP4 198.51.100.7
                t=0 0
                m=audio 16384 RTP/AVP 8 0 101
                a=rtpmap:8 PCMA/8000
                a=rtpmap:0 PCMU/8000
                a=rtpmap:101 telephone-event/8000
                a=fmtp:101 0-15
                a=ptime:20
                a=sendrecv

                """)
        #expect(session.isOfferOutstanding)
    }

    @Test("the answer takes our first codec that is offered, under the offer's numbers, without needing rtpmap")
    func preference() throws {
        let answer = try Self.answer(try Self.offer())
        #expect(answer.audio.codec == .pcma)
        #expect(answer.audio.remoteAddress == "192.0.2.1" && answer.audio.remotePort == 4000)
        #expect(answer.audio.remoteRTCPPort == 4001)
        #expect(answer.audio.sendPayloadType == 8 && answer.audio.receivePayloadType == 8)
        #expect(answer.audio.sendTelephoneEvent == 101 && answer.audio.receiveTelephoneEvent == 101)
        #expect(answer.audio.direction == .sendReceive && !answer.audio.isHeldByPeer)
        #expect(answer.description.media[0].formats == ["8", "101"])
        let dynamic = try Self.answer(
            try Self.offer("m=audio 4000 RTP/AVP 98 97\na=rtpmap:98 telephone-event/8000\na=rtpmap:97 pcmu/8000\n"))
        #expect(dynamic.audio.codec == .pcmu && dynamic.audio.sendPayloadType == 97)
        #expect(dynamic.audio.sendTelephoneEvent == 98)
    }

    @Test("telephone-event is answered only when both ends have it")
    func digits() throws {
        var local = Self.local
        local.telephoneEvent = nil
        #expect(try Self.answer(try Self.offer(), local).description.media[0].formats == ["8"])
        let without = try Self.answer(try Self.offer("m=audio 4000 RTP/AVP 8\n"))
        #expect(without.audio.sendTelephoneEvent == nil)
        let wideband = "m=audio 4000 RTP/AVP 8 102\na=rtpmap:102 telephone-event/16000\n"
        #expect(try Self.answer(try Self.offer(wideband)).audio.sendTelephoneEvent == nil)
    }

    @Test("every other stream is answered in its place with port 0")
    func otherStreams() throws {
        let offer = try Self.offer(
            "m=video 5000 RTP/AVP 31\nm=audio 4000 RTP/AVP 0\nm=audio 4002 RTP/AVP 8\nm=image 6 udptl t38\n")
        let answer = try Self.answer(offer)
        #expect(answer.description.media.map(\.port) == [0, 16384, 0, 0])
        #expect(answer.description.media.map(\.media) == ["video", "audio", "audio", "image"])
        #expect(answer.description.media[3].transport == "udptl")
    }

    static let refusals: [(String, String, SDPRefusal)] = [
        ("", "IN IP4 192.0.2.1", .noAudio), ("m=video 5 RTP/AVP 31\n", "IN IP4 192.0.2.1", .noAudio),
        ("m=audio 0 RTP/AVP 8\n", "IN IP4 192.0.2.1", .noAudio),
        ("m=audio 5 RTP/AVP 18 96\n", "IN IP4 192.0.2.1", .noCommonCodec),
        ("m=audio 5 RTP/AVP 8\na=rtpmap:8 opus/48000/2\n", "IN IP4 192.0.2.1", .noCommonCodec),
        ("m=audio 5 RTP/SAVP 8\n", "IN IP4 192.0.2.1", .unsupportedTransport),
        ("m=audio 5 RTP/AVP 8\n", "IN IP4 phone.example.com", .unsupportedAddress),
        ("m=audio 5 RTP/AVP 8\n", "IN IP6 2001:db8::1", .unsupportedAddress),
        ("m=audio 5 RTP/AVP 8\n", "IN IP4 224.2.1.1/127", .unsupportedAddress),
    ]

    @Test("an offer that cannot be agreed to is refused with its Warning", arguments: refusals)
    func refusal(_ media: String, _ connection: String, _ reason: SDPRefusal) throws {
        var session = AudioSession(sessionID: 1)
        #expect(session.answer(to: try Self.offer(media, connection: connection), with: Self.local) == .failure(reason))
        #expect(session.local == nil)
        #expect((300...399).contains(reason.warningCode) && !reason.text.isEmpty)
    }

    static let directions: [(String, MediaDirection, MediaDirection, Bool)] = [
        ("sendrecv", .sendReceive, .sendReceive, false), ("sendonly", .sendReceive, .receiveOnly, true),
        ("recvonly", .sendReceive, .sendOnly, false), ("inactive", .sendReceive, .inactive, true),
        ("sendrecv", .receiveOnly, .receiveOnly, false), ("sendonly", .sendOnly, .inactive, true),
        ("recvonly", .inactive, .inactive, false),
    ]

    @Test("a direction is answered with its counterpart, within what we want", arguments: directions)
    func direction(_ offered: String, _ wanted: MediaDirection, _ answered: MediaDirection, _ held: Bool) throws {
        var session = AudioSession(sessionID: 1)
        let offer = try Self.offer("m=audio 4000 RTP/AVP 8\na=\(offered)\n")
        let answer = try session.answer(to: offer, with: Self.local, direction: wanted).get()
        #expect(answer.audio.direction == answered && answer.audio.isHeldByPeer == held)
        #expect(answer.description.media[0].direction == answered)
    }

    @Test("an address of zeros is the old way to hold")
    func oldHold() throws {
        let answer = try Self.answer(try Self.offer("m=audio 4000 RTP/AVP 8\n", connection: "IN IP4 0.0.0.0"))
        #expect(answer.audio.isHeldByPeer && answer.audio.direction == .receiveOnly)
    }

    @Test("the version goes up by one when the description changes, and only then")
    func versions() throws {
        var session = AudioSession(sessionID: 1)
        let first = try session.answer(to: try Self.offer(), with: Self.local).get().description
        let same = try session.answer(to: try Self.offer(), with: Self.local).get().description
        #expect(same == first && first.origin.version == 1)
        let hold = try Self.offer("m=audio 4000 RTP/AVP 0 8 101\na=rtpmap:101 telephone-event/8000\na=sendonly\n")
        let held = try session.answer(to: hold, with: Self.local).get().description
        #expect(held.origin.version == 2 && held.origin.sessionID == first.origin.sessionID)
        var restored = AudioSession(restoring: held)
        #expect(try restored.answer(to: hold, with: Self.local).get().description == held)
        let resumed = try restored.answer(to: try Self.offer(), with: Self.local).get().description
        #expect(resumed.origin.version == 3)
        var moved = Self.local
        moved.address = "198.51.100.8"
        let offer = restored.offer(moved)
        #expect(offer.origin.version == 4 && offer.origin.address == first.origin.address)
    }

    @Test("an offer in a session keeps every stream in its place")
    func reoffer() throws {
        var session = AudioSession(sessionID: 1)
        let offer = try Self.offer("m=video 5000 RTP/AVP 31\nm=audio 4000 RTP/AVP 0 8\n")
        _ = try session.answer(to: offer, with: Self.local).get()
        let ours = session.offer(Self.local, direction: .sendOnly)
        #expect(ours.media.map(\.port) == [0, 16384])
        let answer = try Self.offer("m=video 0 RTP/AVP 31\nm=audio 4004 RTP/AVP 8\na=recvonly\n")
        let agreed = try session.accept(answer).get()
        #expect(agreed.remotePort == 4004 && agreed.direction == .sendOnly && !agreed.isHeldByPeer)
    }

    @Test("an answer is accepted: we send under its numbers and receive under ours")
    func accepts() throws {
        var session = AudioSession(sessionID: 1)
        _ = session.offer(Self.local)
        let answer = try Self.offer(
            "m=audio 4000 RTP/AVP 110 0\na=rtpmap:110 telephone-event/8000\na=ptime:30\na=rtcp:4500\n")
        let agreed = try session.accept(answer).get()
        #expect(agreed.codec == .pcmu && agreed.sendPayloadType == 0 && agreed.receivePayloadType == 0)
        #expect(agreed.sendTelephoneEvent == 110 && agreed.receiveTelephoneEvent == 101)
        #expect(agreed.ptime == 30 && agreed.remoteRTCPPort == 4500)
        #expect(!session.isOfferOutstanding && session.remote == answer)
    }

    static let badAnswers: [(String, SDPRefusal)] = [
        ("", .noAudio), ("m=audio 0 RTP/AVP 8\n", .noAudio), ("m=audio 5 RTP/AVP 18\n", .noCommonCodec),
        ("m=video 5 RTP/AVP 8\n", .noAudio), ("m=audio 5 RTP/SAVP 8\n", .unsupportedTransport),
    ]

    @Test("an answer that cannot be agreed to is refused", arguments: badAnswers)
    func refusesAnswer(_ media: String, _ reason: SDPRefusal) throws {
        var session = AudioSession(sessionID: 1)
        #expect(session.accept(try Self.offer(media)) == .failure(.noAudio))
        _ = session.offer(Self.local)
        #expect(session.accept(try Self.offer(media)) == .failure(reason))
    }

    static let packetTimes: [(String, Int)] = [
        ("", 20), ("a=ptime:30\n", 30), ("a=ptime:25\n", 20), ("a=ptime:0\n", 20), ("a=ptime:200\n", 20),
        ("a=maxptime:10\n", 10), ("a=ptime:40\na=maxptime:30\n", 20), ("a=ptime:99999999999999999999\n", 20),
    ]

    @Test("the peer's packet time is followed when it is whole blocks and within its limit", arguments: packetTimes)
    func ptime(_ lines: String, _ wanted: Int) throws {
        #expect(try Self.answer(try Self.offer("m=audio 4000 RTP/AVP 8\n" + lines)).audio.ptime == wanted)
    }

    @Test("two sessions agree with each other over IPv6")
    func pair() throws {
        var a = AudioSession(sessionID: 1)
        var b = AudioSession(sessionID: 2)
        let left = LocalAudio(address: "2001:db8::1", port: 1000, codecs: [.pcmu, .pcma], telephoneEvent: 96)
        let right = LocalAudio(address: "2001:db8::2", port: 2000, codecs: [.pcma], telephoneEvent: 101)
        let offer = try SessionDescription.parse(a.offer(left).encoded())
        let answer = try b.answer(to: offer, with: right).get()
        let agreed = try a.accept(try SessionDescription.parse(answer.description.encoded())).get()
        #expect(agreed.codec == .pcma && answer.audio.codec == .pcma)
        #expect(agreed.remoteAddress == "2001:db8::2" && answer.audio.remoteAddress == "2001:db8::1")
        #expect(agreed.sendTelephoneEvent == 96 && answer.audio.sendTelephoneEvent == 96)
    }

    @Test("20,000 damaged offers are answered or refused, never trapped on")
    func damaged() throws {
        var state: UInt64 = 42
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let seed = Array(SessionDescriptionTests.offer.utf8)
        let pieces = [
            "99999999999", "-1", "/", ":", " ", "\n", "a=rtpmap:", "m=audio 0 RTP/AVP 0\n", "c=IN IP6 ::\n", "\0",
        ]
        var answered = 0
        for _ in 0..<20_000 {
            var bytes = seed
            for _ in 0..<(1 + next(3)) {
                let at = next(bytes.count)
                switch next(3) {
                case 0: bytes[at] = UInt8(next(256))
                case 1: bytes.removeSubrange(at..<min(bytes.count, at + next(12)))
                default: bytes.insert(contentsOf: Array(pieces[next(pieces.count)].utf8), at: at)
                }
            }
            guard let offer = try? SessionDescription.parse(bytes) else { continue }
            #expect(try SessionDescription.parse(offer.encoded()) == offer)
            var session = AudioSession(sessionID: 1)
            if case .success(let answer) = session.answer(to: offer, with: Self.local) {
                answered += 1
                #expect(try SessionDescription.parse(answer.description.encoded()) == answer.description)
            }
            _ = session.offer(Self.local)
            _ = session.accept(offer)
        }
        #expect(answered > 2000)
    }
}
