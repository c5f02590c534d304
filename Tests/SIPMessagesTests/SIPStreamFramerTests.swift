// SPDX-License-Identifier: GPL-2.0-or-later
import SIPMessages
import Testing

@Suite("Messages in a byte stream")
struct SIPStreamFramerTests {
    static let first = Array("A\r\nContent-Length : 3\r\n\r\nabc".utf8)
    static let second = Array("B\r\nX: y\r\nl:0\r\n\r\n".utf8)

    @Test("messages come out whole however the stream is cut", arguments: 1...40)
    func cuts(_ size: Int) throws {
        var framer = SIPStreamFramer()
        let stream = Self.first + Self.second + [0x0D, 0x0A, 0x0D, 0x0A] + Self.first + [0x0D, 0x0A] + Self.second
        var items: [SIPStreamFramer.Item] = []
        var index = 0
        while index < stream.count {
            framer.append(stream[index..<min(index + size, stream.count)])
            while let item = try framer.next() { items.append(item) }
            index += size
        }
        let wanted: [SIPStreamFramer.Item] = [
            .message(Self.first), .message(Self.second), .ping, .message(Self.first), .message(Self.second),
        ]
        #expect(items == wanted)
        #expect(framer.pending == 0)
    }

    @Test("a lone CRLF and many of them are swallowed")
    func lineEnds() throws {
        var framer = SIPStreamFramer()
        framer.append([0x0D, 0x0A])
        #expect(try framer.next() == nil)
        framer.append(Self.second)
        #expect(try framer.next() == .message(Self.second))
        framer.append(Array(repeating: 0x0A, count: 100_000))
        #expect(try framer.next() == nil)
        #expect(framer.pending == 0)
    }

    @Test(
        "without one whole Content-Length the stream cannot be followed",
        arguments: ["", "l: x\r\n", "l: 1\r\nContent-Length: 1\r\n", "l: -1\r\n", "l: 99999999999\r\n", "l: 1 2\r\n"])
    func noLength(_ line: String) {
        var framer = SIPStreamFramer()
        let head = Array("A\r\n\(line)\r\n".utf8)
        framer.append(head)
        #expect(throws: SIPStreamFramer.Failure.noContentLength(head)) { try framer.next() }
        #expect(throws: SIPStreamFramer.Failure.noContentLength(head)) { try framer.next() }
    }

    @Test("header section and body have limits")
    func limits() {
        var framer = SIPStreamFramer(maximumHeaderBytes: 100, maximumBodyBytes: 10)
        framer.append(Array(repeating: 0x41, count: 101))
        #expect(throws: SIPStreamFramer.Failure.headerSectionTooLong) { try framer.next() }
        var other = SIPStreamFramer(maximumHeaderBytes: 100, maximumBodyBytes: 10)
        other.append(Array("A\r\nl: 11\r\n\r\n".utf8))
        #expect(throws: SIPStreamFramer.Failure.bodyTooLong) { try other.next() }
    }
}
