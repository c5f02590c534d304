// SPDX-License-Identifier: GPL-2.0-or-later

/// One leg, named by whoever starts it: the control program counts within its epoch, the line program with epoch 0.
package struct LegID: Hashable, Sendable, Comparable, CustomStringConvertible {
    package var epoch: UInt32
    package var counter: UInt32

    package init(epoch: UInt32, counter: UInt32) {
        self.epoch = epoch
        self.counter = counter
    }

    package var startedByLine: Bool { epoch == 0 }
    package var description: String { "\(epoch).\(counter)" }

    package static func < (a: LegID, b: LegID) -> Bool {
        (a.epoch, a.counter) < (b.epoch, b.counter)
    }
}

/// A span, by its place in the configuration; names are for people.
package struct SpanID: Hashable, Sendable, Comparable, CustomStringConvertible {
    package var number: UInt16

    package init(_ number: UInt16) {
        self.number = number
    }

    package var description: String { "\(number)" }
    package static func < (a: SpanID, b: SpanID) -> Bool { a.number < b.number }
}

/// A B channel: its span and its timeslot.
package struct ChannelID: Hashable, Sendable, Comparable, CustomStringConvertible {
    package var span: SpanID
    package var timeslot: UInt8

    package init(span: SpanID, timeslot: UInt8) {
        self.span = span
        self.timeslot = timeslot
    }

    package var description: String { "\(span)/\(timeslot)" }
    package static func < (a: ChannelID, b: ChannelID) -> Bool {
        (a.span, a.timeslot) < (b.span, b.timeslot)
    }
}

/// An RTP endpoint the line program bound ahead and granted; the number is never used twice in one life of the line program.
package struct EndpointID: Hashable, Sendable, Comparable, CustomStringConvertible {
    package var number: UInt32

    package init(_ number: UInt32) {
        self.number = number
    }

    package var description: String { "\(number)" }
    package static func < (a: EndpointID, b: EndpointID) -> Bool { a.number < b.number }
}

/// Something audio goes into and comes out of.
package enum MediaPort: Hashable, Sendable {
    /// The B channel a leg holds.
    case channel(LegID)
    case endpoint(EndpointID)
}
