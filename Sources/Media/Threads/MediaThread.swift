// SPDX-License-Identifier: GPL-2.0-or-later
import CLinux
import CMediaRT
import LineProtocol
import Spans
import Synchronization

/// The media thread: waits on the spans' descriptors and deadlines, moves the media loop by their clocks, wakes the others.
///
/// `turn` is one round of it, and all a test needs. System calls are made here alone, between the loop's ticks.
///
/// Unchecked: after `run` has begun everything but `stop` belongs to its thread.
final class MediaThread: @unchecked Sendable {
    private var loop: MediaLoop
    private let context: LoopContext
    private let commands: Ring<MediaCommand>
    private let incoming: PacketRing
    private let wakeups: Wakeups
    private let epoll: Int32
    private let timer: Int32
    /// By the engine's number.
    private var spans: [SpanBox?]
    private var nextUnbridged: UInt64?
    private let isStopping = Atomic(false)

    private static let tickNanoseconds: UInt64 = 10_000_000
    /// Ticks made up for at a time; what is beyond is left out.
    private static let mostTicks = 20

    /// The eventfds by which the three threads wake each other.
    struct Wakeups {
        let media: Int32
        let packets: Int32
        let main: Int32
    }

    init(
        loop: consuming MediaLoop, spans: Int, commands: Ring<MediaCommand>, incoming: PacketRing, wakeups: Wakeups
    ) throws(MediaError) {
        context = loop.context
        self.loop = loop
        self.commands = commands
        self.incoming = incoming
        self.wakeups = wakeups
        self.spans = Array(repeating: nil, count: spans)
        epoll = try Descriptor.make("epoll", cl_epoll_create())
        timer = try Descriptor.make("timer", cl_timer_create())
        _ = cl_epoll_set(epoll, wakeups.media, UInt32(CL_READABLE), 0)
        _ = cl_epoll_set(epoll, timer, UInt32(CL_READABLE), 1)
    }

    deinit {
        Descriptor.close(epoll)
        Descriptor.close(timer)
    }

    func run(_ log: @Sendable (LogLevel, String) -> Void) {
        cl_stack_touch(128 * 1_024)
        if cl_thread_realtime(50) < 0 {
            log(
                .warning,
                "the media thread has no real-time priority: audio may stutter on a busy machine (give CAP_SYS_NICE)")
        }
        var ready = cl_ready()
        while !isStopping.load(ordering: .acquiring) {
            let deadline = turn(now: cl_monotonic_nanoseconds())
            _ = cl_timer_set(timer, deadline)
            if unsafe cl_epoll_wait(epoll, &ready, 1, -1) > 0 {
                if ready.token == 0 { _ = cl_event_drain(wakeups.media) }
                if ready.token == 1 { _ = cl_timer_drain(timer) }
            }
        }
    }

    func stop() {
        isStopping.store(true, ordering: .releasing)
        _ = cl_event_signal(wakeups.media)
    }

    /// One round: commands, packets, the ticks that are due. Answers when the next is due.
    func turn(now: UInt64) -> UInt64 {
        let noticesBefore = context.notices.written
        let packetsBefore = context.outgoing.written
        takeCommands()
        takePackets()

        let deadline = min(turnSpans(now), turnUnbridged(now))
        if context.notices.written != noticesBefore { _ = cl_event_signal(wakeups.main) }
        if context.outgoing.written != packetsBefore { _ = cl_event_signal(wakeups.packets) }
        return deadline
    }

    private func turnSpans(_ now: UInt64) -> UInt64 {
        var deadline = UInt64.max
        var index = 0
        while index < spans.count {
            if let box = spans[index] {
                let driver = box.driver
                var due = min(driver.service(now: now), Self.mostTicks)
                if due > 1 { context.count(.ticksLate, UInt64(due - 1)) }
                while due > 0 {
                    tick(Int32(index), driver)
                    due -= 1
                }
                deadline = min(deadline, driver.nextDeadline)
            }
            index += 1
        }
        return deadline
    }

    private func turnUnbridged(_ now: UInt64) -> UInt64 {
        var next = nextUnbridged ?? now
        if now >= next {
            let late = (now - next) / Self.tickNanoseconds
            if late > 0 { context.count(.ticksLate, late) }
            var due = min(late + 1, UInt64(Self.mostTicks))
            while due > 0 {
                loop.tickUnbridged()
                due -= 1
            }
            next += (late + 1) * Self.tickNanoseconds
        }
        nextUnbridged = next
        return next
    }

    private func tick(_ index: Int32, _ driver: any SpanDriver) {
        driver.beginTick()
        let octets = driver.timeslots * octetsPerTick
        // The received block is only read: the loop's blocks know no other kind of pointer.
        let received = unsafe Block(UnsafeMutablePointer(mutating: driver.received), count: octets)
        let transmit = unsafe Block(driver.transmit, count: octets)
        loop.tick(span: index, received: received, transmit: transmit)
        driver.endTick()
    }

    private func takeCommands() {
        while true {
            let command = nextCommand()
            switch command {
            case .none:
                return
            case .openSpan(let index, _, _, let handle):
                open(Int(index), handle.box)
                loop.apply(command)
            case .closeSpan(let index):
                loop.apply(command)
                close(Int(index))
                context.say(.spanClosed(index))
            case .openChannel, .closeChannel, .openEndpoint, .setEndpoint, .closeEndpoint, .bridge, .unbridge,
                .play, .digits, .detectDigits, .echo:
                loop.apply(command)
            }
        }
    }

    /// `.none` when there is no other. Apart, so that the ring is specialised in debug builds too: a generic one allocates.
    @_noAllocation @_noLocks
    private func nextCommand() -> MediaCommand {
        if let command = commands.pop() { return command }
        return .none
    }

    private func open(_ index: Int, _ box: SpanBox) {
        guard spans.indices.contains(index) else { return }
        spans[index] = box
        for descriptor in box.driver.descriptors {
            let interest = UInt32(CL_READABLE | CL_PRIORITY)
            _ = cl_epoll_set(epoll, descriptor, interest, UInt64(index) + 2)
        }
    }

    private func close(_ index: Int) {
        guard spans.indices.contains(index), let box = spans[index] else { return }
        for descriptor in box.driver.descriptors { _ = cl_epoll_remove(epoll, descriptor) }
        spans[index] = nil
    }

    private func takePackets() {
        while let place = incoming.front() {
            loop.receive(incoming.header(at: place), incoming.payload(at: place))
            incoming.removeFront()
        }
    }
}
