// SPDX-License-Identifier: GPL-2.0-or-later

/// Reads values out of one payload. What it allocates is bounded by the payload, whatever the payload claims.
package struct LineDecoder {
    private let octets: [UInt8]
    private var position = 0

    package init(_ octets: [UInt8]) {
        self.octets = octets
    }

    package var remaining: Int { octets.count - position }

    package mutating func decode<Value: LineCodable>(
        _ type: Value.Type = Value.self
    ) throws(LineDecodingError)
        -> Value
    {
        try Value(from: &self)
    }

    mutating func octet() throws(LineDecodingError) -> UInt8 {
        guard position < octets.count else { throw .truncated }
        defer { position += 1 }
        return octets[position]
    }

    mutating func octets(_ count: Int) throws(LineDecodingError) -> ArraySlice<UInt8> {
        guard count <= remaining else { throw .truncated }
        defer { position += count }
        return octets[position..<position + count]
    }

    /// The number of elements that follow; each takes at least one octet.
    mutating func count() throws(LineDecodingError) -> Int {
        let count = Int(try decode(UInt32.self))
        guard count <= remaining else { throw .truncated }
        return count
    }

    func finish() throws(LineDecodingError) {
        guard remaining == 0 else { throw .trailingOctets(remaining) }
    }
}
