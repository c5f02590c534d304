// SPDX-License-Identifier: GPL-2.0-or-later
package import LineProtocol
package import SDP

extension CallMemo: LineCodable {
    package init(from decoder: inout LineDecoder) throws(LineDecodingError) {
        let version = try decoder.decode(UInt8.self)
        guard version == Self.version else { throw .unknownValue(UInt64(version), of: "version of a call's memo") }
        self.init(
            record: try decoder.decode(), originating: try decoder.decode(), terminating: try decoder.decode(),
            dialog: try decoder.decode())
    }

    package func encode(to encoder: inout LineEncoder) {
        encoder.encode(Self.version)
        encoder.encode(record)
        encoder.encode(originating)
        encoder.encode(terminating)
        encoder.encode(dialog)
    }
}

extension CallMemo.Leg: LineCodable {
    package init(from decoder: inout LineDecoder) throws(LineDecodingError) {
        switch try decoder.decode(UInt8.self) {
        case 1: self = .isdn(try decoder.decode(), role: try decoder.decode())
        case 2: self = .sip(try decoder.decode())
        case let other: throw .unknownValue(UInt64(other), of: "leg of a memo")
        }
    }

    package func encode(to encoder: inout LineEncoder) {
        switch self {
        case .isdn(let leg, let role):
            encoder.encode(UInt8(1))
            encoder.encode(leg)
            encoder.encode(role)
        case .sip(let part):
            encoder.encode(UInt8(2))
            encoder.encode(part)
        }
    }
}

extension CallMemo.SIPPart: LineCodable {
    package init(from decoder: inout LineDecoder) throws(LineDecodingError) {
        self.init(
            target: try decoder.decode(), grant: try decoder.decode(), description: try decoder.decode(),
            parameters: try decoder.decode())
    }

    package func encode(to encoder: inout LineEncoder) {
        encoder.encode(target)
        encoder.encode(grant)
        encoder.encode(description)
        encoder.encode(parameters)
    }
}

extension MediaGrant: LineCodable {
    package init(from decoder: inout LineDecoder) throws(LineDecodingError) {
        let endpoint = try decoder.decode(EndpointID.self)
        let sessionID = try decoder.decode(UInt64.self)
        let jitter = try decoder.decode(UInt16.self)
        let address = try decoder.decode(String.self)
        let port = try decoder.decode(UInt16.self)
        let ptime = try decoder.decode(UInt8.self)
        let telephoneEvent = try decoder.decode(UInt8?.self)
        let codecs = try decoder.decode([AudioCodec].self)
        self.init(
            endpoint: endpoint,
            local: LocalAudio(
                address: address, port: port, codecs: codecs, ptime: Int(ptime), telephoneEvent: telephoneEvent),
            sessionID: sessionID, jitterMilliseconds: jitter)
    }

    package func encode(to encoder: inout LineEncoder) {
        encoder.encode(endpoint)
        encoder.encode(sessionID)
        encoder.encode(jitterMilliseconds)
        encoder.encode(local.address)
        encoder.encode(local.port)
        encoder.encode(UInt8(clamping: local.ptime))
        encoder.encode(local.telephoneEvent)
        encoder.encode(local.codecs)
    }
}

/// G.711, which is all a memo holds: its rate and channels are known.
extension AudioCodec: LineCodable {
    package init(from decoder: inout LineDecoder) throws(LineDecodingError) {
        self.init(encoding: try decoder.decode(), payloadType: try decoder.decode())
    }

    package func encode(to encoder: inout LineEncoder) {
        encoder.encode(encoding)
        encoder.encode(payloadType)
    }
}

extension CallRecord: LineCodable {
    package init(from decoder: inout LineDecoder) throws(LineDecodingError) {
        self.init(
            call: try decoder.decode(), started: try decoder.decode(), from: try decoder.decode(),
            caller: try decoder.decode(), called: try decoder.decode())
        alerting = try decoder.decode()
        answered = try decoder.decode()
        ended = try decoder.decode()
        to = try decoder.decode()
        callerName = try decoder.decode()
        dialled = try decoder.decode()
        cause = try decoder.decode()
        status = try decoder.decode()
        let who = try decoder.decode(String.self)
        guard let known = EndedBy(rawValue: who) else { throw .invalidText }
        endedBy = known
        remark = try decoder.decode()
        channel = try decoder.decode()
        sipCallID = try decoder.decode()
        codec = try decoder.decode()
        packetsReceived = try decoder.decode()
        packetsSent = try decoder.decode()
        packetsLost = try decoder.decode()
        concealedMilliseconds = try decoder.decode()
    }

    package func encode(to encoder: inout LineEncoder) {
        encoder.encode(call)
        encoder.encode(started)
        encoder.encode(from)
        encoder.encode(caller)
        encoder.encode(called)
        encoder.encode(alerting)
        encoder.encode(answered)
        encoder.encode(ended)
        encoder.encode(to)
        encoder.encode(callerName)
        encoder.encode(dialled)
        encoder.encode(cause)
        encoder.encode(status)
        encoder.encode(endedBy.rawValue)
        encoder.encode(remark)
        encoder.encode(channel)
        encoder.encode(sipCallID)
        encoder.encode(codec)
        encoder.encode(packetsReceived)
        encoder.encode(packetsSent)
        encoder.encode(packetsLost)
        encoder.encode(concealedMilliseconds)
    }
}
