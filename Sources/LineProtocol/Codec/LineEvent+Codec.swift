// SPDX-License-Identifier: GPL-2.0-or-later

extension LineEvent: LineCodable {
    package init(from decoder: inout LineDecoder) throws(LineDecodingError) {
        switch try decoder.octet() {
        case 1: self = .welcome(version: try decoder.decode(), bootID: try decoder.decode())
        case 2: self = .refused(try decoder.decode(), reason: try decoder.decode())
        case 3: self = .spanSnapshot(try decoder.decode(), try decoder.decode())
        case 4: self = .channelSnapshot(try decoder.decode(), try decoder.decode(), try decoder.decode())
        case 5: self = .legSnapshot(try decoder.decode())
        case 6: self = .snapshotEnd
        case 7: self = .spanState(try decoder.decode(), try decoder.decode())
        case 8: self = .channelState(try decoder.decode(), try decoder.decode(), try decoder.decode())
        case 9: self = .incoming(try decoder.decode(), try decoder.decode())
        case 10: self = .received(try decoder.decode(), try decoder.decode())
        case 11: self = .seized(try decoder.decode(), try decoder.decode())
        case 12: self = .glare(try decoder.decode(), try decoder.decode())
        case 13: self = .timerExpired(try decoder.decode(), try decoder.decode())
        case 14: self = .ended(try decoder.decode(), try decoder.decode())
        case 15: self = .granted(try decoder.decode())
        case 16: self = .firstPacket(try decoder.decode())
        case 17:
            self = .digit(
                try decoder.decode(), digit: try decoder.decode(), milliseconds: try decoder.decode(),
                try decoder.decode())
        case 18: self = .played(try decoder.decode())
        case let other: throw .unknownValue(UInt64(other), of: "LineEvent")
        }
    }

    package func encode(to encoder: inout LineEncoder) {
        switch self {
        case .welcome(let version, let bootID):
            encoder.encode(UInt8(1))
            encoder.encode(version)
            encoder.encode(bootID)
        case .refused(let command, let reason):
            encoder.encode(UInt8(2))
            encoder.encode(command)
            encoder.encode(reason)
        case .spanSnapshot(let configuration, let state):
            encoder.encode(UInt8(3))
            encoder.encode(configuration)
            encoder.encode(state)
        case .channelSnapshot(let channel, let state, let leg):
            encoder.encode(UInt8(4))
            encoder.encode(channel)
            encoder.encode(state)
            encoder.encode(leg)
        case .legSnapshot(let snapshot):
            encoder.encode(UInt8(5))
            encoder.encode(snapshot)
        case .snapshotEnd: encoder.encode(UInt8(6))
        case .spanState(let span, let state):
            encoder.encode(UInt8(7))
            encoder.encode(span)
            encoder.encode(state)
        case .channelState(let channel, let state, let leg):
            encoder.encode(UInt8(8))
            encoder.encode(channel)
            encoder.encode(state)
            encoder.encode(leg)
        case .incoming(let leg, let call):
            encoder.encode(UInt8(9))
            encoder.encode(leg)
            encoder.encode(call)
        case .received(let leg, let message):
            encoder.encode(UInt8(10))
            encoder.encode(leg)
            encoder.encode(message)
        case .seized(let leg, let channel):
            encoder.encode(UInt8(11))
            encoder.encode(leg)
            encoder.encode(channel)
        case .glare(let leg, let channel):
            encoder.encode(UInt8(12))
            encoder.encode(leg)
            encoder.encode(channel)
        case .timerExpired(let leg, let timer):
            encoder.encode(UInt8(13))
            encoder.encode(leg)
            encoder.encode(timer)
        case .ended(let leg, let report):
            encoder.encode(UInt8(14))
            encoder.encode(leg)
            encoder.encode(report)
        case .granted(let endpoints):
            encoder.encode(UInt8(15))
            encoder.encode(endpoints)
        case .firstPacket(let endpoint):
            encoder.encode(UInt8(16))
            encoder.encode(endpoint)
        case .digit(let port, let digit, let milliseconds, let source):
            encoder.encode(UInt8(17))
            encoder.encode(port)
            encoder.encode(digit)
            encoder.encode(milliseconds)
            encoder.encode(source)
        case .played(let port):
            encoder.encode(UInt8(18))
            encoder.encode(port)
        }
    }
}

extension RefusedCommand: LineCodable {
    package init(from decoder: inout LineDecoder) throws(LineDecodingError) {
        switch try decoder.octet() {
        case 1: self = .hello
        case 2: self = .memo(try decoder.decode())
        case 3: self = .span(try decoder.decode())
        case 4: self = .channel(try decoder.decode())
        case 5: self = .leg(try decoder.decode())
        case 6: self = .endpoint(try decoder.decode())
        case 7: self = .rtp
        case 8: self = .unreadable
        case let other: throw .unknownValue(UInt64(other), of: "RefusedCommand")
        }
    }

    package func encode(to encoder: inout LineEncoder) {
        switch self {
        case .hello: encoder.encode(UInt8(1))
        case .memo(let leg):
            encoder.encode(UInt8(2))
            encoder.encode(leg)
        case .span(let span):
            encoder.encode(UInt8(3))
            encoder.encode(span)
        case .channel(let channel):
            encoder.encode(UInt8(4))
            encoder.encode(channel)
        case .leg(let leg):
            encoder.encode(UInt8(5))
            encoder.encode(leg)
        case .endpoint(let endpoint):
            encoder.encode(UInt8(6))
            encoder.encode(endpoint)
        case .rtp: encoder.encode(UInt8(7))
        case .unreadable: encoder.encode(UInt8(8))
        }
    }
}

extension NumberedEvent: LineCodable {
    package init(from decoder: inout LineDecoder) throws(LineDecodingError) {
        self.init(
            sequence: try decoder.decode(), monotonicNanoseconds: try decoder.decode(),
            wallNanoseconds: try decoder.decode(), event: try decoder.decode())
    }

    package func encode(to encoder: inout LineEncoder) {
        encoder.encode(sequence)
        encoder.encode(monotonicNanoseconds)
        encoder.encode(wallNanoseconds)
        encoder.encode(event)
    }
}
