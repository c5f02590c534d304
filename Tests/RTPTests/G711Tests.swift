// SPDX-License-Identifier: GPL-2.0-or-later
import CSpanDSP
import RTP
import Testing

@Suite("G.711")
struct G711Tests {
    @Test("Every A-law octet decodes as table 1 of G.711 says, and encodes back to itself")
    func aLawDecodes() {
        for octet in UInt8.min...UInt8.max {
            #expect(ALaw.decode(octet) == alaw_to_linear(octet))
            #expect(ALaw.encode(ALaw.decode(octet)) == octet)
        }
        #expect(ALaw.decode(ALaw.idle) == 8)
        #expect(ALaw.decode(0xAA) == 32_256)
        #expect(ALaw.decode(0x2A) == -32_256)
    }

    @Test(
        "Every µ-law octet decodes as table 2 of G.711 says, and encodes back to itself or, for negative zero, to zero")
    func muLawDecodes() {
        for octet in UInt8.min...UInt8.max {
            #expect(MuLaw.decode(octet) == ulaw_to_linear(octet))
            #expect(MuLaw.encode(MuLaw.decode(octet)) == (octet == 0x7F ? 0xFF : octet))
        }
        #expect(MuLaw.decode(MuLaw.idle) == 0)
        #expect(MuLaw.decode(0x80) == 32_124)
        #expect(MuLaw.decode(0x00) == -32_124)
    }

    @Test("Every sample encodes to the octet of its interval: none decodes nearer, and the laws are monotonic")
    func encoding() {
        var lastALaw = Int16.min
        var lastMuLaw = Int16.min
        for sample in Int16.min...Int16.max {
            let aLaw = ALaw.decode(ALaw.encode(sample))
            let muLaw = MuLaw.decode(MuLaw.encode(sample))
            #expect(aLaw >= lastALaw && muLaw >= lastMuLaw)
            (lastALaw, lastMuLaw) = (aLaw, muLaw)
            // Half a step of the sample's segment, one unit for the decision value itself.
            let magnitude = Int(sample.magnitude)
            #expect(abs(Int(aLaw) - Int(sample)) <= max(8, magnitude / 32) + 1)
            if magnitude <= 32_635 { #expect(abs(Int(muLaw) - Int(sample)) <= (magnitude + 132) / 32 + 1) }
        }
        for sample in Int16.min...Int16.max {
            #expect(ALaw.encode(sample) == linear_to_alaw(Int32(sample)))
        }
    }

    @Test("A test tone of 0 dBm0 in either law has the power G.711 gives it (tables 5 and 6)")
    func milliwatt() {
        let aLaw: [UInt8] = [0x34, 0x21, 0x21, 0x34, 0xB4, 0xA1, 0xA1, 0xB4]
        let muLaw: [UInt8] = [0x1E, 0x0B, 0x0B, 0x1E, 0x9E, 0x8B, 0x8B, 0x9E]
        func power(_ samples: [Int16]) -> Double {
            samples.reduce(0) { $0 + Double($1) * Double($1) } / Double(samples.count)
        }
        // 0 dBm0 is 3.14 dB below A-law's full scale of 4096 × 8, 3.17 below µ-law's of 8159 × 4.
        #expect(abs(power(aLaw.map(ALaw.decode)) / (32_768 * 32_768 / 2) - 0.4853) < 0.005)
        #expect(abs(power(muLaw.map(MuLaw.decode)) / (32_636 * 32_636 / 2) - 0.4819) < 0.005)
    }

    @Test("Conversion between the laws is the nearest value's, but for the two of G.711's note 3")
    func conversion() {
        for octet in UInt8.min...UInt8.max {
            let number = 0x7F - octet & 0x7F
            let aLaw = G711Conversion.aLaw(fromMuLaw: octet)
            #expect(aLaw == (number == 80 ? octet & 0x80 | 0x50 ^ 0x55 : ulaw_to_alaw(octet)))
            #expect(aLaw & 0x80 == octet & 0x80)
            let aLawNumber = (octet ^ 0x55) & 0x7F
            let muLaw = G711Conversion.muLaw(fromALaw: octet)
            #expect(muLaw == (aLawNumber == 79 ? octet & 0x80 | 0x7F - 79 : alaw_to_ulaw(octet)))
            #expect(muLaw & 0x80 == octet & 0x80)
        }
    }

    @Test("µ-law through A-law and back changes only the eight smallest even values, by one")
    func transparency() {
        for octet in UInt8.min...UInt8.max {
            let back = G711Conversion.muLaw(fromALaw: G711Conversion.aLaw(fromMuLaw: octet))
            let number = 0x7F - octet & 0x7F
            #expect(back == (number < 16 && number % 2 == 0 ? octet - 1 : octet))
        }
    }
}
