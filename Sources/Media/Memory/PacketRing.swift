// SPDX-License-Identifier: GPL-2.0-or-later

/// A queue of RTP packets between the packet thread and the media thread, each built and read in place.
@safe struct PacketRing: BitwiseCopyable {
    /// The longest payload taken: 120 ms of G.711.
    static var largestPayload: Int { @_noAllocation @_noLocks get { 960 } }

    private let headers: Block<QueuedPacket>
    private let octets: Block<UInt8>
    private let ends: RingEnds

    /// The capacity is a power of two.
    init(capacity: Int) {
        headers = Block(repeating: QueuedPacket(), count: capacity)
        octets = Block(repeating: 0, count: capacity * Self.largestPayload)
        ends = RingEnds(capacity: capacity)
    }

    func deallocate() {
        headers.deallocate()
        octets.deallocate()
        ends.deallocate()
    }

    /// How many were ever written, for the writer.
    var written: UInt64 { ends.writtenCount }

    /// Where to build the next packet, for `header` and `payload`; nil when the ring is full.
    @_noAllocation @_noLocks
    func reserve() -> Int? { ends.writable() }

    @_noAllocation @_noLocks
    func commit() { ends.written() }

    /// Where the oldest packet lies; nil when there is none.
    @_noAllocation @_noLocks
    func front() -> Int? { ends.readable() }

    @_noAllocation @_noLocks
    func removeFront() { ends.taken() }

    @_noAllocation @_noLocks
    func header(at place: Int) -> QueuedPacket { headers[place] }

    @_noAllocation @_noLocks
    func setHeader(_ header: QueuedPacket, at place: Int) { headers[place] = header }

    @_noAllocation @_noLocks
    func payload(at place: Int) -> Block<UInt8> {
        octets.part(from: place &* Self.largestPayload, count: Self.largestPayload)
    }
}

/// What is said of one packet in a `PacketRing`.
struct QueuedPacket: BitwiseCopyable {
    var endpoint = SlotReference()
    var isTelephoneEvent = false
    var marker = false
    var payloadType: UInt8 = 0
    var sequence: UInt16 = 0
    var timestamp: UInt32 = 0
    var synchronizationSource: UInt32 = 0
    var payloadCount = 0
}

/// A slot by its place in a table and the life of it that is meant; anything that names an earlier life is stale.
struct SlotReference: BitwiseCopyable, Hashable {
    var index: Int32 = -1
    var generation: UInt32 = 0
}
