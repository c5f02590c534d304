// SPDX-License-Identifier: GPL-2.0-or-later
import Gateway
import LineProtocol
import Testing

@Suite("Which call a Q.931 message belongs to")
struct SignallingCorrelatorTests {
    private let span = SpanID(0)

    /// An I frame with one Q.931 message; `flag` set goes to the side that chose the call reference.
    private func frame(_ type: UInt8, reference: UInt16, flag: Bool = false, slot: UInt8? = nil) -> [UInt8] {
        var octets: [UInt8] = [
            0x00, 0x01, 0x00, 0x00, 0x08, 0x02, UInt8(reference >> 8) | (flag ? 0x80 : 0), UInt8(reference & 0xFF),
            type,
        ]
        if type == 0x05 { octets += [0x04, 0x03, 0x80, 0x90, 0xA3] }
        if let slot { octets += [0x18, 0x03, 0xA9, 0x83, 0x80 | slot] }
        if type == 0x45 || type == 0x5A { octets += [0x08, 0x02, 0x80, 0x90] }
        return octets
    }

    @Test("the SETUP seen before the channel is known waits for it, in order")
    func setupFirst() {
        var correlator = SignallingCorrelator()
        #expect(correlator.frame(span, named: "a", .sent, frame(0x05, reference: 1, slot: 31), at: 1) == nil)
        #expect(correlator.frame(span, named: "a", .received, frame(0x02, reference: 1, flag: true), at: 2) == nil)
        let waited = correlator.bind(ChannelID(span: span, timeslot: 31), to: 7)
        #expect(waited.map(\.label) == ["SETUP", "CALL PROCEEDING"])
        #expect(waited.allSatisfy { $0.call == 7 })
        #expect(waited.map(\.from) == ["trunkgate", "a"])
        let connect = correlator.frame(span, named: "a", .received, frame(0x07, reference: 1, flag: true), at: 3)
        #expect(connect?.call == 7 && connect?.label == "CONNECT")
    }

    @Test("the channel known before the SETUP is seen gives it at once")
    func channelFirst() {
        var correlator = SignallingCorrelator()
        #expect(correlator.bind(ChannelID(span: span, timeslot: 3), to: 9).isEmpty)
        let setup = correlator.frame(span, named: "a", .sent, frame(0x05, reference: 4, slot: 3), at: 1)
        #expect(setup?.call == 9)
    }

    @Test("the same call reference of either side is two calls")
    func bothSidesCountFromOne() {
        var correlator = SignallingCorrelator()
        _ = correlator.bind(ChannelID(span: span, timeslot: 1), to: 1)
        _ = correlator.bind(ChannelID(span: span, timeslot: 31), to: 2)
        #expect(correlator.frame(span, named: "a", .sent, frame(0x05, reference: 1, slot: 31), at: 1)?.call == 2)
        #expect(correlator.frame(span, named: "a", .received, frame(0x05, reference: 1, slot: 1), at: 1)?.call == 1)
        #expect(correlator.frame(span, named: "a", .sent, frame(0x07, reference: 1, flag: true), at: 2)?.call == 1)
        #expect(correlator.frame(span, named: "a", .received, frame(0x07, reference: 1, flag: true), at: 2)?.call == 2)
    }

    @Test("a channel used again, with a call reference used again, is the new call")
    func reuse() {
        var correlator = SignallingCorrelator()
        for call: UInt32 in 1...3 {
            #expect(correlator.frame(span, named: "a", .sent, frame(0x05, reference: 5, slot: 9), at: 1) == nil)
            #expect(correlator.bind(ChannelID(span: span, timeslot: 9), to: call).first?.call == call)
            let complete = correlator.frame(span, named: "a", .received, frame(0x5A, reference: 5, flag: true), at: 2)
            #expect(complete?.call == call && complete?.label == "RELEASE COMPLETE")
            correlator.ended(call)
        }
    }

    @Test("RESTART, supervisory frames and noise belong to no call")
    func others() {
        var correlator = SignallingCorrelator()
        #expect(correlator.frame(span, named: "a", .sent, frame(0x46, reference: 0), at: 1) == nil)
        #expect(correlator.frame(span, named: "a", .received, [0x00, 0x01, 0x01, 0x02], at: 1) == nil)
        #expect(correlator.frame(span, named: "a", .received, [], at: 1) == nil)
        #expect(correlator.frame(span, named: "a", .received, [0x00, 0x01, 0x00, 0x00, 0x08], at: 1) == nil)
    }
}
