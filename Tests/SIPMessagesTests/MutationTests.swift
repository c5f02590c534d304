// SPDX-License-Identifier: GPL-2.0-or-later
import SIPMessages
import Testing

@Suite("Damaged messages")
struct MutationTests {
    /// SplitMix64: the same mutations on every machine.
    struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }

    static let pieces: [[UInt8]] = [
        ";", ",", "<", ">", "\"", "\\", "%", "%4", "@", ":", "[", "]", "=", "?", "\r\n", "\r\n ", "\r", "\n", "\0", " ",
        "99999999999999999999", "-1", "z9hG4bK", "SIP/2.0", "\u{fffd}", "*", "l: 5\r\n", "Via: ",
    ].map { Array($0.utf8) }

    static func mutate(_ bytes: [UInt8], _ generator: inout Generator) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...2, using: &generator) {
            guard !bytes.isEmpty else { return bytes }
            let at = Int.random(in: 0..<bytes.count, using: &generator)
            let length = Int.random(in: 0...min(20, bytes.count - at), using: &generator)
            switch Int.random(in: 0..<5, using: &generator) {
            case 0: bytes[at] = UInt8.random(in: 0...255, using: &generator)
            case 1: bytes.removeSubrange(at..<(at + length))
            case 2: bytes.insert(contentsOf: pieces.randomElement(using: &generator) ?? [], at: at)
            case 3:
                bytes.insert(
                    contentsOf: bytes[at..<(at + length)], at: Int.random(in: 0..<bytes.count, using: &generator))
            default: bytes.removeLast(min(length, bytes.count))
            }
        }
        return bytes
    }

    /// Touches every accessor: none may trap, whatever the message holds.
    static func visit(_ message: SIPMessage) -> Int {
        var sum = message.vias.count + message.from.description.count + message.to.description.count
        sum += message.callID.count + Int(message.cSeq.number & 0xFF) + (message.from.tag?.count ?? 0)
        sum += (message.requestURI?.description.count ?? 0) + message.routes.count + message.recordRoutes.count
        sum += message.reasons.count + message.warnings.count + message.accept.count + message.allow.count
        sum += message.supported.count + message.privacy.count + message.pAssertedIdentities.count
        sum += Int(message.expires ?? 0) & 1 + Int(message.maxForwards ?? 0) + message.summary.count
        sum += message.headerFields.count + (message.contact?.uri.subscriber?.count ?? 0)
        if let uri = message.requestURI, uri.isEquivalent(to: message.to.uri) { sum += 1 }
        return sum + message.encoded().count
    }

    @Test("50,000 mutations of the torture messages are read or refused, and what is read prints as itself")
    func mutations() throws {
        var generator = Generator(state: 0x5EED)
        var accepted = 0
        var refused = 0
        for index in 0..<50_000 {
            let bytes = Self.mutate(Corpus.torture[index % Corpus.torture.count].bytes, &generator)
            let message: SIPMessage
            do {
                message = try SIPMessage.parse(bytes)
            } catch {
                refused += 1
                if let salvaged = error.salvaged {
                    _ = Self.visit(salvaged)
                    _ = salvaged.response(400, reason: error.description, toTag: "t").encoded()
                }
                continue
            }
            accepted += 1
            if Self.visit(message) == 0 { Issue.record("an empty message") }
            let again = try SIPMessage.parse(message.encoded())
            if again.vias != message.vias || again.cSeq != message.cSeq || again.from != message.from {
                Issue.record("printed otherwise than read: \(String(decoding: bytes, as: UTF8.self))")
            }
        }
        #expect(accepted > 5000 && refused > 5000)
    }

    @Test("mutations in a stream come out or end the stream")
    func streams() {
        var generator = Generator(state: 7)
        var items = 0
        var failures = 0
        for index in 0..<3000 {
            var framer = SIPStreamFramer(maximumHeaderBytes: 4096, maximumBodyBytes: 4096)
            framer.append(Self.mutate(Corpus.torture[index % Corpus.torture.count].bytes, &generator))
            do {
                while try framer.next() != nil { items += 1 }
            } catch {
                failures += 1
            }
        }
        #expect(items > 500 && failures > 50)
    }
}
