// SPDX-License-Identifier: GPL-2.0-or-later

extension SessionDescription {
    /// More than any peer needs; bounds on what a body can make us do.
    package static let maximumBytes = 65_535
    package static let maximumMedia = 32
    private static let maximumLines = 2000

    /// Parses a body. Lines may end in CRLF or LF; `t=` and `s=` may be missing, as they are from some phones.
    package static func parse(_ bytes: some Collection<UInt8>) throws(SDPParseError) -> SessionDescription {
        guard bytes.count <= maximumBytes else { throw SDPParseError(.tooLong, line: 1) }
        guard let text = String(validating: Array(bytes), as: UTF8.self) else { throw SDPParseError(.notUTF8, line: 1) }
        var parser = Parser()
        var number = 0
        for raw in text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false) {
            number += 1
            var line = Substring(raw)
            while line.utf8.last == 0x0D { line = line.removingLastByte }
            if line.isEmpty { continue }
            guard number <= maximumLines else { throw SDPParseError(.tooLong, line: number) }
            try parser.read(line, number)
        }
        guard let origin = parser.origin else { throw SDPParseError(.missingOrigin, line: 1) }
        var description = SessionDescription(
            origin: origin, name: parser.name, connection: parser.connection, media: parser.media)
        description.bandwidths = parser.bandwidths
        description.times = parser.times
        description.attributes = parser.attributes
        return description
    }

    private struct Parser {
        var sawVersion = false
        var origin: Origin?
        var name = "-"
        var connection: SDPAddress?
        var bandwidths: [String] = []
        var times: [String] = []
        var attributes: [SDPAttribute] = []
        var media: [MediaDescription] = []

        mutating func read(_ line: Substring, _ number: Int) throws(SDPParseError) {
            let bytes = Array(line.utf8.prefix(2))
            guard bytes.count == 2, bytes[1] == 0x3D else { throw SDPParseError(.malformedLine, line: number) }
            let value = line.dropFirst(2)
            guard sawVersion || bytes[0] == UInt8(ascii: "v") else {
                throw SDPParseError(.unsupportedVersion, line: number)
            }
            switch bytes[0] {
            case UInt8(ascii: "v"):
                guard value == "0" else { throw SDPParseError(.unsupportedVersion, line: number) }
                sawVersion = true
            case UInt8(ascii: "o"):
                guard let origin = Self.origin(value) else { throw SDPParseError(.malformedOrigin, line: number) }
                self.origin = origin
            case UInt8(ascii: "s"):
                name = String(value)
            case UInt8(ascii: "c"):
                guard let address = SDPAddress(fields: value.split(separator: " ")) else {
                    throw SDPParseError(.malformedConnection, line: number)
                }
                if media.isEmpty { connection = address } else { media[media.count - 1].connection = address }
            case UInt8(ascii: "b"):
                if media.isEmpty {
                    bandwidths.append(String(value))
                } else {
                    media[media.count - 1].bandwidths.append(String(value))
                }
            case UInt8(ascii: "t"):
                times.append(String(value))
            case UInt8(ascii: "a"):
                let attribute = SDPAttribute(line: value)
                if media.isEmpty {
                    attributes.append(attribute)
                } else {
                    media[media.count - 1].attributes.append(attribute)
                }
            case UInt8(ascii: "m"):
                guard media.count < maximumMedia else { throw SDPParseError(.tooManyMedia, line: number) }
                guard let section = MediaDescription(line: value) else {
                    throw SDPParseError(.malformedMedia, line: number)
                }
                media.append(section)
            default:
                break  // i= u= e= p= r= z= k= say nothing to a gateway
            }
        }

        private static func origin(_ value: Substring) -> Origin? {
            var fields = value.split(separator: " ")
            // A user name with spaces in it, which it may not have, is no reason to refuse a call.
            guard fields.count >= 6 else { return nil }
            fields.replaceSubrange(
                ..<(fields.count - 5), with: [Substring(fields[..<(fields.count - 5)].joined(separator: "_"))])
            guard let address = SDPAddress(fields: Array(fields[3...])) else { return nil }
            // The version is a number of any length in the grammar; what does not fit is of no use to us.
            guard fields[2].utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
            return Origin(
                username: String(fields[0]), sessionID: String(fields[1]), version: UInt64(fields[2]) ?? .max,
                address: address)
        }
    }
}

extension Substring {
    fileprivate var removingLastByte: Substring { Substring(utf8.dropLast()) }
}
