// SPDX-License-Identifier: GPL-2.0-or-later
import CMediaRT

/// Makes up for audio that did not come, by spandsp: the last pitch period again, fading out.
@safe struct Concealer: BitwiseCopyable {
    private let state: UnsafeMutablePointer<plc_state_t>
    /// Whether the last samples were made up, so that the next good ones begin blended.
    private(set) var isFilling = false

    init?() {
        guard let state = unsafe plc_init(nil) else { return nil }
        unsafe self.state = unsafe state
    }

    func deallocate() {
        _ = unsafe plc_free(state)
    }

    /// Good audio; changed only when what came before was made up.
    @_noAllocation @_noLocks
    mutating func receive(_ samples: Block<Int16>) {
        unsafe rt_plc_received(state, samples.pointer, Int32(truncatingIfNeeded: samples.count))
        isFilling = false
    }

    @_noAllocation @_noLocks
    mutating func fill(_ samples: Block<Int16>) {
        unsafe rt_plc_conceal(state, samples.pointer, Int32(truncatingIfNeeded: samples.count))
        isFilling = true
    }
}
