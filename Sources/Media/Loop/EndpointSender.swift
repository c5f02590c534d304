// SPDX-License-Identifier: GPL-2.0-or-later
import ISDN
import LineProtocol
import RTP

/// The packets of one endpoint: gathers ticks of audio into packets, and lets telephone events stand in for them.
struct EndpointSender: BitwiseCopyable {
    private let start: EndpointStart
    private let assembly: Block<UInt8>
    private var sequence: UInt16
    /// Of the tick that comes next; runs on while nothing is sent.
    private var timestamp: UInt32
    private var packetTimestamp: UInt32 = 0
    private var filled = 0
    /// Whether the last packet's time had audio: the first after silence bears the marker.
    private var isTalking = false
    private var event = TelephoneEventSender()

    @_noAllocation @_noLocks
    init(start: EndpointStart, assembly: Block<UInt8>) {
        self.start = start
        self.assembly = assembly
        sequence = start.sequence
        timestamp = start.timestamp
    }

    var hasEvent: Bool { @_noAllocation @_noLocks get { !event.isIdle } }

    /// Silences up to the last 14 ms of what is gathered: what the detector needed beyond the 20 ms of delay.
    @_noAllocation @_noLocks
    mutating func mute(idle: UInt8) {
        let octets = min(filled, 112)
        assembly.part(from: filled &- octets, count: octets).fill(idle)
    }

    /// A digit's event begins; what is left to say of the one before is said at once.
    @_noAllocation @_noLocks
    mutating func beginEvent(_ digit: DTMFDigit, _ slot: EndpointTarget, _ context: LoopContext) {
        event.end()
        while let (last, isFirst) = event.next() { push(last, isFirst, slot, context) }
        event.begin(digit, timestamp: timestamp)
    }

    @_noAllocation @_noLocks
    mutating func endEvent() {
        event.end()
    }

    /// One tick with nothing to send.
    @_noAllocation @_noLocks
    mutating func skip() {
        timestamp &+= 80
        filled = 0
        isTalking = false
        event = TelephoneEventSender()
    }

    /// One tick: 80 octets of audio, or nothing but events.
    @_noAllocation @_noLocks
    mutating func send(_ audio: Block<UInt8>?, _ slot: EndpointTarget, _ context: LoopContext) {
        if filled == 0 { packetTimestamp = timestamp }
        timestamp &+= 80
        event.advance()
        let place = assembly.part(from: filled, count: 80)
        if let audio {
            place.copy(from: audio)
        } else {
            place.fill(context.tables.idle(slot.settings.law))
        }
        filled &+= 80
        guard filled >= slot.settings.packetOctets else { return }

        let replaced = event.replacesAudio
        if let (event, isFirst) = event.next() { push(event, isFirst, slot, context) }
        if !replaced, audio != nil {
            var packet = header(slot)
            packet.marker = !isTalking
            packet.payloadType = slot.settings.sendPayloadType
            packet.timestamp = packetTimestamp
            packet.payloadCount = filled
            if let place = context.outgoing.reserve() {
                context.outgoing.payload(at: place).copy(from: assembly.part(from: 0, count: filled))
                commit(packet, place, slot, context)
            } else {
                context.count(.ringOverflows)
            }
            isTalking = true
        } else if audio == nil {
            isTalking = false
        }
        filled = 0
    }

    @_noAllocation @_noLocks
    private mutating func push(
        _ event: TelephoneEvent, _ isFirst: Bool, _ slot: EndpointTarget, _ context: LoopContext
    ) {
        guard let type = slot.settings.sendTelephoneEventType else { return }
        guard let place = context.outgoing.reserve() else {
            context.count(.ringOverflows)
            return
        }
        var packet = header(slot)
        packet.isTelephoneEvent = true
        packet.marker = isFirst
        packet.payloadType = type
        packet.timestamp = self.event.timestamp
        packet.payloadCount = TelephoneEvent.octetCount
        let payload = context.outgoing.payload(at: place)
        payload[0] = event.event
        payload[1] = (event.end ? 0x80 : 0) | event.volume
        payload[2] = UInt8(truncatingIfNeeded: event.duration &>> 8)
        payload[3] = UInt8(truncatingIfNeeded: event.duration)
        commit(packet, place, slot, context)
    }

    @_noAllocation @_noLocks
    private func header(_ slot: EndpointTarget) -> QueuedPacket {
        var packet = QueuedPacket()
        packet.endpoint = slot.reference
        packet.sequence = sequence
        packet.synchronizationSource = start.synchronizationSource
        return packet
    }

    @_noAllocation @_noLocks
    private mutating func commit(
        _ packet: QueuedPacket, _ place: Int, _ slot: EndpointTarget, _ context: LoopContext
    ) {
        context.outgoing.setHeader(packet, at: place)
        context.outgoing.commit()
        sequence &+= 1
        slot.facts.add(1, to: EndpointFact.packetsSent.rawValue)
    }
}

/// Whose packets they are.
struct EndpointTarget: BitwiseCopyable {
    let reference: SlotReference
    let settings: EndpointSettings
    let facts: Cells
}
