// SPDX-License-Identifier: GPL-2.0-or-later

/// Cuts a lane's stream of octets into payloads.
package struct LaneFramer {
    private var buffer: [UInt8] = []
    private var start = 0

    package init() {}

    package mutating func append(_ octets: some Sequence<UInt8>) {
        if start == buffer.count {
            buffer.removeAll(keepingCapacity: true)
            start = 0
        }
        buffer.append(contentsOf: octets)
    }

    /// The next whole payload; nil when it has not all come yet. After an error the lane is of no use.
    package mutating func next() throws(LaneError) -> [UInt8]? {
        guard buffer.count - start >= 4 else { return nil }
        let length = buffer[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
        guard length <= Lane.maximumFrameOctets else { throw .frameTooLong(octets: length) }
        guard buffer.count - start - 4 >= length else {
            compact()
            return nil
        }
        defer { start += 4 + length }
        return Array(buffer[start + 4..<start + 4 + length])
    }

    private mutating func compact() {
        guard start > 0 else { return }
        buffer.removeSubrange(..<start)
        start = 0
    }
}

/// What makes a lane unusable.
package enum LaneError: Error, Hashable, CustomStringConvertible {
    case frameTooLong(octets: Int)

    package var description: String {
        switch self {
        case .frameTooLong(let octets):
            "a frame of \(octets) octets, where at most \(Lane.maximumFrameOctets) are allowed"
        }
    }
}
