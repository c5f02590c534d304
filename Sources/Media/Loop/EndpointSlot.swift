// SPDX-License-Identifier: GPL-2.0-or-later
import ISDN
import LineProtocol
import RTP

/// One RTP endpoint in the media loop. Its sending half is in `EndpointSlot+Sending.swift`.
///
///     packet ─▶ account ─┬▶ jitter buffer ─▶ concealment ─┬▶ 80 octets a tick, in the endpoint's law
///                        └▶ telephone events ─▶ tone ─────┘
struct EndpointSlot: BitwiseCopyable {
    let reference: SlotReference
    private(set) var settings: EndpointSettings
    let memory: EndpointMemory
    /// The slot of the channel it is bridged to; −1: none.
    var channel: Int32 = -1
    let isOpen: Bool

    private var account = ReceptionAccount()
    private var jitter: JitterBuffer
    private var concealer: Concealer
    private var events = TelephoneEventReceiver()
    private var tone = DualTone()
    /// While it counts down, audio is silence: what may still hold the tone of a digit that came as an event.
    private var mutedTicks = 0
    private var lostCounted: UInt64 = 0
    private var heard = false

    var sending: EndpointSender
    var player = Player()
    var digits = DigitSender()

    @_noAllocation @_noLocks
    init(
        reference: SlotReference, settings: EndpointSettings, start: EndpointStart, memory: EndpointMemory,
        isOpen: Bool
    ) {
        self.reference = reference
        self.settings = settings
        self.memory = memory
        self.isOpen = isOpen
        concealer = memory.concealer
        jitter = JitterBuffer(
            octets: memory.jitterOctets, filled: memory.jitterFilled, depthMilliseconds: settings.jitterMilliseconds)
        sending = EndpointSender(start: start, assembly: memory.assembly)
    }

    @_noAllocation @_noLocks
    mutating func change(_ settings: EndpointSettings) {
        self.settings = settings
        jitter.setDepth(milliseconds: settings.jitterMilliseconds)
        if !settings.receiving { jitter.rest() }
    }

    @_noAllocation @_noLocks
    mutating func receive(_ packet: QueuedPacket, _ payload: Block<UInt8>, _ context: LoopContext) {
        let facts = memory.facts
        facts.add(1, to: EndpointFact.packetsReceived.rawValue)
        facts.set(EndpointFact.silentTicks.rawValue, to: 0)
        if !heard {
            heard = true
            context.say(.firstPacket(reference))
        }
        switch account.receive(packet.sequence, from: packet.synchronizationSource) {
        case .inOrder:
            break
        case .reordered:
            facts.add(1, to: EndpointFact.packetsReordered.rawValue)
        case .duplicate:
            facts.add(1, to: EndpointFact.packetsDuplicate.rawValue)
            return
        case .stale, .suspect:
            countLate(context)
            return
        case .restarted:
            jitter.restart()
            events.restart()
        }
        countLost(context)
        guard settings.receiving else { return }
        if packet.isTelephoneEvent {
            receiveEvent(packet, payload, context)
            return
        }
        switch jitter.insert(payload.part(from: 0, count: packet.payloadCount), timestamp: packet.timestamp) {
        case .taken:
            break
        case .late:
            facts.add(1, to: EndpointFact.packetsLost.rawValue)
            context.count(.rtpLost)
            countLate(context)
        case .astray:
            countLate(context)
        }
        facts.set(EndpointFact.bufferResets.rawValue, to: jitter.resets)
    }

    @_noAllocation @_noLocks
    private mutating func receiveEvent(_ packet: QueuedPacket, _ payload: Block<UInt8>, _ context: LoopContext) {
        guard packet.payloadCount >= TelephoneEvent.octetCount else { return }
        let event = TelephoneEvent(
            event: payload[0], end: payload[1] & 0x80 != 0, volume: payload[1] & 0x3F,
            duration: UInt16(payload[2]) &<< 8 | UInt16(payload[3]))
        if events.receive(event, timestamp: packet.timestamp) {
            memory.facts.add(1, to: EndpointFact.digitsFromRTP.rawValue)
            context.count(.digitsFromRTP)
        }
    }

