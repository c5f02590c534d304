// SPDX-License-Identifier: GPL-2.0-or-later
import ISDN
import LineProtocol

/// What the engine knows of a span.
struct SpanRecord {
    let index: Int32
    let timeslots: Int
    let law: G711Law
    let handle: SpanHandle
}

/// What the engine knows of a leg with a channel.
struct LegRecord {
    let reference: SlotReference
    let channel: ChannelID
    let memory: ChannelMemory
    /// Bridged to it now.
    var endpoint: EndpointID?
    /// Bridged to it last, and still open: its facts are the leg's.
    var countedEndpoint: EndpointID?
    /// The facts of endpoints that are closed.
    var closedFacts = MediaFacts()
}

/// What the engine knows of an endpoint that was granted.
struct EndpointRecord {
    let port: UInt16
    let isV6: Bool
    /// −1 once the packet thread owns the socket.
    var descriptor: Int32
    /// Nil until it is opened.
    var open: Open?

    struct Open {
        let reference: SlotReference
        let memory: EndpointMemory
        var parameters: EndpointParameters
        var leg: LegID?
    }
}

/// Slots given to owners; a slot is given again when every thread that knew of it has let go.
struct SlotTable<Owner, Memory> {
    private struct Slot {
        var generation: UInt32 = 0
        var owner: Owner?
        var memory: Memory?
        /// Threads that still know of it.
        var holders = 0
    }

    private var slots: [Slot]
    private var free: [Int32]

    init(capacity: Int) {
        slots = (0..<capacity).map { _ in Slot() }
        free = (0..<Int32(capacity)).reversed()
    }

    var memories: [Memory] { slots.compactMap(\.memory) }
    var inUse: Int { slots.count - free.count }

    /// Nil when all are taken.
    mutating func take(for owner: Owner, memory: Memory, holders: Int) -> SlotReference? {
        guard let index = free.popLast() else { return nil }
        slots[Int(index)].generation &+= 1
        slots[Int(index)].owner = owner
        slots[Int(index)].memory = memory
        slots[Int(index)].holders = holders
        return SlotReference(index: index, generation: slots[Int(index)].generation)
    }

    /// Nil when the slot has another life by now.
    func owner(of reference: SlotReference) -> Owner? {
        guard slots.indices.contains(Int(reference.index)) else { return nil }
        let slot = slots[Int(reference.index)]
        return slot.generation == reference.generation ? slot.owner : nil
    }

    /// One of its holders has let go; answers the memory when it was the last.
    mutating func letGo(_ reference: SlotReference) -> Memory? {
        let index = Int(reference.index)
        guard slots.indices.contains(index), slots[index].generation == reference.generation,
            slots[index].holders > 0
        else { return nil }
        slots[index].holders -= 1
        guard slots[index].holders == 0 else { return nil }
        defer {
            slots[index].owner = nil
            slots[index].memory = nil
            free.append(reference.index)
        }
        return slots[index].memory
    }
}

extension SlotTable where Memory == ChannelMemory {
    mutating func release(_ reference: SlotReference) {
        letGo(reference)?.deallocate()
    }
}

extension SlotTable where Memory == EndpointMemory {
    mutating func release(_ reference: SlotReference) {
        letGo(reference)?.deallocate()
    }
}
