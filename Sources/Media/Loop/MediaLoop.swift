// SPDX-License-Identifier: GPL-2.0-or-later
import ISDN
import LineProtocol
import RTP

/// The media thread's work without its thread: tables of plain slots, ticked by the spans' clocks and by one of our own.
///
///     sockets ⇄ packet thread ⇄ rings ⇄ ▶ this loop ◀ ⇄ span drivers ⇄ line
///
/// A bridged endpoint is ticked with its channel; one with no bridge by `tickUnbridged`. Nothing here allocates, locks,
/// asks the time or calls the system: the compiler proves it of every function named below.
struct MediaLoop: ~Copyable {
    let context: LoopContext
    let channels: Block<ChannelSlot>
    let endpoints: Block<EndpointSlot>
    private let spans: Block<SpanSlot>
    private let closedChannel: ChannelSlot
    private let closedEndpoint: EndpointSlot
    private let noChannelMemory: ChannelMemory
    private let noEndpointMemory: EndpointMemory
    private let scratch: Block<UInt8>
    /// Endpoint slots from here on were never used.
    private var usedEndpoints = 0

    /// Nil when there is no memory.
    init?(capacity: MediaCapacity, context: LoopContext) {
        guard let channelMemory = ChannelMemory(), let endpointMemory = EndpointMemory() else { return nil }
        self.context = context
        noChannelMemory = channelMemory
        noEndpointMemory = endpointMemory
        closedChannel = ChannelSlot(
            reference: SlotReference(), law: .aLaw, span: -1, timeslot: 0, memory: channelMemory, isOpen: false, idle: 0
        )
        closedEndpoint = EndpointSlot(
            reference: SlotReference(), settings: EndpointSettings(), start: EndpointStart(), memory: endpointMemory,
            isOpen: false)
        channels = Block(repeating: closedChannel, count: capacity.channels)
        endpoints = Block(repeating: closedEndpoint, count: capacity.endpoints)
        spans = Block(repeating: SpanSlot(), count: capacity.spans)
        scratch = Block(repeating: 0, count: 80)
    }

    deinit {
        channels.deallocate()
        endpoints.deallocate()
        spans.deallocate()
        scratch.deallocate()
        noChannelMemory.deallocate()
        noEndpointMemory.deallocate()
    }

    // MARK: Ticks

    /// 10 ms of one span: 80 octets of each timeslot in, and out.
    @_noAllocation @_noLocks
    mutating func tick(span index: Int32, received: Block<UInt8>, transmit: Block<UInt8>) {
        guard index >= 0, index < spans.count else { return }
        context.count(.ticks)
        let timeslots = min(spans[Int(index)].timeslots, received.count / 80)
        var slot = 1
        while slot <= timeslots {
            let channel = spans[Int(index)].channels[slot]
            let place = (slot &- 1) &* 80
            if channel >= 0 {
                tick(
                    channel: Int(channel), received.part(from: place, count: 80),
                    transmit.part(from: place, count: 80))
            } else if spans[Int(index)].wasUsed[slot] {
                transmit.part(from: place, count: 80).fill(context.tables.idle(spans[Int(index)].law))
            }
            slot &+= 1
        }
    }

    @_noAllocation @_noLocks
    private mutating func tick(channel index: Int, _ received: Block<UInt8>, _ transmit: Block<UInt8>) {
        let peer = Int(channels[index].endpoint)
        let law = channels[index].law
        let sends = peer >= 0 && channels[index].toEndpoint
        let carries = sends && endpoints[peer].carriesDigits
        let step = channels[index].listen(received, isNeeded: carries || channels[index].detectsDigits, context)

        if sends {
            var audio = received
            if carries {
                audio = channels[index].withoutDigits(received, step, context)
                tell(endpoint: peer, step)
            } else {
                channels[index].emptyDelay(context)
            }
            context.tables.convert(audio, from: law, to: endpoints[peer].settings.law, into: scratch)
            endpoints[peer].send(scratch, context)
        } else if peer >= 0 {
            endpoints[peer].send(nil, context)
        }

        // The endpoint's clock runs on, whether its audio is used or not.
        let fromEndpoint = peer >= 0 ? endpoints[peer].takeAudio(context) : scratch
        if channels[index].replaceAudio(received, transmit, context) { return }
        if peer >= 0, channels[index].toChannel {
            context.tables.convert(fromEndpoint, from: endpoints[peer].settings.law, to: law, into: transmit)
        } else {
            transmit.fill(context.tables.idle(law))
        }
    }

