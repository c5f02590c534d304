// SPDX-License-Identifier: GPL-2.0-or-later

/// Stands between the line and libpri, and mends what libpri would misread.
///
/// libpri reads number elements octet by octet until one has bit 8 set, past the element and past the frame. So an element
/// that never closes is closed on its last octet. A frame is mended, never dropped: Q.921 has acknowledged a frame the moment
/// libpri has seen its N(S), and one that vanished would be sent again for ever.
///
/// Elements are mended whatever codeset a shift put them in: libpri ignores those of other codesets, so that costs nothing,
/// while a shift the two of us understood differently would.
package enum Q931FrameGuard {
    package struct Outcome: Hashable, Sendable {
        /// The frame's length now.
        package var count: Int
        /// How many places were mended.
        package var repairs: Int
    }

    /// Mends a frame without FCS that lies in the first `count` octets of a buffer. A frame may shrink; a message cut short
    /// grows to 3 octets where the buffer has room.
    package static func repair(_ buffer: inout MutableSpan<UInt8>, count: Int) -> Outcome {
        var outcome = Outcome(count: min(max(0, count), buffer.count), repairs: 0)
        guard let message = messageOffset(buffer, count: outcome.count) else { return outcome }
        guard outcome.count - message >= 3 else {
            return replaceMessage(&buffer, at: message, outcome)
        }
        // Call control, and the two discriminators of maintenance messages, whose elements libpri reads alike.
        guard [0x08, 0x03, 0x43].contains(buffer[message]) else { return outcome }
        var offset = message + 2 + Int(buffer[message + 1] & 0x0F) + 1
        guard offset <= outcome.count else {
            return replaceMessage(&buffer, at: message, outcome)
        }
        while offset < outcome.count {
            let identifier = buffer[offset]
            if identifier & 0x80 != 0 {
                offset += 1
                continue
            }
            guard offset + 2 <= outcome.count, offset + 2 + Int(buffer[offset + 1]) <= outcome.count else {
                // It runs past the end: nobody shall read there.
                outcome.count = offset
                outcome.repairs += 1
                return outcome
            }
            let end = offset + 2 + Int(buffer[offset + 1])
            if isNumber(identifier), !closes(buffer, from: offset + 2, to: end) {
                outcome.repairs += 1
                if end == offset + 2 {
                    // Empty, which is the same as absent (Q.931 section 4.5.1).
                    remove(&buffer, from: offset, to: end, count: outcome.count)
                    outcome.count -= 2
                    continue
                }
                buffer[end - 1] |= 0x80
            }
            offset = end
        }
        return outcome
    }

    /// The same for a frame that is an array of its own; answers how many places were mended.
    package static func repair(_ frame: inout [UInt8]) -> Int {
        let length = frame.count
        // Room for a message cut short.
        frame.append(contentsOf: [0, 0, 0])
        var view = frame.mutableSpan
        let outcome = repair(&view, count: length)
        frame.removeLast(frame.count - outcome.count)
        return outcome.repairs
    }

    /// Calling, called, original called, redirecting, redirection and connected number, and connected address.
    private static func isNumber(_ identifier: UInt8) -> Bool {
        switch identifier {
        case 0x6C, 0x70, 0x73, 0x74, 0x76, 0x4C, 0x0C: true
        default: false
        }
    }

    /// Where the message begins in an I or UI frame of call control; nil in any other frame, and in one without information.
    private static func messageOffset(_ frame: borrowing MutableSpan<UInt8>, count: Int) -> Int? {
        guard count >= 4, frame[0] & 0xFD == 0 else { return nil }
        let offset: Int
        if frame[2] & 1 == 0 {
            offset = 4
        } else if frame[2] & 0xEF == 0x03 {
            offset = 3
        } else {
            return nil
        }
        return count > offset ? offset : nil
    }

    private static func closes(_ frame: borrowing MutableSpan<UInt8>, from start: Int, to end: Int) -> Bool {
        var offset = start
        while offset < end {
            if frame[offset] & 0x80 != 0 { return true }
            offset += 1
        }
        return false
    }

    private static func remove(_ frame: inout MutableSpan<UInt8>, from start: Int, to end: Int, count: Int) {
        var offset = end
        while offset < count {
            frame[start + offset - end] = frame[offset]
            offset += 1
        }
    }

    /// A message too short for its own header is ignored (Q.931 section 5.8.2). libpri would take the octets after the frame
    /// for its message type, so the message becomes one of a protocol discriminator that is ignored as well (section 5.8.1).
    private static func replaceMessage(
        _ frame: inout MutableSpan<UInt8>, at message: Int, _ before: Outcome
    ) -> Outcome {
        let end = min(message + 3, frame.count)
        var offset = message
        while offset < end {
            frame[offset] = 0
            offset += 1
        }
        return Outcome(count: end, repairs: before.repairs + 1)
    }
}
