// SPDX-License-Identifier: GPL-2.0-or-later

extension LegID: LineCodable {
    package init(from decoder: inout LineDecoder) throws(LineDecodingError) {
        self.init(epoch: try decoder.decode(), counter: try decoder.decode())
    }

    package func encode(to encoder: inout LineEncoder) {
        encoder.encode(epoch)
        encoder.encode(counter)
    }
}

extension SpanID: LineCodable {
    package init(from decoder: inout LineDecoder) throws(LineDecodingError) {
        self.init(try decoder.decode())
    }

    package func encode(to encoder: inout LineEncoder) {
        encoder.encode(number)
    }
}

extension ChannelID: LineCodable {
    package init(from decoder: inout LineDecoder) throws(LineDecodingError) {
        self.init(span: try decoder.decode(), timeslot: try decoder.decode())
    }

    package func encode(to encoder: inout LineEncoder) {
        encoder.encode(span)
        encoder.encode(timeslot)
    }
}

extension EndpointID: LineCodable {
    package init(from decoder: inout LineDecoder) throws(LineDecodingError) {
        self.init(try decoder.decode())
    }

    package func encode(to encoder: inout LineEncoder) {
        encoder.encode(number)
    }
}

extension MediaPort: LineCodable {
    package init(from decoder: inout LineDecoder) throws(LineDecodingError) {
        switch try decoder.octet() {
        case 1: self = .channel(try decoder.decode())
        case 2: self = .endpoint(try decoder.decode())
        case let other: throw .unknownValue(UInt64(other), of: "MediaPort")
        }
    }

    package func encode(to encoder: inout LineEncoder) {
        switch self {
        case .channel(let leg):
            encoder.encode(UInt8(1))
            encoder.encode(leg)
        case .endpoint(let endpoint):
            encoder.encode(UInt8(2))
            encoder.encode(endpoint)
        }
    }
}

extension IPAddress: LineCodable {
    package init(from decoder: inout LineDecoder) throws(LineDecodingError) {
        switch try decoder.octet() {
        case 1: self = .v4(try decoder.decode())
        case 2: self = .v6(try decoder.decode(), try decoder.decode())
        case let other: throw .unknownValue(UInt64(other), of: "IPAddress")
        }
    }

    package func encode(to encoder: inout LineEncoder) {
        switch self {
        case .v4(let value):
            encoder.encode(UInt8(1))
            encoder.encode(value)
        case .v6(let high, let low):
            encoder.encode(UInt8(2))
            encoder.encode(high)
            encoder.encode(low)
        }
    }
}

extension TransportAddress: LineCodable {
    package init(from decoder: inout LineDecoder) throws(LineDecodingError) {
        self.init(try decoder.decode(), port: try decoder.decode())
    }

    package func encode(to encoder: inout LineEncoder) {
        encoder.encode(address)
        encoder.encode(port)
    }
}
