// SPDX-License-Identifier: GPL-2.0-or-later
import CMediaRT
import RTP

/// Hears DTMF digits in audio, by spandsp: 21 to 38 ms after a digit began, and as long after its end.
@safe struct DigitDetector: BitwiseCopyable {
    enum Step: BitwiseCopyable {
        case none
        case began(DTMFDigit)
        case sounding
        case ended(DTMFDigit, milliseconds: Int)
        /// One ended and another began at once.
        case changed(from: DTMFDigit, milliseconds: Int, to: DTMFDigit)
    }

    private let state: OpaquePointer
    private var current: DTMFDigit?
    private var ticks = 0

    init?() {
        guard let state = unsafe dtmf_rx_init(nil, nil, nil) else { return nil }
        unsafe self.state = unsafe state
    }

    func deallocate() {
        _ = unsafe dtmf_rx_free(state)
    }

    @_noAllocation @_noLocks
    mutating func listen(_ samples: Block<Int16>) -> Step {
        let status = unsafe rt_dtmf_listen(state, samples.pointer, Int32(truncatingIfNeeded: samples.count))
        // 'x' is a digit that may be beginning.
        let now = status == 0x78 ? nil : DTMFDigit.from(ascii: UInt8(truncatingIfNeeded: status))
        let milliseconds = ticks &* 10
        switch (current, now) {
        case (nil, nil):
            return .none
        case (nil, let digit?):
            current = digit
            ticks = 1
            return .began(digit)
        case (let digit?, nil):
            current = nil
            return .ended(digit, milliseconds: milliseconds)
        case (let old?, let new?):
            if old == new {
                ticks = min(ticks &+ 1, 6_000)
                return .sounding
            }
            current = new
            ticks = 1
            return .changed(from: old, milliseconds: milliseconds, to: new)
        }
    }
}
