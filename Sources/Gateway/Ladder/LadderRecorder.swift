// SPDX-License-Identifier: GPL-2.0-or-later
import LineProtocol
import SIPMessages

/// Turns what passes the gateway into ladders: SIP messages by their Call-ID, Q.931 messages by their channel, notes.
struct LadderRecorder {
    private(set) var book = LadderBook()
    private var correlator = SignallingCorrelator()
    private var callOfCallID: [String: (call: UInt32, peer: String)] = [:]
    /// SIP messages seen before their call was known: the INVITE itself.
    private var orphans: [(callID: String, entry: LadderEntry, message: CapturedMessage)] = []
    /// Call-IDs of ended calls, oldest first, kept for what is sent again.
    private var finished: [String] = []

    private static let maximumOrphans = 256
    private static let maximumFinished = 1_024

    mutating func note(_ call: UInt32?, _ sentence: String, at time: UInt64) {
        book.append(.note(call: call, time: time, sentence))
    }

    mutating func media(_ call: UInt32, _ sentence: String, at time: UInt64) {
        book.append(
            LadderEntry(
                call: call, time: time, kind: .media, from: LadderEntry.gateway, to: LadderEntry.gateway,
                label: sentence))
    }

    /// A SIP message; the peer's name in the ladder is known once its call is.
    mutating func sip(_ captured: CapturedMessage) {
        guard let message = try? SIPMessage.parse(captured.octets) else { return book.capture(captured) }
        let callID = message.callID
        let known = callOfCallID[callID]
        let peer = known?.peer ?? captured.remote
        var entry = LadderEntry(
            call: known?.call, time: captured.time, kind: .sip, from: captured.sent ? LadderEntry.gateway : peer,
            to: captured.sent ? peer : LadderEntry.gateway, label: message.summary,
            detail: message.reasons.map(\.description).joined(separator: ", "))
        if message.body.starts(with: Array("v=".utf8)) { entry.detail += entry.detail.isEmpty ? "SDP" : ", SDP" }
        var captured = captured
        captured.call = known?.call
        guard known != nil else {
            // OPTIONS and REGISTER belong to no call; everything else may be about to.
            if message.method == .options || message.method == .register {
                book.append(entry)
                return book.capture(captured)
            }
            orphans.append((callID, entry, captured))
            if orphans.count > Self.maximumOrphans { letGo(orphans.removeFirst()) }
            return
        }
        book.append(entry)
        book.capture(captured)
    }

    mutating func bind(callID: String, to call: UInt32, peer: String) {
        callOfCallID[callID] = (call, peer)
        let mine = orphans.filter { $0.callID == callID }
        guard !mine.isEmpty else { return }
        orphans.removeAll { $0.callID == callID }
        for (_, entry, message) in mine {
            var (entry, message) = (entry, message)
            entry.call = call
            if entry.from == LadderEntry.gateway { entry.to = peer } else { entry.from = peer }
            message.call = call
            book.append(entry)
            book.capture(message)
        }
    }

    mutating func bind(_ channel: ChannelID, to call: UInt32) {
        for entry in correlator.bind(channel, to: call) { book.append(entry) }
    }

    mutating func frame(
        _ span: SpanID, named name: String, _ direction: FrameDirection, _ octets: [UInt8], at time: UInt64
    ) {
        if let entry = correlator.frame(span, named: name, direction, octets, at: time) { book.append(entry) }
        book.capture(
            CapturedMessage(
                call: nil, time: time, interface: .lapd, name: name, sent: direction == .sent, octets: octets))
    }

    mutating func ended(_ call: UInt32, callID: String?) {
        correlator.ended(call)
        guard let callID else { return }
        finished.append(callID)
        guard finished.count > Self.maximumFinished else { return }
        callOfCallID[finished.removeFirst()] = nil
    }

    mutating func lineLost() {
        correlator.reset()
    }

    private mutating func letGo(_ orphan: (callID: String, entry: LadderEntry, message: CapturedMessage)) {
        book.append(orphan.entry)
        book.capture(orphan.message)
    }
}
