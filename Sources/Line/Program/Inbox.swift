// SPDX-License-Identifier: GPL-2.0-or-later
import CLinux
import Glibc
import PRI
import Synchronization

/// Where libpri's thread leaves what the main thread is to hear, in order.
final class Inbox: PRISink {
    /// Readable when something waits.
    let descriptor: Int32
    private let waiting = Mutex<[PRIOutput]>([])

    init() throws(LineFailure) {
        descriptor = cl_event_create()
        guard descriptor >= 0 else { throw LineFailure("no event counter", errno: -descriptor) }
    }

    deinit {
        close(descriptor)
    }

    func take(_ outputs: [PRIOutput]) {
        waiting.withLock { $0 += outputs }
        _ = cl_event_signal(descriptor)
    }

    /// Everything that waits. On the main thread.
    func drain() -> [PRIOutput] {
        _ = cl_event_drain(descriptor)
        return waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
    }
}
