// SPDX-License-Identifier: GPL-2.0-or-later
import ISDN
import TestSupport
import Testing

@Suite("LAPD frames")
struct LAPDFrameTests {
    @Test(
        "Frames of every kind are named",
        arguments: [
            ([0x00, 0x01, 0x7F], "SABME", "P"), ([0x02, 0x01, 0x73], "UA", "F"), ([0x00, 0x01, 0x63], "UA", ""),
            ([0x02, 0x01, 0x1F], "DM", "F"), ([0x02, 0x01, 0x0F], "DM", ""), ([0x00, 0x01, 0x53], "DISC", "P"),
            ([0x02, 0x01, 0x97], "FRMR", "F"), ([0x00, 0x01, 0xAF], "XID", ""), ([0x00, 0x01, 0xBF], "XID", "P/F"),
            ([0x02, 0x01, 0x01, 0x01], "RR", "N(R) 0 P/F"), ([0x02, 0x01, 0x05, 0x0A], "RNR", "N(R) 5"),
            ([0x02, 0x01, 0x09, 0x0B], "REJ", "N(R) 5 P/F"),
            ([0x00, 0x01, 0x06, 0x09, 0x08], "I", "N(S) 3 N(R) 4 P"),
            ([0x00, 0x8D, 0x00, 0xFE], "I", "TEI 70 N(S) 0 N(R) 127"),
            ([0xFC, 0xFF, 0x03, 0x0F], "UI", "SAPI 63 TEI 127"),
        ] as [([UInt8], String, String)])
    func kinds(octets: [UInt8], title: String, detail: String) throws {
        let frame = try LAPDFrame(octets)
        #expect(frame.title == title)
        #expect(frame.detail == detail)
    }

    @Test("Address and control are read field by field")
    func fields() throws {
        let frame = try LAPDFrame([0xFE, 0x83, 0xFE, 0x03, 1, 2])
        #expect(frame.serviceAccessPoint == 63 && frame.terminalEndpoint == 65 && frame.commandResponse)
        #expect(frame.control == .information(sent: 127, received: 1, poll: true))
        #expect(frame.informationOffset == 4)
        #expect(!frame.carriesCallControl)
        #expect(try LAPDFrame([0x00, 0xFF, 0x03]).informationOffset == 3)
        #expect(try LAPDFrame([0x00, 0xFF, 0x03]).carriesCallControl)
        #expect(try !LAPDFrame([0x00, 0x01, 0x01, 0x00]).carriesCallControl)
    }

    @Test(
        "What is no frame is refused for its reason",
        arguments: [
            ([], .tooShort), ([0x00, 0x01], .tooShort), ([0x00, 0x01, 0x00], .tooShort),
            ([0x00, 0x01, 0x01], .tooShort),
            ([0x01, 0x01, 0x7F], .badAddress), ([0x00, 0x00, 0x7F], .badAddress),
            ([0x00, 0x01, 0x0D, 0x00], .unknownControl), ([0x00, 0x01, 0x11, 0x00], .unknownControl),
            ([0x00, 0x01, 0xFF], .unknownControl),
        ] as [([UInt8], LAPDFrame.Refusal)])
    func refusals(octets: [UInt8], reason: LAPDFrame.Refusal) {
        #expect(throws: reason) { try LAPDFrame(octets) }
    }

    @Test("Every frame of the corpus is one")
    func corpus() throws {
        #expect(FrameCorpus.frames.count == 13)
        for octets in FrameCorpus.frames {
            let frame = try LAPDFrame(octets)
            #expect(frame.informationOffset <= octets.count)
        }
    }

    @Test("Whatever three or four octets say, an information field never begins past the end")
    func exhaustive() {
        for control in UInt8.min...UInt8.max {
            for octets in [[0x00, 0x01, control], [0x00, 0x01, control, 0x55]] {
                guard let frame = try? LAPDFrame(octets) else { continue }
                #expect(frame.informationOffset <= octets.count)
                #expect(!frame.title.isEmpty)
            }
        }
    }
}
