// SPDX-License-Identifier: GPL-2.0-or-later
import CLinux
import Glibc
import LineProtocol
package import Spans
import Synchronization

/// The one thread that owns libpri: a thin shell round `PRICore`.
///
///     post ──▶ one queue ──▶ ┐                ┌ ──▶ PRISink, a batch after each turn
///     D channels' descriptors ├─ epoll, turn ─┤
///     timerfd at nextDeadline ┘               └ ──▶ D channels
package final class PRIThread: Sendable {
    private let queue = Mutex<[PRICommand]>([])
    private let stopping = Atomic<Bool>(false)
    private let wake: Int32
    private let timer: Int32
    private let epoll: Int32
    private let sink: any PRISink
    private let thread = Mutex<pthread_t?>(nil)
    package let counters = PRICounters()

    private static let wakeToken: UInt64 = 1
    private static let timerToken: UInt64 = 2
    private static let channelToken: UInt64 = 3

    package init(sink: any PRISink) throws(SpanError) {
        self.sink = sink
        wake = cl_event_create()
        timer = cl_timer_create()
        epoll = cl_epoll_create()
        guard wake >= 0, timer >= 0, epoll >= 0,
            cl_epoll_set(epoll, wake, UInt32(CL_READABLE), Self.wakeToken) == 0,
            cl_epoll_set(epoll, timer, UInt32(CL_READABLE), Self.timerToken) == 0
        else {
            throw SpanError("no descriptors left for libpri's thread: raise the limit on open files")
        }
    }

    deinit {
        for descriptor in [wake, timer, epoll] where descriptor >= 0 { close(descriptor) }
    }

    package func start() throws(SpanError) {
        var handle = pthread_t()
        let me = unsafe Unmanaged.passRetained(self)
        let refused = unsafe pthread_create(
            &handle, nil,
            { context in
                guard let context = unsafe context else { return nil }
                unsafe Unmanaged<PRIThread>.fromOpaque(context).takeRetainedValue().run()
                return nil
            }, me.toOpaque())
        guard refused == 0 else {
            unsafe me.release()
            throw SpanError("cannot start libpri's thread: \(unsafe String(cString: strerror(refused)))")
        }
        thread.withLock { $0 = handle }
    }

    /// Commands are handled in the order they are posted, whoever posts.
    package func post(_ command: PRICommand) {
        queue.withLock { $0.append(command) }
        _ = cl_event_signal(wake)
    }

    /// Ends the thread after what was posted is done, and waits for it. Calls are left as they are.
    package func stop() {
        stopping.store(true, ordering: .releasing)
        _ = cl_event_signal(wake)
        let handle = thread.withLock { slot in
            defer { slot = nil }
            return slot
        }
        if let handle { pthread_join(handle, nil) }
    }

    private func run() {
        _ = unsafe cl_thread_name("libpri")
        let core = PRICore(counters: counters)
        var watched: [SpanID: Int32] = [:]
        // Signals and what D channels hold is found in the first turn.
        while true {
            let last = stopping.load(ordering: .acquiring)
            let commands = queue.withLock { queue in
                defer { queue.removeAll(keepingCapacity: true) }
                return queue
            }
            for command in commands {
                if case .configure(let configuration, let dChannel, _) = command {
                    watch(configuration.id, dChannel.descriptor, &watched)
                }
                core.handle(command, now: cl_monotonic_nanoseconds(), wall: cl_wall_nanoseconds())
            }
            let more = core.run(now: cl_monotonic_nanoseconds(), wall: cl_wall_nanoseconds())
            let outputs = core.takeOutputs()
            if !outputs.isEmpty { sink.take(outputs) }
            if last { return }
            wait(until: more ? 1 : core.nextDeadline ?? 0)
        }
    }

    private func watch(_ span: SpanID, _ descriptor: Int32, _ watched: inout [SpanID: Int32]) {
        if let old = watched[span], old != descriptor { _ = cl_epoll_remove(epoll, old) }
        watched[span] = descriptor
        let interest = UInt32(CL_READABLE | CL_PRIORITY)
        _ = cl_epoll_set(epoll, descriptor, interest, Self.channelToken)
    }

    /// Zero waits for ever.
    private func wait(until deadline: UInt64) {
        _ = cl_timer_set(timer, deadline)
        var ready = [cl_ready](repeating: cl_ready(), count: 16)
        let count = unsafe cl_epoll_wait(epoll, &ready, Int32(ready.count), -1)
        guard count > 0 else { return }
        for event in ready[..<Int(count)] {
            // A D channel's own descriptor is drained by reading its frames.
            if event.token == Self.wakeToken { _ = cl_event_drain(wake) }
            if event.token == Self.timerToken { _ = cl_timer_drain(timer) }
        }
    }
}