    /// The next 80 octets from RTP, in the endpoint's law.
    @_noAllocation @_noLocks
    mutating func takeAudio(_ context: LoopContext) -> Block<UInt8> {
        let audio = memory.received
        let count = jitter.take(into: audio, present: memory.present)
        if settings.receiving {
            memory.facts.add(1, to: EndpointFact.silentTicks.rawValue)
        } else {
            memory.facts.set(EndpointFact.silentTicks.rawValue, to: 0)
        }
        switch events.advance() {
        case .began(let digit):
            tone = DualTone(digit, settings.law)
            renderTone(into: audio, context)
        case .sounding:
            renderTone(into: audio, context)
        case .ended(let digit, let milliseconds):
            let reported = UInt16(truncatingIfNeeded: min(milliseconds, 0xFFFF))
            context.say(.digit(.endpoint(reference), digit.ascii, milliseconds: reported, .rfc4733))
            audio.fill(context.tables.idle(settings.law))
        case .gap:
            audio.fill(context.tables.idle(settings.law))
        case .none:
            if mutedTicks > 0 {
                mutedTicks &-= 1
                audio.fill(context.tables.idle(settings.law))
            } else if (jitter.isRunning && jitter.isPlaying) || count > 0 {
                complete(audio, count, context)
            } else {
                // A pause: what comes after it follows on silence, not on what was made up before.
                if concealer.isFilling {
                    for index in 0..<80 { memory.samples[index] = 0 }
                    concealer.receive(memory.samples)
                }
                audio.fill(context.tables.idle(settings.law))
            }
        }
        return audio
    }

    @_noAllocation @_noLocks
    private mutating func renderTone(into audio: Block<UInt8>, _ context: LoopContext) {
        tone.render(into: memory.samples, context.tables)
        context.tables.encode(memory.samples, settings.law, into: audio)
        mutedTicks = jitter.depthTicks
    }

    /// Leaves octets that came as they came; makes up the others, and blends what follows them.
    @_noAllocation @_noLocks
    private mutating func complete(_ audio: Block<UInt8>, _ count: Int, _ context: LoopContext) {
        let present = memory.present
        var start = 0
        while start < 80 {
            var end = start
            while end < 80, present[end] == present[start] { end &+= 1 }
            let octets = audio.part(from: start, count: end &- start)
            let samples = memory.samples.part(from: start, count: end &- start)
            if present[start] != 0 {
                let blends = concealer.isFilling
                context.tables.decode(octets, settings.law, into: samples)
                concealer.receive(samples)
                if blends { context.tables.encode(samples, settings.law, into: octets) }
            } else {
                concealer.fill(samples)
                context.tables.encode(samples, settings.law, into: octets)
            }
            start = end
        }
        guard count < 80 else { return }
        let cell = EndpointFact.concealedSamples.rawValue
        let before = memory.facts.value(of: cell)
        memory.facts.add(UInt64(80 &- count), to: cell)
        context.count(.concealedMilliseconds, memory.facts.value(of: cell) / 8 &- before / 8)
    }

    @_noAllocation @_noLocks
    private func countLate(_ context: LoopContext) {
        memory.facts.add(1, to: EndpointFact.packetsLate.rawValue)
        context.count(.rtpLate)
    }

    /// Counts the packets given up since the last time.
    @_noAllocation @_noLocks
    private mutating func countLost(_ context: LoopContext) {
        memory.facts.set(EndpointFact.packetsMissing.rawValue, to: account.holes)
        let more = account.lost &- lostCounted
        guard more > 0 else { return }
        lostCounted = account.lost
        memory.facts.add(more, to: EndpointFact.packetsLost.rawValue)
        context.count(.rtpLost, more)
    }

    /// Counts what is missing now as lost: nothing more will come.
    @_noAllocation @_noLocks
    mutating func finish(_ context: LoopContext) {
        memory.facts.set(EndpointFact.packetsMissing.rawValue, to: 0)
        memory.facts.add(account.holes, to: EndpointFact.packetsLost.rawValue)
        context.count(.rtpLost, account.holes)
    }
}
