// SPDX-License-Identifier: GPL-2.0-or-later
import ISDN

extension LineCommand: LineCodable {
    package init(from decoder: inout LineDecoder) throws(LineDecodingError) {
        switch try decoder.octet() {
        case 1: self = .hello(versions: try decoder.decode(), epoch: try decoder.decode())
        case 2: self = .attach(lastEvent: try decoder.decode())
        case 3: self = .acknowledge(event: try decoder.decode())
        case 4: self = .memo(try decoder.decode(), try decoder.decode())
        case 5: self = .detach
        case 6: self = .shutdown(drain: try decoder.decode())
        case 7: self = .configure(try decoder.decode())
        case 8: self = .restart(try decoder.decode())
        case 9: self = .setup(try decoder.decode(), try decoder.decode())
        case 10: self = .send(try decoder.decode(), try decoder.decode())
        case 11: self = .clear(try decoder.decode(), try decoder.decode())
        case 12:
            self = .rtp(bind: try decoder.decode(), firstPort: try decoder.decode(), lastPort: try decoder.decode())
        case 13: self = .wantEndpoints(try decoder.decode())
        case 14: self = .open(try decoder.decode(), try decoder.decode())
        case 15: self = .close(try decoder.decode())
        case 16: self = .bridge(try decoder.decode(), try decoder.decode(), try decoder.decode())
        case 17: self = .unbridge(try decoder.decode())
        case 18: self = .play(try decoder.decode(), try decoder.decode())
        case 19: self = .digits(try decoder.decode(), try decoder.decode())
        case 20: self = .detectDigits(try decoder.decode(), try decoder.decode())
        case 21: self = .echo(try decoder.decode(), delayMilliseconds: try decoder.decode())
        case let other: throw .unknownValue(UInt64(other), of: "LineCommand")
        }
    }

    package func encode(to encoder: inout LineEncoder) {
        switch self {
        case .hello(let versions, let epoch):
            encoder.encode(UInt8(1))
            encoder.encode(versions)
            encoder.encode(epoch)
        case .attach(let lastEvent):
            encoder.encode(UInt8(2))
            encoder.encode(lastEvent)
        case .acknowledge(let event):
            encoder.encode(UInt8(3))
            encoder.encode(event)
        case .memo(let leg, let octets):
            encoder.encode(UInt8(4))
            encoder.encode(leg)
            encoder.encode(octets)
        case .detach: encoder.encode(UInt8(5))
        case .shutdown(let drain):
            encoder.encode(UInt8(6))
            encoder.encode(drain)
        case .configure(let span):
            encoder.encode(UInt8(7))
            encoder.encode(span)
        case .restart(let channel):
            encoder.encode(UInt8(8))
            encoder.encode(channel)
        case .setup(let leg, let request):
            encoder.encode(UInt8(9))
            encoder.encode(leg)
            encoder.encode(request)
        case .send(let leg, let message):
            encoder.encode(UInt8(10))
            encoder.encode(leg)
            encoder.encode(message)
        case .clear(let leg, let cause):
            encoder.encode(UInt8(11))
            encoder.encode(leg)
            encoder.encode(cause)
        case .rtp(let bind, let firstPort, let lastPort):
            encoder.encode(UInt8(12))
            encoder.encode(bind)
            encoder.encode(firstPort)
            encoder.encode(lastPort)
        case .wantEndpoints(let count):
            encoder.encode(UInt8(13))
            encoder.encode(count)
        case .open(let endpoint, let parameters):
            encoder.encode(UInt8(14))
            encoder.encode(endpoint)
            encoder.encode(parameters)
        case .close(let endpoint):
            encoder.encode(UInt8(15))
            encoder.encode(endpoint)
        case .bridge(let first, let second, let direction):
            encoder.encode(UInt8(16))
            encoder.encode(first)
            encoder.encode(second)
            encoder.encode(direction)
        case .unbridge(let port):
            encoder.encode(UInt8(17))
            encoder.encode(port)
        case .play(let port, let playback):
            encoder.encode(UInt8(18))
            encoder.encode(port)
            encoder.encode(playback)
        case .digits(let port, let digits):
            encoder.encode(UInt8(19))
            encoder.encode(port)
            encoder.encode(digits)
        case .detectDigits(let leg, let detects):
            encoder.encode(UInt8(20))
            encoder.encode(leg)
            encoder.encode(detects)
        case .echo(let leg, let delayMilliseconds):
            encoder.encode(UInt8(21))
            encoder.encode(leg)
            encoder.encode(delayMilliseconds)
        }
    }
}
