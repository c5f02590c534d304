// SPDX-License-Identifier: GPL-2.0-or-later
import LineProtocol
import Testing

@Suite("Lane framing")
struct LaneFramerTests {
    let commands: [LineCommand] = CommandKind.allCases.flatMap { samples(of: $0) }

    @Test(
        "A stream cut into pieces of any size gives the same commands", arguments: [1, 2, 3, 5, 7, 64, 1_000, 100_000])
    func pieces(size: Int) throws {
        let stream = try commands.flatMap { try $0.framed() }
        var framer = LaneFramer()
        var seen: [LineCommand] = []
        for start in stride(from: 0, to: stream.count, by: size) {
            framer.append(stream[start..<min(start + size, stream.count)])
            while let payload = try framer.next() { seen.append(try LineCommand(decoding: payload)) }
        }
        #expect(seen == commands)
    }

    @Test("A frame of the greatest length passes, one octet more makes the lane useless")
    func limit() throws {
        let most = Lane.maximumFrameOctets
        var framer = LaneFramer()
        framer.append([0, 1, 0, 0] + Array(repeating: 7, count: most))
        #expect(try framer.next()?.count == most)
        framer.append([0, 1, 0, 1])
        #expect(throws: LaneError.frameTooLong(octets: most + 1)) { try framer.next() }
    }

    @Test("A value too long for a frame is refused by its sender")
    func tooLong() {
        let command = LineCommand.digits(.channel(leg), String(repeating: "1", count: Lane.maximumFrameOctets))
        #expect(throws: LaneError.self) { try command.framed() }
    }

    @Test("An empty frame is a payload that does not decode")
    func empty() throws {
        var framer = LaneFramer()
        framer.append([0, 0, 0, 0])
        let payload = try framer.next()
        #expect(payload == [])
        #expect(throws: LineDecodingError.truncated) { try LineCommand(decoding: []) }
    }
}
