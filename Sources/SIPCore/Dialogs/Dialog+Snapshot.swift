// SPDX-License-Identifier: GPL-2.0-or-later

import SIPMessages

extension Dialog {
    func write(to writer: inout SnapshotWriter) {
        writer.write([id.callID, id.localTag, id.remoteTag])
        writer.write([local.description, remote.description, remoteTarget.description])
        writer.write(routeSet.map(\.description))
        writer.write(localSequence)
        writer.write(remoteSequence)
        writer.write(isConfirmed)
    }

    init(from reader: inout SnapshotReader) throws(SnapshotError) {
        let identifiers = try reader.texts()
        let parties = try reader.texts()
        let routes = try reader.texts()
        guard identifiers.count == 3, parties.count == 3, let local = NameAddress(parties[0]),
            let remote = NameAddress(parties[1]), let target = SIPURI(parties[2])
        else { throw .malformed }
        let routeSet = routes.compactMap { NameAddress($0) }
        guard routeSet.count == routes.count else { throw .malformed }
        self.init(
            id: ID(callID: identifiers[0], localTag: identifiers[1], remoteTag: identifiers[2]), local: local,
            remote: remote, remoteTarget: target, routeSet: routeSet, localSequence: try reader.optionalNumber(),
            remoteSequence: try reader.optionalNumber(), isConfirmed: try reader.flag())
    }
}
