// SPDX-License-Identifier: GPL-2.0-or-later
import RTP

/// Digits to send, as many as one command may carry.
struct DigitString: BitwiseCopyable {
    static var capacity: Int { @_noAllocation @_noLocks get { 32 } }
    var codes = InlineArray<32, UInt8>(repeating: 0)
    var count = 0

    /// Nil when a character is no digit, or there are none or too many.
    init?(_ text: String) {
        for character in text.utf8 {
            guard count < Self.capacity, let digit = DTMFDigit.from(ascii: character) else { return nil }
            codes[count] = digit.event
            count += 1
        }
        guard count > 0 else { return nil }
    }
}

/// Times queued digits: 100 ms each, and 100 ms of silence after each.
struct DigitSender: BitwiseCopyable {
    enum Step: BitwiseCopyable {
        case idle
        /// A digit begins in this tick.
        case began(DTMFDigit)
        case sounding
        /// The silence after a digit begins in this tick.
        case ceased
        case silent
        /// The last silence is over.
        case finished
    }

    private static var soundTicks: Int { @_noAllocation @_noLocks get { 10 } }
    private static var silentTicks: Int { @_noAllocation @_noLocks get { 10 } }

    private var queue = InlineArray<128, UInt8>(repeating: 0)
    private var head = 0
    private var count = 0
    private var tick = 0

    @_noAllocation @_noLocks
    init() {}

    var isSending: Bool { @_noAllocation @_noLocks get { count > 0 } }

    /// False when they do not fit behind those that wait: none of them is taken.
    @_noAllocation @_noLocks
    mutating func append(_ digits: DigitString) -> Bool {
        guard count &+ digits.count <= 128 else { return false }
        for index in 0..<digits.count {
            queue[(head &+ count) & 127] = digits.codes[index]
            count &+= 1
        }
        return true
    }

    @_noAllocation @_noLocks
    mutating func advance() -> Step {
        guard count > 0 else { return .idle }
        defer { tick &+= 1 }
        switch tick {
        case 0:
            return .began(DTMFDigit.from(event: queue[head & 127]) ?? .zero)
        case 1..<Self.soundTicks:
            return .sounding
        case Self.soundTicks:
            return .ceased
        case Self.soundTicks..<(Self.soundTicks &+ Self.silentTicks):
            return .silent
        default:
            head = (head &+ 1) & 127
            count &-= 1
            tick = 0
            guard count > 0 else {
                tick = -1
                return .finished
            }
            return .began(DTMFDigit.from(event: queue[head & 127]) ?? .zero)
        }
    }
}
