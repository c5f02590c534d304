// SPDX-License-Identifier: GPL-2.0-or-later
package import LineProtocol

/// Why the media engine did not do what it was asked.
package enum MediaError: Error, Hashable, Sendable, CustomStringConvertible {
    case unknownLeg(LegID)
    case unknownEndpoint(EndpointID)
    case unknownSpan(SpanID)
    case spanInUse(SpanID)
    case channelInUse(ChannelID, by: LegID)
    case noSuchTimeslot(ChannelID)
    case legHasChannel(LegID, ChannelID)
    case endpointNotOpen(EndpointID)
    case badPorts(first: UInt16, last: UInt16)
    case badPacketTime(UInt8)
    case addressFamily(EndpointID)
    case unsupportedBridge
    case noTelephoneEvents(EndpointID)
    case badDigits(String)
    case file(path: String, reason: String)
    case noRoom(String)
    case system(String)

    package var description: String {
        switch self {
        case .unknownLeg(let leg): "leg \(leg) has no channel open"
        case .unknownEndpoint(let endpoint): "endpoint \(endpoint) was never granted, or is closed"
        case .unknownSpan(let span): "span \(span) is not configured"
        case .spanInUse(let span): "span \(span) has calls on it: clear them first"
        case .channelInUse(let channel, by: let leg): "channel \(channel) belongs to leg \(leg)"
        case .noSuchTimeslot(let channel): "channel \(channel) does not exist on its span"
        case .legHasChannel(let leg, let channel): "leg \(leg) has channel \(channel): close that first"
        case .endpointNotOpen(let endpoint): "endpoint \(endpoint) is granted, but not open"
        case .badPorts(let first, let last):
            "RTP ports \(first)-\(last) hold no even port: give a range whose first is below its last"
        case .badPacketTime(let milliseconds): "packets of \(milliseconds) ms: 10 to 60 in steps of 10 can be had"
        case .addressFamily(let endpoint):
            "endpoint \(endpoint) cannot reach its peer: one has an IPv4, the other an IPv6 address"
        case .unsupportedBridge: "only a channel and an endpoint can be bridged"
        case .noTelephoneEvents(let endpoint):
            "endpoint \(endpoint) did not agree on telephone events: digits cannot be sent there"
        case .badDigits(let digits): "\"\(digits)\" is not 1 to 32 of 0-9 * # A-D"
        case .file(let path, let reason): "\(path): \(reason)"
        case .noRoom(let what): "no room for another \(what)"
        case .system(let what): what
        }
    }
}
