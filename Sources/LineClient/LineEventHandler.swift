// SPDX-License-Identifier: GPL-2.0-or-later
package import LineProtocol

/// Who hears the line program. Called on the connection's event loop alone, in the order things happened.
package protocol LineEventHandler: AnyObject {
    /// An event of the call lane: the snapshot's first, then numbered ones without a gap.
    func line(_ event: NumberedEvent)
    /// A record of the bulk lane; there may be gaps, which `BulkRecord.dropped` counts.
    func bulk(_ record: BulkRecord)
    /// The call lane has ended; nothing comes after this. Not called after `detach` or `close`.
    func lineLost(_ loss: LineLoss)
}

/// What the line program said of itself when it took our hello.
package struct LineWelcome: Hashable, Sendable {
    package var version: UInt16
    /// Another number means another life of the line program: every earlier leg and event number is void.
    package var bootID: UInt64
    /// Ours: the epoch of the legs this connection starts.
    package var epoch: UInt32

    package init(version: UInt16, bootID: UInt64, epoch: UInt32) {
        self.version = version
        self.bootID = bootID
        self.epoch = epoch
    }
}

/// Why the call lane ended.
package enum LineLoss: Hashable, Sendable, CustomStringConvertible {
    /// The line program ended, or was killed.
    case closed
    /// It closed the lane and said why: a newer control program, mostly.
    case refused(reason: String)
    /// It sent what cannot be read.
    case unreadable(reason: String)
    case inputOutput(reason: String)

    package var description: String {
        switch self {
        case .closed: "the line program has gone"
        case .refused(let reason): "the line program closed the lane: \(reason)"
        case .unreadable(let reason):
            "the line program sent what cannot be read (\(reason)): run programs of one version"
        case .inputOutput(let reason): "reading from the line program failed: \(reason)"
        }
    }
}
