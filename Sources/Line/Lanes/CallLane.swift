// SPDX-License-Identifier: GPL-2.0-or-later
import LineProtocol

/// One connection to the call lane's socket: everything is kept until the peer takes it, or counts as dead.
final class CallLane {
    /// So much unread is a peer that has stopped, whatever the clock says.
    static let limit = 16 << 20

    let id: LaneID
    let socket: LaneSocket
    private var output: [UInt8] = []
    private var start = 0
    /// Since when the peer has taken nothing of what waits; nil when nothing waits. Monotonic nanoseconds.
    private(set) var stuckSince: UInt64?
    private(set) var isBroken = false

    init(_ id: LaneID, _ socket: LaneSocket) {
        self.id = id
        self.socket = socket
    }

    var hasOutput: Bool { start < output.count }

    func queue(_ event: NumberedEvent) {
        // An event too long for a frame cannot be: its parts come from frames of the line.
        guard !isBroken, let frame = try? event.framed() else { return }
        output += frame
    }

    /// Hands over what the peer takes.
    func flush(now: UInt64) {
        while hasOutput, !isBroken {
            guard let count = socket.write(output[start...]) else {
                isBroken = true
                return
            }
            guard count > 0 else {
                if stuckSince == nil { stuckSince = now }
                isBroken = output.count - start > Self.limit
                return
            }
            start += count
            stuckSince = nil
        }
        output.removeAll(keepingCapacity: output.count < 1 << 20)
        start = 0
    }

    /// When an undrained lane counts as dead.
    var deadline: UInt64? { stuckSince.map { $0 &+ Lane.drainLimitMilliseconds * 1_000_000 } }
}
