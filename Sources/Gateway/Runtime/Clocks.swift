// SPDX-License-Identifier: GPL-2.0-or-later
import Glibc
import NIOCore

/// Nanoseconds since 1970.
func wallClock() -> UInt64 {
    var time = timespec()
    guard unsafe clock_gettime(CLOCK_REALTIME, &time) == 0 else { return 0 }
    return UInt64(max(0, time.tv_sec)) &* 1_000_000_000 &+ UInt64(max(0, time.tv_nsec))
}

/// Nanoseconds that never go back.
func monotonicClock() -> UInt64 { NIODeadline.now().uptimeNanoseconds }
