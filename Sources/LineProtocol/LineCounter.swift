// SPDX-License-Identifier: GPL-2.0-or-later

/// Everything the line program counts: one table for `show counters`, the metrics and the documentation.
package enum LineCounter: Int, Hashable, Sendable, CaseIterable {
    // D channels
    case framesReceived, framesSent, framesRepaired, framesMalformed, framesOverTurnLimit
    case glare, restartsSent, restartsReceived, spanDown
    // Pseudowires
    case pseudowireReceived, pseudowireSent, pseudowireMalformed, pseudowireForeign
    case pseudowireLost, pseudowireReordered, pseudowireLate
    case hdlcErrors
    // Media
    case ticks, ticksLate, rtpReceived, rtpSent, rtpMalformed, rtpUnknownSource, rtpUnknownPayload, rtpLate, rtpLost
    case concealedMilliseconds, digitsFromLine, digitsFromRTP, ringOverflows
    // Calls and the border
    case legsStarted, legsEnded, memosRefused, detachedClearings, commandsRefused, eventsReplayed

    /// The name people and metrics see.
    package var name: String { row.name }
    /// What one more of it means.
    package var sentence: String { row.sentence }

    private var row: (name: String, sentence: String) {
        switch self {
        case .framesReceived: ("dchannel.frames.received", "LAPD frames that came from the line")
        case .framesSent: ("dchannel.frames.sent", "LAPD frames sent to the line")
        case .framesRepaired:
            ("dchannel.frames.repaired", "frames with an information element that never closed, mended")
        case .framesMalformed: ("dchannel.frames.malformed", "frames too short or too long to be LAPD, dropped")
        case .framesOverTurnLimit:
            ("dchannel.frames.deferred", "times a D channel had more frames than one turn handles")
        case .glare: ("calls.glare", "calls lost because both sides took the same channel")
        case .restartsSent: ("channels.restarts.sent", "RESTART messages sent")
        case .restartsReceived: ("channels.restarts.received", "RESTART messages received")
        case .spanDown: ("spans.down", "times layer 2 of a span was lost")
        case .pseudowireReceived: ("pseudowire.packets.received", "pseudowire packets received")
        case .pseudowireSent: ("pseudowire.packets.sent", "pseudowire packets sent")
        case .pseudowireMalformed:
            ("pseudowire.packets.malformed", "pseudowire packets of the wrong length or form, dropped")
        case .pseudowireForeign:
            ("pseudowire.packets.foreign", "packets on a pseudowire's port that its peer did not send, dropped")
        case .pseudowireLost:
            ("pseudowire.packets.lost", "pseudowire packets missing when their time came, replaced by idle")
        case .pseudowireReordered: ("pseudowire.packets.reordered", "pseudowire packets that came out of order in time")
        case .pseudowireLate: ("pseudowire.packets.late", "pseudowire packets that came after their time, dropped")
        case .hdlcErrors: ("dchannel.hdlc.errors", "HDLC frames with a bad FCS, an abort or a bad length")
        case .ticks: ("media.ticks", "10 ms blocks processed, over all clock domains")
        case .ticksLate: ("media.ticks.late", "ticks that began more than 10 ms after they were due")
        case .rtpReceived: ("rtp.packets.received", "RTP packets received")
        case .rtpSent: ("rtp.packets.sent", "RTP packets sent")
        case .rtpMalformed: ("rtp.packets.malformed", "packets on an RTP port that are not RTP, dropped")
        case .rtpUnknownSource:
            ("rtp.packets.unknown-source", "RTP packets from an address that is not the peer's, dropped")
        case .rtpUnknownPayload:
            ("rtp.packets.unknown-payload", "RTP packets of a payload type that was not negotiated, dropped")
        case .rtpLate: ("rtp.packets.late", "RTP packets that came after their time, dropped")
        case .rtpLost: ("rtp.packets.lost", "RTP packets missing when their time came")
        case .concealedMilliseconds: ("rtp.concealed.milliseconds", "audio made up for lost packets")
        case .digitsFromLine: ("digits.line", "DTMF digits heard on B channels")
        case .digitsFromRTP: ("digits.rtp", "DTMF digits received as RFC 4733 events")
        case .ringOverflows: ("rings.overflows", "times a queue between two threads of the line program was full")
        case .legsStarted: ("calls.started", "ISDN legs started, either way")
        case .legsEnded: ("calls.ended", "ISDN legs ended")
        case .memosRefused: ("memos.refused", "call states too large to survive the control program")
        case .detachedClearings: ("calls.cleared.detached", "calls cleared because no control program was there")
        case .commandsRefused: ("commands.refused", "commands the line program refused")
        case .eventsReplayed: ("events.replayed", "events said again to a control program that came back")
        }
    }
}
