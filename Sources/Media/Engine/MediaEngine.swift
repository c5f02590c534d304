// SPDX-License-Identifier: GPL-2.0-or-later
package import ISDN
package import LineProtocol
package import Spans
import CLinux
import CMediaRT

/// The audio of the line program, as its main thread commands it: channels, endpoints, what joins them and what is played.
///
///     main thread ── this ──▶ command rings ──▶ media thread ⇄ packet rings ⇄ packet thread ⇄ RTP
///                         ◀── notices ────────────┘
///
/// Everything is called from one thread. When `eventDescriptor` is readable, `drainEvents` says what happened. Names that
/// mean nothing are answered by an error, whatever the order in which things are closed.
package final class MediaEngine {
    /// Readable when `drainEvents` has something to say.
    package var eventDescriptor: Int32 { wakeups.main }

    let context: LoopContext
    let commands: Ring<MediaCommand>
    let packetCommands: Ring<PacketCommand>
    private let closedSockets: Ring<SlotReference>
    private let incoming: PacketRing
    let wakeups: MediaThread.Wakeups
    private let mediaThread: MediaThread
    private let packetThread: PacketThread
    private var threads: [NativeThread] = []
    let capacity: MediaCapacity
    private let log: @Sendable (LogLevel, String) -> Void

    var spans: [SpanID: SpanRecord] = [:]
    var legs: [LegID: LegRecord] = [:]
    var endpoints: [EndpointID: EndpointRecord] = [:]
    var channelSlots: SlotTable<LegID, ChannelMemory>
    var endpointSlots: SlotTable<EndpointID, EndpointMemory>
    var pool: EndpointPool?
    var wantedEndpoints = 0
    var lastEndpoint: UInt32 = 0
    var samples: [UInt32: Block<Int16>] = [:]
    var lastSamples: UInt32 = 0
    var pendingEvents: [LineEvent] = []
    /// Spans that are being closed: their boxes are held until the media thread has let go of them.
    private var closingSpans: [Int32: SpanHandle] = [:]

    /// Makes everything and starts nothing. The log is called from any of the threads.
    package init(
        capacity: MediaCapacity = MediaCapacity(), log: @escaping @Sendable (LogLevel, String) -> Void
    ) throws(MediaError) {
        self.capacity = capacity
        self.log = log
        context = LoopContext(
            tables: AudioTables(), counters: Cells(count: MediaCounter.allCases.count),
            notices: Ring(capacity: 8_192, filler: .none), outgoing: PacketRing(capacity: 4_096))
        commands = Ring(capacity: 4_096, filler: .none)
        packetCommands = Ring(capacity: 8_192, filler: .none)
        closedSockets = Ring(capacity: 4_096, filler: SlotReference())
        incoming = PacketRing(capacity: 4_096)
        channelSlots = SlotTable(capacity: capacity.channels)
        endpointSlots = SlotTable(capacity: capacity.endpoints)
        wakeups = MediaThread.Wakeups(
            media: try Descriptor.make("the media thread", cl_event_create()),
            packets: try Descriptor.make("the packet thread", cl_event_create()),
            main: try Descriptor.make("media events", cl_event_create()))
        guard let loop = MediaLoop(capacity: capacity, context: context) else {
            throw .system("no memory for the media loop")
        }
        mediaThread = try MediaThread(
            loop: loop, spans: capacity.spans, commands: commands, incoming: incoming, wakeups: wakeups)
        packetThread = try PacketThread(
            capacity: capacity.endpoints, commands: packetCommands, closed: closedSockets, incoming: incoming,
            outgoing: context.outgoing, counters: context.counters, wakeups: wakeups)
    }

    deinit {
        stop()
        for endpoint in endpoints.values where endpoint.descriptor >= 0 { Descriptor.close(endpoint.descriptor) }
        for span in spans.values { span.handle.release() }
        for handle in closingSpans.values { handle.release() }
        for memory in channelSlots.memories { memory.deallocate() }
        for memory in endpointSlots.memories { memory.deallocate() }
        for block in samples.values { block.deallocate() }
        context.tables.deallocate()
        context.counters.deallocate()
        context.notices.deallocate()
        context.outgoing.deallocate()
        commands.deallocate()
        packetCommands.deallocate()
        closedSockets.deallocate()
        incoming.deallocate()
        for descriptor in [wakeups.media, wakeups.packets, wakeups.main] { Descriptor.close(descriptor) }
    }

    // MARK: Threads

    /// Starts the two threads, with locked memory where that is permitted.
    package func start() throws(MediaError) {
        guard threads.isEmpty else { return }
        if rt_lock_memory() < 0 {
            log(
                .warning,
                "memory is not locked: audio may stutter when the machine swaps (give CAP_IPC_LOCK, or no memlock limit)"
            )
        }
        let log = self.log
        let mediaThread = self.mediaThread
        let packetThread = self.packetThread
        guard let packets = NativeThread(name: "packets", run: { packetThread.run() }) else {
            throw .system("cannot start the packet thread")
        }
        threads.append(packets)
        guard let media = NativeThread(name: "media", run: { mediaThread.run(log) }) else {
            throw .system("cannot start the media thread")
        }
        threads.append(media)
    }

    package func stop() {
        mediaThread.stop()
        packetThread.stop()
        for thread in threads { thread.join() }
        threads = []
    }

    /// For tests, in place of `start`: one round of the media thread at a time of the test's choosing.
    package func turnMedia(now: UInt64) {
        precondition(threads.isEmpty)
        _ = mediaThread.turn(now: now)
    }

    /// For tests, in place of `start`: one round of the packet thread, without waiting.
    package func turnPackets() {
        precondition(threads.isEmpty)
        packetThread.turn(timeout: 0)
    }

    /// Hands a command over. A full ring means that the media thread has stood still for thousands of commands.
    func post(_ command: MediaCommand) {
        if !commands.push(command) {
            context.count(.ringOverflows)
            log(.error, "the media thread does not take its commands")
        }
        _ = cl_event_signal(wakeups.media)
    }

    func post(_ command: PacketCommand) {
        if !packetCommands.push(command) {
            context.count(.ringOverflows)
            log(.error, "the packet thread does not take its commands")
        }
        _ = cl_event_signal(wakeups.packets)
    }

    func warn(_ text: String) {
        log(.warning, text)
    }

    // MARK: Spans

    /// Gives a span's audio to the media thread, which owns the driver from now on. A span that was given before is replaced
    /// when no channel of it is open.
    package func configure(_ span: SpanID, driver: any SpanDriver, law: G711Law) throws(MediaError) {
        if spans[span] != nil { try remove(span) }
        takeNotices()
        let used = Set(spans.values.map(\.index)).union(closingSpans.keys)
        guard let index = (0..<Int32(capacity.spans)).first(where: { !used.contains($0) }) else {
            throw .noRoom("span")
        }
        let handle = SpanHandle(SpanBox(driver))
        spans[span] = SpanRecord(index: index, timeslots: driver.timeslots, law: law, handle: handle)
        post(.openSpan(index, law, timeslots: Int32(driver.timeslots), handle))
    }

    /// Takes a span with no open channel from the media thread.
    package func remove(_ span: SpanID) throws(MediaError) {
        guard let record = spans[span] else { throw .unknownSpan(span) }
        guard !legs.values.contains(where: { $0.channel.span == span }) else { throw .spanInUse(span) }
        spans[span] = nil
        closingSpans[record.index] = record.handle
        post(.closeSpan(record.index))
    }

    // MARK: Events

    /// Says what happened since the last time.
    package func drainEvents(_ body: (LineEvent) -> Void) {
        _ = cl_event_drain(wakeups.main)
        takeNotices()
        let events = pendingEvents
        pendingEvents = []
        for event in events { body(event) }
    }

    func takeNotices() {
        while let notice = context.notices.pop() { take(notice) }
        while let reference = closedSockets.pop() { endpointSlots.release(reference) }
    }

    private func take(_ notice: MediaNotice) {
        switch notice {
        case .none:
            break
        case .firstPacket(let reference):
            if let endpoint = endpointSlots.owner(of: reference) { pendingEvents.append(.firstPacket(endpoint)) }
        case .digit(let reference, let digit, let milliseconds, let source):
            guard let port = port(of: reference) else { return }
            pendingEvents.append(.digit(port, digit: digit, milliseconds: milliseconds, source))
        case .played(let reference):
            if let port = port(of: reference) { pendingEvents.append(.played(port)) }
        case .released(let number):
            samples.removeValue(forKey: number)?.deallocate()
        case .spanClosed(let index):
            closingSpans.removeValue(forKey: index)?.release()
        case .channelClosed(let reference):
            channelSlots.release(reference)
        case .endpointClosed(let reference):
            endpointSlots.release(reference)
        }
    }

    private func port(of reference: PortReference) -> MediaPort? {
        switch reference {
        case .channel(let slot): channelSlots.owner(of: slot).map { .channel($0) }
        case .endpoint(let slot): endpointSlots.owner(of: slot).map { .endpoint($0) }
        }
    }
}