    @_noAllocation @_noLocks
    private func tell(endpoint peer: Int, _ step: DigitDetector.Step) {
        switch step {
        case .none, .sounding:
            break
        case .began(let digit):
            endpoints[peer].beginEvent(digit, context)
        case .ended:
            endpoints[peer].endEvent()
        case .changed(from: _, milliseconds: _, to: let digit):
            endpoints[peer].endEvent()
            endpoints[peer].beginEvent(digit, context)
        }
    }

    /// 10 ms of our own clock, for endpoints that no span's clock moves.
    @_noAllocation @_noLocks
    mutating func tickUnbridged() {
        context.count(.ticks)
        var index = 0
        while index < usedEndpoints {
            if endpoints[index].isOpen, endpoints[index].channel < 0 {
                endpoints[index].send(nil, context)
                _ = endpoints[index].takeAudio(context)
            }
            index &+= 1
        }
    }

    /// A packet the packet thread let through.
    @_noAllocation @_noLocks
    mutating func receive(_ packet: QueuedPacket, _ payload: Block<UInt8>) {
        guard let index = endpoint(packet.endpoint) else { return }
        endpoints[index].receive(packet, payload, context)
    }

    // MARK: Slots

    @_noAllocation @_noLocks
    private func channel(_ reference: SlotReference) -> Int? {
        let index = Int(reference.index)
        guard index >= 0, index < channels.count, channels[index].isOpen else { return nil }
        return channels[index].reference.generation == reference.generation ? index : nil
    }

    @_noAllocation @_noLocks
    private func endpoint(_ reference: SlotReference) -> Int? {
        let index = Int(reference.index)
        guard index >= 0, index < endpoints.count, endpoints[index].isOpen else { return nil }
        return endpoints[index].reference.generation == reference.generation ? index : nil
    }

    @_noAllocation @_noLocks
    mutating func apply(_ command: MediaCommand) {
        switch command {
        case .none:
            break
        case .openSpan(let index, let law, let timeslots, _):
            guard index >= 0, index < spans.count else { return }
            spans[Int(index)] = SpanSlot(law: law, timeslots: max(0, min(31, Int(timeslots))))
        case .closeSpan(let index):
            guard index >= 0, index < spans.count else { return }
            spans[Int(index)] = SpanSlot()
        case .openChannel(let reference, let span, let timeslot, let memory):
            open(reference, span, timeslot, memory)
        case .closeChannel(let reference):
            close(channel: reference)
        case .openEndpoint(let reference, let settings, let start, let memory):
            let index = Int(reference.index)
            guard index >= 0, index < endpoints.count else { return }
            endpoints[index] = EndpointSlot(
                reference: reference, settings: settings, start: start, memory: memory, isOpen: true)
            usedEndpoints = max(usedEndpoints, index &+ 1)
        case .setEndpoint(let reference, let settings):
            if let index = endpoint(reference) { endpoints[index].change(settings) }
        case .closeEndpoint(let reference):
            close(endpoint: reference)
        case .bridge(let channel, let endpoint, let toEndpoint, let toChannel):
            bridge(channel, endpoint, toEndpoint, toChannel)
        case .unbridge(let reference):
            if let index = channel(reference) { unbridge(index) }
        case .play(let port, let source):
            play(port, source)
        case .digits(.channel(let reference), let digits):
            if let index = channel(reference) { channels[index].send(digits, context) }
        case .digits(.endpoint(let reference), let digits):
            guard let index = endpoint(reference) else { return }
            if !endpoints[index].digits.append(digits) { context.count(.ringOverflows) }
        case .detectDigits(let reference, let detects):
            if let index = channel(reference) { channels[index].detectsDigits = detects }
        case .echo(let reference, let samples):
            if let index = channel(reference) { channels[index].setEcho(samples: Int(samples), context) }
        }
    }

