// SPDX-License-Identifier: GPL-2.0-or-later
import ISDN

extension BridgeDirection: LineCodable {}
extension Tone: LineCodable {}
extension DigitSource: LineCodable {}

extension EndpointParameters: LineCodable {
    package init(from decoder: inout LineDecoder) throws(LineDecodingError) {
        self.init(
            remote: try decoder.decode(), law: try decoder.decode(), sendPayloadType: try decoder.decode(),
            receivePayloadType: try decoder.decode(), sendTelephoneEventType: try decoder.decode(),
            receiveTelephoneEventType: try decoder.decode(), packetMilliseconds: try decoder.decode(),
            jitterMilliseconds: try decoder.decode(), sending: try decoder.decode(), receiving: try decoder.decode())
    }

    package func encode(to encoder: inout LineEncoder) {
        encoder.encode(remote)
        encoder.encode(law)
        encoder.encode(sendPayloadType)
        encoder.encode(receivePayloadType)
        encoder.encode(sendTelephoneEventType)
        encoder.encode(receiveTelephoneEventType)
        encoder.encode(packetMilliseconds)
        encoder.encode(jitterMilliseconds)
        encoder.encode(sending)
        encoder.encode(receiving)
    }
}

extension Playback: LineCodable {
    package init(from decoder: inout LineDecoder) throws(LineDecodingError) {
        switch try decoder.octet() {
        case 1: self = .none
        case 2: self = .tone(try decoder.decode())
        case 3: self = .file(path: try decoder.decode(), repeats: try decoder.decode())
        case let other: throw .unknownValue(UInt64(other), of: "Playback")
        }
    }

    package func encode(to encoder: inout LineEncoder) {
        switch self {
        case .none: encoder.encode(UInt8(1))
        case .tone(let tone):
            encoder.encode(UInt8(2))
            encoder.encode(tone)
        case .file(let path, let repeats):
            encoder.encode(UInt8(3))
            encoder.encode(path)
            encoder.encode(repeats)
        }
    }
}

extension MediaFacts: LineCodable {
    package init(from decoder: inout LineDecoder) throws(LineDecodingError) {
        self.init()
        packetsReceived = try decoder.decode()
        packetsSent = try decoder.decode()
        packetsLost = try decoder.decode()
        packetsLate = try decoder.decode()
        packetsDuplicate = try decoder.decode()
        packetsReordered = try decoder.decode()
        packetsMalformed = try decoder.decode()
        concealedMilliseconds = try decoder.decode()
        bufferResets = try decoder.decode()
        digitsFromLine = try decoder.decode()
        digitsFromRTP = try decoder.decode()
    }

    package func encode(to encoder: inout LineEncoder) {
        encoder.encode(packetsReceived)
        encoder.encode(packetsSent)
        encoder.encode(packetsLost)
        encoder.encode(packetsLate)
        encoder.encode(packetsDuplicate)
        encoder.encode(packetsReordered)
        encoder.encode(packetsMalformed)
        encoder.encode(concealedMilliseconds)
        encoder.encode(bufferResets)
        encoder.encode(digitsFromLine)
        encoder.encode(digitsFromRTP)
    }
}
