// SPDX-License-Identifier: GPL-2.0-or-later

extension SIPMessage {
    /// More header fields than any message has; a bound on what a datagram can make us do.
    package static let maximumHeaderFields = 256

    /// Parses one whole message, such as a datagram, and checks the header fields that every part of the stack relies on.
    ///
    /// Octets behind the body that Content-Length announces are ignored (RFC 3261 18.3).
    package static func parse(_ bytes: [UInt8]) throws(SIPParseError) -> SIPMessage {
        var message = try split(bytes)
        try message.check()
        return message
    }

    /// Start line, header fields, rest; no value is looked at.
    private static func split(_ bytes: [UInt8]) throws(SIPParseError) -> SIPMessage {
        var position = 0
        // "Implementations processing SIP messages over stream-oriented transports MUST ignore any CRLF appearing
        // before the start-line" (7.5); over datagrams it does no harm.
        while position + 1 < bytes.count, bytes[position] == 0x0D, bytes[position + 1] == 0x0A { position += 2 }
        guard let end = lineEnd(bytes, from: position) else { throw SIPParseError(.notSIP) }
        let (startLine, fault) = try readStartLine(bytes, position..<end)
        var message = SIPMessage(bytes: bytes, startLine: startLine)
        message.fields.reserveCapacity(24)
        position = end + 2
        while true {
            guard let end = fieldEnd(bytes, from: position) else {
                throw SIPParseError(fault ?? .malformedHeaderSection, salvaged: message)
            }
            if end == position { break }
            guard message.fields.count < maximumHeaderFields else {
                throw SIPParseError(fault ?? .tooManyHeaderFields, salvaged: message)
            }
            guard let field = readField(bytes, position..<end) else {
                throw SIPParseError(fault ?? .malformedHeaderSection, salvaged: message)
            }
            message.fields.append(field)
            position = end + 2
        }
        message.bodyRange = (position + 2)..<bytes.count
        if let fault { throw SIPParseError(fault, salvaged: message) }
        return message
    }

    /// The start line, and a fault in it that leaves a request that can still be answered.
    private static func readStartLine(
        _ bytes: [UInt8], _ line: Range<Int>
    ) throws(SIPParseError) -> (StartLine, SIPParseError.Reason?) {
        let isResponse = line.count > 4 && bytes.equalsIgnoringCase(line.lowerBound..<(line.lowerBound + 4), "SIP/")
        guard let first = bytes[line].firstIndex(of: 0x20) else { throw SIPParseError(.notSIP) }
        if isResponse {
            return (try readStatusLine(bytes, line, space: first), nil)
        }
        // Request-Line = Method SP Request-URI SP SIP-Version CRLF
        guard first > line.lowerBound, bytes[line.lowerBound..<first].allSatisfy(\.isToken),
            let last = bytes[line].lastIndex(of: 0x20), last > first
        else { throw SIPParseError(.notSIP) }
        let method = SIPMethod(bytes, line.lowerBound..<first)
        let uri = (first + 1)..<last
        let request = StartLine.request(method, uri: uri)
        let version = (last + 1)..<line.upperBound
        guard version.count > 4, bytes.equalsIgnoringCase(version.lowerBound..<(version.lowerBound + 4), "SIP/") else {
            // Trailing or doubled spaces still leave something that is meant as SIP.
            if bytes[line].containsText("SIP/2.0") { return (request, .malformedStartLine) }
            throw SIPParseError(.notSIP)
        }
        guard bytes.equalsIgnoringCase(version, "SIP/2.0") else { return (request, .unsupportedVersion) }
        guard let layout = SIPURI.Layout(bytes, uri) else { return (request, .malformedRequestURI) }
        if layout.isSIP, layout.headers != nil { return (request, .headersInRequestURI) }
        return (request, nil)
    }

    /// Status-Line = SIP-Version SP Status-Code SP Reason-Phrase CRLF
    private static func readStatusLine(
        _ bytes: [UInt8], _ line: Range<Int>, space: Int
    ) throws(SIPParseError) -> StartLine {
        guard bytes.equalsIgnoringCase(line.lowerBound..<space, "SIP/2.0") else {
            throw SIPParseError(.unsupportedVersion)
        }
        var cursor = ByteCursor(bytes, (space + 1)..<line.upperBound)
        guard let digits = cursor.run(while: \.isDigit), digits.count == 3,
            let code = ByteCursor.value(bytes[digits], upTo: 699), code >= 100,
            cursor.isAtEnd || cursor.consume(0x20)
        else { throw SIPParseError(.malformedStartLine) }
        return .response(SIPStatus(Int(code)), reason: cursor.position..<line.upperBound)
    }

    private static func readField(_ bytes: [UInt8], _ line: Range<Int>) -> Field? {
        guard let colon = bytes[line].firstIndex(of: 0x3A) else { return nil }
        let start = line.lowerBound
        var end = colon
        while end > start, bytes[end - 1] == 0x20 || bytes[end - 1] == 0x09 { end -= 1 }
        guard end > start, bytes[start..<end].allSatisfy(\.isToken) else { return nil }
        var value = (colon + 1)..<line.upperBound
        while let first = bytes[value].first, first.isLinearWhitespace {
            value = (value.lowerBound + 1)..<value.upperBound
        }
        while let last = bytes[value].last, last.isLinearWhitespace {
            value = value.lowerBound..<(value.upperBound - 1)
        }
        return Field(known: SIPHeaderName(bytes, start..<end), name: start..<end, value: value)
    }

    /// The position of the CRLF that ends this line; `nil` without one, or when a CR or LF stands alone before it.
    private static func lineEnd(_ bytes: [UInt8], from start: Int) -> Int? {
        var index = start
        while index < bytes.count {
            if bytes[index] == 0x0A { return nil }
            if bytes[index] == 0x0D {
                return index + 1 < bytes.count && bytes[index + 1] == 0x0A ? index : nil
            }
            index += 1
        }
        return nil
    }

    /// Like `lineEnd`, over the folded lines that continue the field (7.3.1).
    private static func fieldEnd(_ bytes: [UInt8], from start: Int) -> Int? {
        var index = start
        while let end = lineEnd(bytes, from: index) {
            let next = end + 2
            guard end > start, next < bytes.count, bytes[next] == 0x20 || bytes[next] == 0x09 else { return end }
            index = next
        }
        return nil
    }
}

extension ArraySlice<UInt8> {
    func containsText(_ text: StaticString) -> Bool {
        let pattern = Array(text.description.utf8)
        guard count >= pattern.count else { return false }
        return (startIndex...(endIndex - pattern.count)).contains {
            self[$0..<($0 + pattern.count)].elementsEqual(pattern)
        }
    }
}
