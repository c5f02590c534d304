// SPDX-License-Identifier: GPL-2.0-or-later

/// Calls that are up, written down so that they outlive the control program.
extension SIPEndpoint {
    private static var snapshotVersion: UInt64 { 1 }

    /// Requests sent between the last snapshot and a crash have used numbers that it does not know: we go on well beyond.
    private static var sequenceGap: UInt32 { 100 }

    /// The session as octets; `nil` unless it is up. To be taken again after every change: an answer, a re-INVITE.
    package func snapshot(_ id: SessionID) -> [UInt8]? {
        guard let session = sessions[id], session.phase == .confirmed, let dialog = session.dialog else { return nil }
        var writer = SnapshotWriter()
        writer.write(Self.snapshotVersion)
        writer.write([session.transport.rawValue, session.local.host, session.contactUser ?? "", session.localTag])
        writer.write(UInt64(session.local.port))
        writer.write(session.contactUser != nil)
        writer.write(session.peer?.host ?? "")
        writer.write(UInt64(session.peer?.port ?? 0))
        dialog.write(to: &writer)
        return writer.bytes
    }

    /// Takes a session up again, under a new id. Connections are gone; what was unacknowledged counts as acknowledged.
    package mutating func restore(_ bytes: [UInt8], now: UInt64) throws(SnapshotError) -> SessionID {
        advance(to: now)
        var reader = SnapshotReader(bytes)
        guard try reader.number() == Self.snapshotVersion else { throw .unknownVersion }
        let texts = try reader.texts()
        guard texts.count == 4, let transport = SIPTransportKind(rawValue: texts[0]),
            let port = UInt16(exactly: try reader.number())
        else { throw .malformed }
        let hasUser = try reader.flag()
        let peer = try reader.text()
        guard let peerPort = UInt16(exactly: try reader.number()) else { throw .malformed }
        var dialog = try Dialog(from: &reader)
        guard reader.isAtEnd, dialog.isConfirmed, dialog.id.localTag == texts[3], dialogs[dialog.id] == nil else {
            throw .malformed
        }
        dialog.localSequence = (dialog.localSequence ?? 0) &+ Self.sequenceGap
        let id = SessionID(rawValue: nextSerial())
        var session = Session(
            phase: .confirmed, transport: transport, local: SIPAddress(host: texts[1], port: port), connection: nil,
            contactUser: hasUser ? texts[2] : nil, localTag: texts[3])
        session.dialog = dialog
        if !peer.isEmpty { session.peer = SIPAddress(host: peer, port: peerPort) }
        sessions[id] = session
        dialogs[dialog.id] = id
        return id
    }
}
