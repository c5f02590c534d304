// SPDX-License-Identifier: GPL-2.0-or-later
import RTP

/// One outgoing RFC 4733 event at a time: what the next packet says of it.
///
/// While it lasts its packets stand in place of the audio's. Its end is said three times: once in place of audio, twice beside it.
struct TelephoneEventSender: BitwiseCopyable {
    private enum State: BitwiseCopyable {
        case idle
        case sounding
        /// How often the end is still to be said.
        case ending(Int)
    }

    private var state = State.idle
    private var digit = DTMFDigit.zero
    private(set) var timestamp: UInt32 = 0
    private var duration = 0
    private var begun = false

    @_noAllocation @_noLocks
    init() {}

    /// Whether its packet stands in place of the audio's.
    var replacesAudio: Bool {
        @_noAllocation @_noLocks get {
            switch state {
            case .idle: false
            case .sounding: true
            case .ending(let times): times == 3
            }
        }
    }

    var isIdle: Bool {
        @_noAllocation @_noLocks get {
            switch state {
            case .idle: true
            case .sounding, .ending: false
            }
        }
    }

    /// The timestamp is that of the tick in which it begins.
    @_noAllocation @_noLocks
    mutating func begin(_ digit: DTMFDigit, timestamp: UInt32) {
        self.digit = digit
        self.timestamp = timestamp
        duration = 0
        begun = false
        state = .sounding
    }

    @_noAllocation @_noLocks
    mutating func end() {
        if case .sounding = state { state = .ending(3) }
    }

    /// One tick has passed.
    @_noAllocation @_noLocks
    mutating func advance() {
        if case .sounding = state { duration = min(duration &+ 80, 0xFFFF) }
    }

    /// A packet is due. Answers what to say, and whether it is the first of the event.
    @_noAllocation @_noLocks
    mutating func next() -> (event: TelephoneEvent, isFirst: Bool)? {
        let ends: Bool
        switch state {
        case .idle:
            return nil
        case .sounding:
            ends = false
        case .ending(let times):
            state = times > 1 ? .ending(times &- 1) : .idle
            ends = true
        }
        defer { begun = true }
        let event = TelephoneEvent(
            event: digit.event, end: ends, duration: UInt16(truncatingIfNeeded: duration))
        return (event, !begun)
    }
}
