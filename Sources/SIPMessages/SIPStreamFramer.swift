// SPDX-License-Identifier: GPL-2.0-or-later

/// Cuts a byte stream (TCP, TLS) into messages by Content-Length (RFC 3261 18.3), with limits on what a peer can make us
/// hold. After an error the stream cannot be followed any further and is to be closed.
package struct SIPStreamFramer: Sendable {
    package enum Item: Equatable, Sendable {
        /// One whole message, for `SIPMessage.parse`.
        case message([UInt8])
        /// CRLF CRLF between messages: a ping, to be answered with one CRLF (RFC 5626 4.4.1).
        case ping
    }

    package enum Failure: Error, Equatable, Sendable {
        case headerSectionTooLong
        case bodyTooLong
        /// Neither Content-Length nor `l`, more than one, or no number: the end of the message is unknown. The header
        /// section is given so that a request can be answered with 400.
        case noContentLength([UInt8])
    }

    package let maximumHeaderBytes: Int
    package let maximumBodyBytes: Int

    private var buffer: [UInt8] = []
    /// Everything before this was seen to hold no end of a header section.
    private var scanned = 0
    private var failure: Failure?

    package init(maximumHeaderBytes: Int = 16 * 1024, maximumBodyBytes: Int = 64 * 1024) {
        self.maximumHeaderBytes = maximumHeaderBytes
        self.maximumBodyBytes = maximumBodyBytes
    }

    /// Octets held that are not a message yet.
    package var pending: Int { buffer.count }

    package mutating func append(_ bytes: some Sequence<UInt8>) { buffer.append(contentsOf: bytes) }

    /// The next item; `nil` when more octets are needed. Call until `nil` after each `append`.
    package mutating func next() throws(Failure) -> Item? {
        if let failure { throw failure }
        do {
            return try read()
        } catch {
            failure = error
            buffer = []
            throw error
        }
    }

    private mutating func read() throws(Failure) -> Item? {
        let lineEnds = buffer.prefix { $0 == 0x0D || $0 == 0x0A }.count
        if lineEnds > 0 {
            if buffer.starts(with: [0x0D, 0x0A, 0x0D, 0x0A]) {
                drop(4)
                return .ping
            }
            if lineEnds == buffer.count, lineEnds < 4 { return nil }
            // "MUST ignore any CRLF appearing before the start-line" (7.5): a pong, or stray line ends.
            drop(lineEnds)
        }
        guard let end = headerEnd() else {
            if buffer.count > maximumHeaderBytes { throw .headerSectionTooLong }
            return nil
        }
        guard end <= maximumHeaderBytes else { throw .headerSectionTooLong }
        guard let length = contentLength(end) else { throw .noContentLength(Array(buffer[..<end])) }
        guard length <= maximumBodyBytes else { throw .bodyTooLong }
        guard buffer.count >= end + length else { return nil }
        let message = Array(buffer[..<(end + length)])
        drop(end + length)
        return .message(message)
    }

    private mutating func drop(_ count: Int) {
        buffer.removeFirst(count)
        scanned = 0
    }

    /// The position behind CRLF CRLF.
    private mutating func headerEnd() -> Int? {
        var index = scanned
        while index + 3 < buffer.count {
            if buffer[index] == 0x0D, buffer[index + 1] == 0x0A, buffer[index + 2] == 0x0D, buffer[index + 3] == 0x0A {
                return index + 4
            }
            index += 1
        }
        scanned = max(0, buffer.count - 3)
        return nil
    }

    /// The value of the one Content-Length line of the header section.
    private func contentLength(_ end: Int) -> Int? {
        var length: Int?
        var lineStart = 0
        for index in 0..<end where buffer[index] == 0x0A {
            defer { lineStart = index + 1 }
            let line = buffer[lineStart..<index]
            guard let colon = line.firstIndex(of: 0x3A) else { continue }
            var cursor = ByteCursor(buffer, lineStart..<colon)
            guard let name = cursor.token(), cursor.isDone else { continue }
            guard SIPHeaderName(buffer, name) == .contentLength else { continue }
            var value = ByteCursor(buffer, (colon + 1)..<index)
            value.skipWhitespace()
            guard length == nil, let number = value.number(upTo: UInt64(Int32.max)), value.isDone else { return nil }
            length = Int(number)
        }
        return length
    }
}
