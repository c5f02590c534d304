// SPDX-License-Identifier: GPL-2.0-or-later
import ISDN
import LineProtocol

extension [ProgressIndicator] {
    /// Whether one of them says that the B channel carries something for the caller (RFC 3398 section 7.2.5: 1 and 8).
    var announceAudio: Bool { contains { $0.description.announcesAudio } }
}

extension CallTimer {
    var sentence: String {
        switch self {
        case .t301: "T301 expired: it rang too long"
        case .t304: "T304 expired: the line waited for more digits"
        case .t310: "T310 expired: nothing came after CALL PROCEEDING"
        }
    }
}

extension EndReport {
    /// What went wrong, when the line program ended the call of itself; else empty.
    var sentence: String {
        guard initiator == .line else { return "" }
        if let timer { return timer.sentence }
        return switch cause {
        case .noCircuitAvailable: "no channel was free"
        case .networkOutOfOrder, .destinationOutOfOrder: "the D channel is down"
        default: "ended by the line program with cause \(cause.rawValue), \(cause.name)"
        }
    }
}
