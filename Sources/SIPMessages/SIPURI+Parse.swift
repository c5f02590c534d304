// SPDX-License-Identifier: GPL-2.0-or-later

extension SIPURI {
    /// The parts of a URI as ranges: what checking a message needs, without making text of it.
    struct Layout {
        var scheme: Range<Int>
        var user: Range<Int>?
        var password: Range<Int>?
        var host: Range<Int> = 0..<0
        var port: UInt16?
        var parameters: Range<Int> = 0..<0
        var headers: Range<Int>?
        var isSIP = false

        /// `nil` when the grammar of RFC 3261 section 25.1 does not allow the text.
        init?(_ bytes: [UInt8], _ range: Range<Int>) {
            let text = bytes[range]
            guard let colon = text.firstIndex(of: 0x3A), let first = text.first, first.isAlpha,
                text[..<colon].allSatisfy({ $0.isAlphanumeric || $0 == 0x2B || $0 == 0x2D || $0 == 0x2E }),
                colon + 1 < range.upperBound, text.allSatisfy(\.isURI), Self.escapesAreWhole(text)
            else { return nil }
            scheme = range.lowerBound..<colon
            let rest = colon + 1..<range.upperBound
            if bytes.equalsIgnoringCase(scheme, "sip") || bytes.equalsIgnoringCase(scheme, "sips") {
                isSIP = true
                guard readSIP(bytes, rest) else { return nil }
            } else if bytes.equalsIgnoringCase(scheme, "tel") {
                let semicolon = bytes[rest].firstIndex(of: 0x3B) ?? rest.upperBound
                guard semicolon > rest.lowerBound else { return nil }
                user = rest.lowerBound..<semicolon
                parameters = semicolon..<rest.upperBound
            } else {
                user = rest
            }
        }

        private mutating func readSIP(_ bytes: [UInt8], _ rest: Range<Int>) -> Bool {
            var position = rest.lowerBound
            if let at = bytes[rest].firstIndex(of: 0x40) {
                // An "@" may stand nowhere else unescaped: a second one is an attempt to confuse.
                guard at > rest.lowerBound, !bytes[(at + 1)..<rest.upperBound].contains(0x40) else { return false }
                let colon = bytes[rest.lowerBound..<at].firstIndex(of: 0x3A)
                user = rest.lowerBound..<(colon ?? at)
                password = colon.map { ($0 + 1)..<at }
                if user?.isEmpty ?? true { return false }
                position = at + 1
            }
            var cursor = ByteCursor(bytes, position..<rest.upperBound)
            guard let host = Self.host(&cursor) else { return false }
            self.host = host
            if cursor.consume(0x3A) {
                guard let port = cursor.number(upTo: 65535) else { return false }
                self.port = UInt16(truncatingIfNeeded: port)
            }
            let start = cursor.position
            guard let next = cursor.peek else {
                parameters = start..<start
                return true
            }
            let end = bytes[start..<rest.upperBound].firstIndex(of: 0x3F) ?? rest.upperBound
            guard next == 0x3B || next == 0x3F else { return false }
            parameters = start..<end
            headers = end < rest.upperBound ? (end + 1)..<rest.upperBound : nil
            return true
        }

        /// A host name, an IPv4 address, or an IPv6 reference (given without its brackets).
        ///
        /// RFC 5118 4.10: three colons before an embedded IPv4 address, from an error in RFC 3261's grammar, pass.
        static func host(_ cursor: inout ByteCursor) -> Range<Int>? {
            if cursor.consume(0x5B) {
                guard let address = cursor.run(while: { $0.isHexDigit || $0 == 0x3A || $0 == 0x2E }),
                    cursor.bytes[address].contains(0x3A), cursor.consume(0x5D)
                else { return nil }
                return address
            }
            return cursor.run { $0.isAlphanumeric || $0 == 0x2D || $0 == 0x2E || $0 == 0x5F }
        }

        private static func escapesAreWhole(_ text: ArraySlice<UInt8>) -> Bool {
            var index = text.startIndex
            while let percent = text[index...].firstIndex(of: 0x25) {
                guard percent + 2 < text.endIndex, text[percent + 1].isHexDigit, text[percent + 2].isHexDigit else {
                    return false
                }
                index = percent + 3
            }
            return true
        }
    }

    init?(_ bytes: [UInt8], _ range: Range<Int>) {
        guard let layout = Layout(bytes, range) else { return nil }
        self.init(bytes, layout)
    }

    init(_ bytes: [UInt8], _ layout: Layout) {
        let name = bytes.text(layout.scheme).lowercased()
        switch name {
        case "sip": scheme = .sip
        case "sips": scheme = .sips
        case "tel": scheme = .tel
        default: scheme = .other(name)
        }
        escapedUser = layout.user.map(bytes.text)
        escapedPassword = layout.password.map(bytes.text)
        host = bytes.text(layout.host)
        port = layout.port
        parameters = SIPParameters(text: bytes.text(layout.parameters))
        headers = layout.headers.map(bytes.text)
    }
}
