// SPDX-License-Identifier: GPL-2.0-or-later
import LineProtocol

/// What the media and packet threads count for the whole program, in an order of its own that needs no call to look up.
enum MediaCounter: Int, CaseIterable {
    case ticks, ticksLate, rtpReceived, rtpSent, rtpMalformed, rtpUnknownSource, rtpUnknownPayload, rtpLate, rtpLost
    case concealedMilliseconds, digitsFromLine, digitsFromRTP, ringOverflows

    var counter: LineCounter {
        switch self {
        case .ticks: .ticks
        case .ticksLate: .ticksLate
        case .rtpReceived: .rtpReceived
        case .rtpSent: .rtpSent
        case .rtpMalformed: .rtpMalformed
        case .rtpUnknownSource: .rtpUnknownSource
        case .rtpUnknownPayload: .rtpUnknownPayload
        case .rtpLate: .rtpLate
        case .rtpLost: .rtpLost
        case .concealedMilliseconds: .concealedMilliseconds
        case .digitsFromLine: .digitsFromLine
        case .digitsFromRTP: .digitsFromRTP
        case .ringOverflows: .ringOverflows
        }
    }
}
