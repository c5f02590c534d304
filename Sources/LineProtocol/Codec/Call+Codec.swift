// SPDX-License-Identifier: GPL-2.0-or-later
import ISDN

extension CallTimer: LineCodable {}
extension EndInitiator: LineCodable {}

extension SetupRequest: LineCodable {
    package init(from decoder: inout LineDecoder) throws(LineDecodingError) {
        self.init(
            spans: try decoder.decode(), bearer: try decoder.decode(), called: try decoder.decode(),
            calling: try decoder.decode(), callingName: try decoder.decode(), progress: try decoder.decode(),
            timers: try decoder.decode())
    }

    package func encode(to encoder: inout LineEncoder) {
        encoder.encode(spans)
        encoder.encode(bearer)
        encoder.encode(called)
        encoder.encode(calling)
        encoder.encode(callingName)
        encoder.encode(progress)
        encoder.encode(timers)
    }
}

extension CallTimers: LineCodable {
    package init(from decoder: inout LineDecoder) throws(LineDecodingError) {
        self.init(
            t301Milliseconds: try decoder.decode(), t304Milliseconds: try decoder.decode(),
            t310Milliseconds: try decoder.decode())
    }

    package func encode(to encoder: inout LineEncoder) {
        encoder.encode(t301Milliseconds)
        encoder.encode(t304Milliseconds)
        encoder.encode(t310Milliseconds)
    }
}

extension IncomingCall: LineCodable {
    package init(from decoder: inout LineDecoder) throws(LineDecodingError) {
        self.init(
            channel: try decoder.decode(), bearer: try decoder.decode(), called: try decoder.decode(),
            calling: try decoder.decode(), callingName: try decoder.decode(), redirecting: try decoder.decode(),
            sendingComplete: try decoder.decode(), progress: try decoder.decode())
    }

    package func encode(to encoder: inout LineEncoder) {
        encoder.encode(channel)
        encoder.encode(bearer)
        encoder.encode(called)
        encoder.encode(calling)
        encoder.encode(callingName)
        encoder.encode(redirecting)
        encoder.encode(sendingComplete)
        encoder.encode(progress)
    }
}

extension OutgoingCallMessage: LineCodable {
    package init(from decoder: inout LineDecoder) throws(LineDecodingError) {
        switch try decoder.octet() {
        case 1: self = .proceeding(try decoder.decode())
        case 2: self = .alerting(try decoder.decode())
        case 3: self = .progress(try decoder.decode())
        case 4: self = .connect
        case let other: throw .unknownValue(UInt64(other), of: "OutgoingCallMessage")
        }
    }

    package func encode(to encoder: inout LineEncoder) {
        switch self {
        case .proceeding(let progress):
            encoder.encode(UInt8(1))
            encoder.encode(progress)
        case .alerting(let progress):
            encoder.encode(UInt8(2))
            encoder.encode(progress)
        case .progress(let progress):
            encoder.encode(UInt8(3))
            encoder.encode(progress)
        case .connect: encoder.encode(UInt8(4))
        }
    }
}

extension ReceivedCallMessage: LineCodable {
    package init(from decoder: inout LineDecoder) throws(LineDecodingError) {
        switch try decoder.octet() {
        case 1: self = .setupAcknowledge(try decoder.decode())
        case 2: self = .proceeding(try decoder.decode())
        case 3: self = .alerting(try decoder.decode())
        case 4: self = .progress(try decoder.decode(), try decoder.decode())
        case 5: self = .connect
        case 6: self = .connectAcknowledge
        case 7: self = .disconnect(try decoder.decode(), try decoder.decode())
        case let other: throw .unknownValue(UInt64(other), of: "ReceivedCallMessage")
        }
    }

    package func encode(to encoder: inout LineEncoder) {
        switch self {
        case .setupAcknowledge(let progress):
            encoder.encode(UInt8(1))
            encoder.encode(progress)
        case .proceeding(let progress):
            encoder.encode(UInt8(2))
            encoder.encode(progress)
        case .alerting(let progress):
            encoder.encode(UInt8(3))
            encoder.encode(progress)
        case .progress(let progress, let cause):
            encoder.encode(UInt8(4))
            encoder.encode(progress)
            encoder.encode(cause)
        case .connect: encoder.encode(UInt8(5))
        case .connectAcknowledge: encoder.encode(UInt8(6))
        case .disconnect(let cause, let location):
            encoder.encode(UInt8(7))
            encoder.encode(cause)
            encoder.encode(location)
        }
    }
}

extension EndReport: LineCodable {
    package init(from decoder: inout LineDecoder) throws(LineDecodingError) {
        self.init(
            cause: try decoder.decode(), location: try decoder.decode(), initiator: try decoder.decode(),
            timer: try decoder.decode(), channel: try decoder.decode(), startedWall: try decoder.decode(),
            alertingWall: try decoder.decode(), connectedWall: try decoder.decode(), endedWall: try decoder.decode(),
            media: try decoder.decode())
    }

    package func encode(to encoder: inout LineEncoder) {
        encoder.encode(cause)
        encoder.encode(location)
        encoder.encode(initiator)
        encoder.encode(timer)
        encoder.encode(channel)
        encoder.encode(startedWall)
        encoder.encode(alertingWall)
        encoder.encode(connectedWall)
        encoder.encode(endedWall)
        encoder.encode(media)
    }
}
