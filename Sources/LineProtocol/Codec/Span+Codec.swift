// SPDX-License-Identifier: GPL-2.0-or-later
import ISDN

extension Layer1State: LineCodable {}
extension ChannelState: LineCodable {}

extension SpanConfiguration: LineCodable {
    package init(from decoder: inout LineDecoder) throws(LineDecodingError) {
        self.init(
            id: try decoder.decode(), name: try decoder.decode(), driver: try decoder.decode(),
            switchType: try decoder.decode(), role: try decoder.decode(), hunt: try decoder.decode(),
            law: try decoder.decode())
    }

    package func encode(to encoder: inout LineEncoder) {
        encoder.encode(id)
        encoder.encode(name)
        encoder.encode(driver)
        encoder.encode(switchType)
        encoder.encode(role)
        encoder.encode(hunt)
        encoder.encode(law)
    }
}

extension SpanDriverConfiguration: LineCodable {
    package init(from decoder: inout LineDecoder) throws(LineDecodingError) {
        switch try decoder.octet() {
        case 1: self = .loop(peer: try decoder.decode())
        case 2: self = .pseudowire(try decoder.decode())
        case let other: throw .unknownValue(UInt64(other), of: "SpanDriverConfiguration")
        }
    }

    package func encode(to encoder: inout LineEncoder) {
        switch self {
        case .loop(let peer):
            encoder.encode(UInt8(1))
            encoder.encode(peer)
        case .pseudowire(let configuration):
            encoder.encode(UInt8(2))
            encoder.encode(configuration)
        }
    }
}

extension PseudowireConfiguration: LineCodable {
    package init(from decoder: inout LineDecoder) throws(LineDecodingError) {
        self.init(
            local: try decoder.decode(), remote: try decoder.decode(), packetMilliseconds: try decoder.decode(),
            rtpHeader: try decoder.decode(), impairment: try decoder.decode())
    }

    package func encode(to encoder: inout LineEncoder) {
        encoder.encode(local)
        encoder.encode(remote)
        encoder.encode(packetMilliseconds)
        encoder.encode(rtpHeader)
        encoder.encode(impairment)
    }
}

extension PseudowireImpairment: LineCodable {
    package init(from decoder: inout LineDecoder) throws(LineDecodingError) {
        self.init(
            clockOffsetPpm: try decoder.decode(), lossPermille: try decoder.decode(),
            reorderPermille: try decoder.decode(), delayMilliseconds: try decoder.decode(), seed: try decoder.decode())
    }

    package func encode(to encoder: inout LineEncoder) {
        encoder.encode(clockOffsetPpm)
        encoder.encode(lossPermille)
        encoder.encode(reorderPermille)
        encoder.encode(delayMilliseconds)
        encoder.encode(seed)
    }
}

extension SpanState: LineCodable {
    package init(from decoder: inout LineDecoder) throws(LineDecodingError) {
        self.init(layer1: try decoder.decode(), layer2Up: try decoder.decode(), layer3Up: try decoder.decode())
    }

    package func encode(to encoder: inout LineEncoder) {
        encoder.encode(layer1)
        encoder.encode(layer2Up)
        encoder.encode(layer3Up)
    }
}

extension LegSnapshot: LineCodable {
    package init(from decoder: inout LineDecoder) throws(LineDecodingError) {
        self.init(
            leg: try decoder.decode(), incoming: try decoder.decode(), channel: try decoder.decode(),
            connected: try decoder.decode(), endpoint: try decoder.decode(), memo: try decoder.decode())
    }

    package func encode(to encoder: inout LineEncoder) {
        encoder.encode(leg)
        encoder.encode(incoming)
        encoder.encode(channel)
        encoder.encode(connected)
        encoder.encode(endpoint)
        encoder.encode(memo)
    }
}

extension GrantedEndpoint: LineCodable {
    package init(from decoder: inout LineDecoder) throws(LineDecodingError) {
        self.init(endpoint: try decoder.decode(), port: try decoder.decode())
    }

    package func encode(to encoder: inout LineEncoder) {
        encoder.encode(endpoint)
        encoder.encode(port)
    }
}