    @_noAllocation @_noLocks
    private func open(_ reference: SlotReference, _ span: Int32, _ timeslot: Int32, _ memory: ChannelMemory) {
        let index = Int(reference.index)
        guard index >= 0, index < channels.count, span >= 0, span < spans.count, timeslot > 0, timeslot < 32 else {
            return
        }
        let law = spans[Int(span)].law
        channels[index] = ChannelSlot(
            reference: reference, law: law, span: span, timeslot: timeslot, memory: memory, isOpen: true,
            idle: context.tables.idle(law))
        spans[Int(span)].channels[Int(timeslot)] = reference.index
        spans[Int(span)].wasUsed[Int(timeslot)] = true
    }

    @_noAllocation @_noLocks
    private func close(channel reference: SlotReference) {
        if let index = channel(reference) {
            unbridge(index)
            channels[index].endPlayback(isAtEnd: false, context)
            let span = Int(channels[index].span)
            let timeslot = Int(channels[index].timeslot)
            if spans[span].channels[timeslot] == reference.index { spans[span].channels[timeslot] = -1 }
            channels[index] = closedChannel
        }
        context.say(.channelClosed(reference))
    }

    @_noAllocation @_noLocks
    private func close(endpoint reference: SlotReference) {
        if let index = endpoint(reference) {
            if endpoints[index].channel >= 0 { unbridge(Int(endpoints[index].channel)) }
            endpoints[index].endPlayback(isAtEnd: false, context)
            endpoints[index].finish(context)
            endpoints[index] = closedEndpoint
        }
        context.say(.endpointClosed(reference))
    }

    @_noAllocation @_noLocks
    private func bridge(
        _ channelReference: SlotReference, _ endpointReference: SlotReference, _ toEndpoint: Bool, _ toChannel: Bool
    ) {
        guard let channel = channel(channelReference), let endpoint = endpoint(endpointReference) else { return }
        if channels[channel].endpoint >= 0, channels[channel].endpoint != endpointReference.index { unbridge(channel) }
        let before = endpoints[endpoint].channel
        if before >= 0, before != channelReference.index { unbridge(Int(before)) }
        channels[channel].endpoint = endpointReference.index
        channels[channel].toEndpoint = toEndpoint
        channels[channel].toChannel = toChannel
        endpoints[endpoint].channel = channelReference.index
    }

    @_noAllocation @_noLocks
    private func unbridge(_ channel: Int) {
        let peer = Int(channels[channel].endpoint)
        channels[channel].endpoint = -1
        channels[channel].emptyDelay(context)
        if peer >= 0 { endpoints[peer].channel = -1 }
    }

    @_noAllocation @_noLocks
    private func play(_ port: PortReference, _ source: PlaySource) {
        switch port {
        case .channel(let reference):
            if let index = channel(reference) {
                channels[index].play(source, context)
                return
            }
        case .endpoint(let reference):
            if let index = endpoint(reference) {
                endpoints[index].play(source, context)
                return
            }
        }
        if case .samples(_, let number, _) = source { context.say(.released(number)) }
    }
}

/// One span: which channel holds which timeslot.
private struct SpanSlot: BitwiseCopyable {
    var law = G711Law.aLaw
    var timeslots = 0
    /// By timeslot; −1: none.
    var channels = InlineArray<32, Int32>(repeating: -1)
    /// Timeslots that carried audio once are kept idle by us.
    var wasUsed = InlineArray<32, Bool>(repeating: false)
}

/// How much there is room for, fixed when the engine is made.
package struct MediaCapacity: Sendable {
    package var spans: Int
    package var channels: Int
    package var endpoints: Int

    package init(spans: Int = 32, channels: Int = 1_024, endpoints: Int = 2_048) {
        self.spans = spans
        self.channels = channels
        self.endpoints = endpoints
    }
}
