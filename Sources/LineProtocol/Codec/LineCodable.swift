// SPDX-License-Identifier: GPL-2.0-or-later

/// A value the lanes carry: integers in network order, one octet in front of each enum and optional, counted arrays.
///
/// The encoding is canonical: octets that decode at all are those the decoded value encodes to.
package protocol LineCodable {
    init(from decoder: inout LineDecoder) throws(LineDecodingError)
    func encode(to encoder: inout LineEncoder)
}

extension LineCodable {
    /// Decodes a whole payload; octets left over are an error.
    package init(decoding octets: [UInt8]) throws(LineDecodingError) {
        var decoder = LineDecoder(octets)
        self = try Self(from: &decoder)
        try decoder.finish()
    }

    package func encoded() -> [UInt8] {
        var encoder = LineEncoder()
        encoder.encode(self)
        return encoder.octets
    }

    /// The value as a lane carries it, its length in front.
    package func framed() throws(LaneError) -> [UInt8] {
        var encoder = LineEncoder()
        encoder.encode(UInt32(0))
        encoder.encode(self)
        let length = encoder.octets.count - 4
        guard length <= Lane.maximumFrameOctets else { throw .frameTooLong(octets: length) }
        for place in 0..<4 { encoder.octets[place] = UInt8(truncatingIfNeeded: length >> (24 - 8 * place)) }
        return encoder.octets
    }
}

/// Why octets are not a value of this protocol.
package enum LineDecodingError: Error, Hashable, CustomStringConvertible {
    /// The payload ends inside a value.
    case truncated
    /// A case, flag or number that this version does not know.
    case unknownValue(UInt64, of: String)
    case invalidText
    case trailingOctets(Int)

    package var description: String {
        switch self {
        case .truncated: "the frame ends inside a value"
        case .unknownValue(let value, let type): "\(value) is not a \(type)"
        case .invalidText: "a text is not UTF-8"
        case .trailingOctets(let count): "\(count) octets after the value"
        }
    }
}

extension UInt8: LineCodable {}
extension UInt16: LineCodable {}
extension UInt32: LineCodable {}
extension UInt64: LineCodable {}
extension Int32: LineCodable {}

extension FixedWidthInteger where Self: LineCodable {
    package init(from decoder: inout LineDecoder) throws(LineDecodingError) {
        var value: UInt64 = 0
        for _ in 0..<(Self.bitWidth / 8) { value = value << 8 | UInt64(try decoder.octet()) }
        self = Self(truncatingIfNeeded: value)
    }

    package func encode(to encoder: inout LineEncoder) {
        for shift in stride(from: Self.bitWidth - 8, through: 0, by: -8) {
            encoder.append(UInt8(truncatingIfNeeded: self >> shift))
        }
    }
}

extension Bool: LineCodable {
    package init(from decoder: inout LineDecoder) throws(LineDecodingError) {
        switch try decoder.octet() {
        case 0: self = false
        case 1: self = true
        case let other: throw .unknownValue(UInt64(other), of: "flag")
        }
    }

    package func encode(to encoder: inout LineEncoder) {
        encoder.append(self ? 1 : 0)
    }
}

extension Optional: LineCodable where Wrapped: LineCodable {
    package init(from decoder: inout LineDecoder) throws(LineDecodingError) {
        self = try decoder.decode(Bool.self) ? try decoder.decode(Wrapped.self) : nil
    }

    package func encode(to encoder: inout LineEncoder) {
        encoder.encode(self != nil)
        if let self { encoder.encode(self) }
    }
}

extension Array: LineCodable where Element: LineCodable {
    package init(from decoder: inout LineDecoder) throws(LineDecodingError) {
        let count = try decoder.count()
        self = []
        reserveCapacity(Swift.min(count, 1_024))
        for _ in 0..<count { append(try decoder.decode(Element.self)) }
    }

    package func encode(to encoder: inout LineEncoder) {
        encoder.encode(UInt32(clamping: count))
        for element in self { encoder.encode(element) }
    }
}

extension String: LineCodable {
    package init(from decoder: inout LineDecoder) throws(LineDecodingError) {
        let octets = try decoder.octets(decoder.count())
        guard let text = String(validating: octets, as: UTF8.self) else { throw .invalidText }
        self = text
    }

    package func encode(to encoder: inout LineEncoder) {
        encoder.encode(UInt32(clamping: utf8.count))
        encoder.append(contentsOf: utf8)
    }
}

extension RawRepresentable where Self: LineCodable, RawValue: LineCodable & FixedWidthInteger {
    package init(from decoder: inout LineDecoder) throws(LineDecodingError) {
        let value = try decoder.decode(RawValue.self)
        guard let known = Self(rawValue: value) else {
            throw .unknownValue(UInt64(truncatingIfNeeded: value), of: String(describing: Self.self))
        }
        self = known
    }

    package func encode(to encoder: inout LineEncoder) {
        encoder.encode(rawValue)
    }
}
