// SPDX-License-Identifier: GPL-2.0-or-later

extension FrameDirection: LineCodable {}
extension LogLevel: LineCodable {}

extension BulkRecord: LineCodable {
    package init(from decoder: inout LineDecoder) throws(LineDecodingError) {
        switch try decoder.octet() {
        case 1: self = .dropped(try decoder.decode())
        case 2:
            self = .frame(
                try decoder.decode(), try decoder.decode(), wallNanoseconds: try decoder.decode(), try decoder.decode())
        case 3: self = .log(try decoder.decode(), try decoder.decode())
        case 4: self = .counters(try decoder.decode())
        case 5: self = .facts(try decoder.decode(), try decoder.decode())
        case let other: throw .unknownValue(UInt64(other), of: "BulkRecord")
        }
    }

    package func encode(to encoder: inout LineEncoder) {
        switch self {
        case .dropped(let count):
            encoder.encode(UInt8(1))
            encoder.encode(count)
        case .frame(let span, let direction, let wallNanoseconds, let octets):
            encoder.encode(UInt8(2))
            encoder.encode(span)
            encoder.encode(direction)
            encoder.encode(wallNanoseconds)
            encoder.encode(octets)
        case .log(let level, let text):
            encoder.encode(UInt8(3))
            encoder.encode(level)
            encoder.encode(text)
        case .counters(let values):
            encoder.encode(UInt8(4))
            encoder.encode(values)
        case .facts(let leg, let facts):
            encoder.encode(UInt8(5))
            encoder.encode(leg)
            encoder.encode(facts)
        }
    }
}
