// SPDX-License-Identifier: GPL-2.0-or-later
package import LineProtocol

/// RTP endpoints the line program bound ahead and granted, waiting for a call: an SDP answer costs no round trip.
package struct EndpointPool {
    /// How many should be waiting; the line program grants new ones as these are opened.
    package let target: UInt16
    private var waiting: [GrantedEndpoint] = []
    private var first = 0

    package init(target: UInt16) {
        self.target = target
    }

    package var count: Int { waiting.count - first }

    package mutating func granted(_ endpoints: [GrantedEndpoint]) {
        waiting.removeFirst(first)
        first = 0
        waiting.append(contentsOf: endpoints)
    }

    /// The endpoint that has waited longest, so that a port rests a while after a call; nil when none waits.
    package mutating func take() -> GrantedEndpoint? {
        guard first < waiting.count else { return nil }
        defer { first += 1 }
        return waiting[first]
    }

    /// The line program died, and its sockets with it.
    package mutating func reset() {
        waiting.removeAll()
        first = 0
    }
}
