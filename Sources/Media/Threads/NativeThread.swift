// SPDX-License-Identifier: GPL-2.0-or-later
import CLinux
import Glibc

/// A thread of the operating system with a name; Swift's tasks never run on it.
@safe final class NativeThread {
    private var thread = pthread_t()

    private final class Body {
        let name: String
        let run: @Sendable () -> Void

        init(name: String, run: @escaping @Sendable () -> Void) {
            self.name = name
            self.run = run
        }
    }

    /// Nil when the system has no thread left.
    init?(name: String, run: @escaping @Sendable () -> Void) {
        let body = unsafe Unmanaged.passRetained(Body(name: name, run: run))
        let result = unsafe pthread_create(
            &thread, nil,
            { context in
                guard let context = unsafe context else { return nil }
                let body = unsafe Unmanaged<Body>.fromOpaque(context).takeRetainedValue()
                _ = unsafe cl_thread_name(body.name)
                body.run()
                return nil
            }, body.toOpaque())
        if result != 0 {
            unsafe body.release()
            return nil
        }
    }

    func join() {
        pthread_join(thread, nil)
    }
}
