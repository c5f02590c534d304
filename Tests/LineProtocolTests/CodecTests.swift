// SPDX-License-Identifier: GPL-2.0-or-later
import LineProtocol
import Testing

@Suite("Line protocol codec")
struct CodecTests {
    @Test("Every command comes back as it was", arguments: CommandKind.allCases)
    func commands(kind wanted: CommandKind) throws {
        for command in samples(of: wanted) {
            #expect(kind(of: command) == wanted)
            #expect(try LineCommand(decoding: command.encoded()) == command)
        }
        #expect(!samples(of: wanted).isEmpty)
    }

    @Test("Every event comes back as it was, with its number and times", arguments: EventKind.allCases)
    func events(kind wanted: EventKind) throws {
        for event in samples(of: wanted) {
            #expect(kind(of: event) == wanted)
            let numbered = NumberedEvent(
                sequence: 1, monotonicNanoseconds: 2, wallNanoseconds: .max, event: event)
            #expect(try NumberedEvent(decoding: numbered.encoded()) == numbered)
        }
        #expect(!samples(of: wanted).isEmpty)
    }

    @Test("Every bulk record comes back as it was", arguments: RecordKind.allCases)
    func records(kind wanted: RecordKind) throws {
        for record in samples(of: wanted) {
            #expect(kind(of: record) == wanted)
            #expect(try BulkRecord(decoding: record.encoded()) == record)
        }
        #expect(!samples(of: wanted).isEmpty)
    }

    @Test("A payload cut short anywhere is refused as truncated")
    func truncation() {
        for payload in payloads {
            for length in Swift.stride(from: 0, to: payload.octets.count, by: Swift.max(1, payload.octets.count / 300))
            {
                #expect(payload.decodes(Array(payload.octets.prefix(length))) == .failure(.truncated))
            }
        }
    }

    @Test("Octets after the value are refused")
    func trailing() {
        for payload in payloads {
            #expect(payload.decodes(payload.octets + [0, 0]) == .failure(.trailingOctets(2)))
        }
    }

    @Test("Mutated payloads are refused or decode to what encodes to the same octets")
    func mutation() {
        var random = SplitMix(state: 20_260_721)
        var accepted = 0
        for payload in payloads {
            for _ in 0..<200 {
                var octets = payload.octets
                for _ in 0...(random.next() % 3) where !octets.isEmpty {
                    let place = Int(random.next() % UInt64(octets.count))
                    switch random.next() % 4 {
                    case 0: octets[place] = UInt8(truncatingIfNeeded: random.next())
                    case 1: octets[place] ^= 1 << UInt8(random.next() % 8)
                    case 2: octets.remove(at: place)
                    default: octets.insert(0xFF, at: place)
                    }
                }
                if case .success(let again) = payload.decodes(octets) {
                    #expect(again == octets)
                    accepted += 1
                }
            }
        }
        #expect(accepted > 100)
    }

    @Test("A count larger than the payload is refused before anything is reserved")
    func hostileCounts() {
        // An attach tag replaced by memo: leg (8 octets), then 4 billion octets claimed.
        let memo: [UInt8] = [4] + Array(repeating: 0, count: 8) + [0xFF, 0xFF, 0xFF, 0xFF, 1]
        #expect(throws: LineDecodingError.truncated) { try LineCommand(decoding: memo) }
    }

    @Test("An unknown case, flag or text is named")
    func unknown() {
        #expect(throws: LineDecodingError.unknownValue(200, of: "LineCommand")) { try LineCommand(decoding: [200]) }
        #expect(throws: LineDecodingError.unknownValue(0, of: "LineEvent")) {
            try NumberedEvent(decoding: Array(repeating: 0, count: 25))
        }
        #expect(throws: LineDecodingError.unknownValue(2, of: "flag")) { try LineCommand(decoding: [6, 2]) }
        #expect(throws: LineDecodingError.invalidText) { try BulkRecord(decoding: [3, 0, 0, 0, 0, 1, 0xFF]) }
    }
}

/// One sample's octets, and how its type reads octets: what they encode to again, or the error.
struct Payload: Sendable {
    let octets: [UInt8]
    let decodes: @Sendable ([UInt8]) -> Result<[UInt8], LineDecodingError>

    init<Value: LineCodable & SendableMetatype>(_ value: Value) {
        octets = value.encoded()
        decodes = { octets in
            do throws(LineDecodingError) {
                return .success(try Value(decoding: octets).encoded())
            } catch {
                return .failure(error)
            }
        }
    }
}

let payloads: [Payload] =
    CommandKind.allCases.flatMap { samples(of: $0).prefix(9).map { Payload($0) } }
    + EventKind.allCases.flatMap {
        samples(of: $0).map {
            Payload(NumberedEvent(sequence: 9, monotonicNanoseconds: 1, wallNanoseconds: 2, event: $0))
        }
    } + RecordKind.allCases.flatMap { samples(of: $0).map { Payload($0) } }

/// Vigna's splitmix64.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
