// SPDX-License-Identifier: GPL-2.0-or-later

extension SIPMessage {
    /// Refuses what would make a transaction, a dialog or a response wrong; the values of other fields are left alone.
    mutating func check() throws(SIPParseError) {
        var seen: UInt64 = 0
        for field in fields {
            guard let name = field.known else { continue }
            if name.isSingle, seen & name.bit != 0 { throw fault(.repeatedHeaderField, name) }
            seen |= name.bit
            guard isWellFormed(name, field.value) else { throw fault(.malformedHeaderField, name) }
        }
        // "A valid SIP request formulated by a UAC MUST, at a minimum, contain the following header fields: To, From,
        // CSeq, Call-ID, Max-Forwards, and Via" (8.1.1); Max-Forwards is missing in requests of RFC 2543.
        for name in [SIPHeaderName.via, .from, .to, .callID, .cSeq] where seen & name.bit == 0 {
            throw fault(.missingHeaderField, name)
        }
        if case .request(let method, _) = startLine, method != cSeq.method {
            throw SIPParseError(.methodMismatch, header: SIPHeaderName.cSeq.text, salvaged: self)
        }
        try limitBody()
    }

    /// "If there are additional bytes in the transport packet beyond the end of the body, they MUST be discarded. If the
    /// transport packet ends before the end of the message body, this is considered an error" (18.3).
    private mutating func limitBody() throws(SIPParseError) {
        guard let length = contentLength else { return }
        guard length <= bodyRange.count else { throw fault(.truncatedBody, .contentLength) }
        bodyRange = bodyRange.lowerBound..<(bodyRange.lowerBound + length)
    }

    private func fault(_ reason: SIPParseError.Reason, _ name: SIPHeaderName) -> SIPParseError {
        SIPParseError(reason, header: name.text, salvaged: self)
    }

    private func isWellFormed(_ name: SIPHeaderName, _ value: Range<Int>) -> Bool {
        var cursor = ByteCursor(bytes, value)
        switch name {
        case .via:
            return Self.isList(&cursor) { Via.Layout(&$0) != nil }
        case .from, .to:
            return NameAddress.Layout(&cursor) != nil && cursor.isDone
        case .contact:
            if cursor.consume(0x2A) { return cursor.isDone }
            return Self.isList(&cursor) { NameAddress.Layout(&$0) != nil }
        case .route, .recordRoute:
            return Self.isList(&cursor) { NameAddress.Layout(&$0) != nil }
        case .callID:
            return !value.isEmpty && !bytes[value].contains(where: \.isLinearWhitespace)
        case .cSeq:
            return CSeq(bytes, value) != nil
        case .maxForwards:
            // More than 255 is read as 255 (RFC 4475 3.1.2.4).
            return cursor.run(while: \.isDigit) != nil && cursor.isDone
        case .contentLength:
            return cursor.number(upTo: UInt64(Int32.max)) != nil && cursor.isDone
        case .contentType:
            return MediaType(&cursor) != nil && cursor.isDone
        default:
            return true
        }
    }

    /// One or more elements between commas, and nothing behind the last.
    static func isList(_ cursor: inout ByteCursor, element: (inout ByteCursor) -> Bool) -> Bool {
        repeat {
            guard element(&cursor) else { return false }
        } while cursor.consumeSeparator(0x2C)
        return cursor.isDone
    }
}
