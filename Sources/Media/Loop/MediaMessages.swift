// SPDX-License-Identifier: GPL-2.0-or-later
import ISDN
import LineProtocol

/// A channel or an endpoint, by its slot.
enum PortReference: BitwiseCopyable, Hashable {
    case channel(SlotReference)
    case endpoint(SlotReference)
}

/// What the media thread is told. A reference to a life that is over makes it nothing.
enum MediaCommand: BitwiseCopyable {
    case none
    case openSpan(Int32, G711Law, timeslots: Int32, SpanHandle)
    case closeSpan(Int32)
    case openChannel(SlotReference, span: Int32, timeslot: Int32, ChannelMemory)
    case closeChannel(SlotReference)
    case openEndpoint(SlotReference, EndpointSettings, EndpointStart, EndpointMemory)
    case setEndpoint(SlotReference, EndpointSettings)
    case closeEndpoint(SlotReference)
    case bridge(channel: SlotReference, endpoint: SlotReference, toEndpoint: Bool, toChannel: Bool)
    case unbridge(channel: SlotReference)
    case play(PortReference, PlaySource)
    case digits(PortReference, DigitString)
    case detectDigits(SlotReference, Bool)
    /// 0 samples: no echo.
    case echo(SlotReference, samples: Int32)
}

/// What the media thread says.
enum MediaNotice: BitwiseCopyable {
    case none
    case firstPacket(SlotReference)
    case digit(PortReference, UInt8, milliseconds: UInt16, DigitSource)
    case played(PortReference)
    /// The samples of this number are no longer in use.
    case released(UInt32)
    // The memory that came with the command that opened it is no longer in use.
    case spanClosed(Int32)
    case channelClosed(SlotReference)
    case endpointClosed(SlotReference)
}

/// How an endpoint sends and receives, as the media thread needs it.
struct EndpointSettings: BitwiseCopyable {
    var law = G711Law.aLaw
    var sendPayloadType: UInt8 = 8
    var sendTelephoneEventType: UInt8?
    var packetOctets = 160
    var jitterMilliseconds = 40
    var sending = false
    var receiving = false

    init() {}

    init(_ parameters: EndpointParameters) {
        law = parameters.law
        sendPayloadType = parameters.sendPayloadType
        sendTelephoneEventType = parameters.sendTelephoneEventType
        packetOctets = Int(max(1, min(6, parameters.packetMilliseconds / 10))) * 80
        jitterMilliseconds = Int(parameters.jitterMilliseconds)
        sending = parameters.sending && parameters.remote != nil
        receiving = parameters.receiving
    }
}

/// Where a sender's numbers begin, at random (RFC 3550 section 5.1).
struct EndpointStart: BitwiseCopyable {
    var synchronizationSource: UInt32 = 0
    var sequence: UInt16 = 0
    var timestamp: UInt32 = 0
}

/// What the media thread needs of the rest of the world in every tick.
struct LoopContext: BitwiseCopyable {
    let tables: AudioTables
    /// By raw value of `MediaCounter`.
    let counters: Cells
    let notices: Ring<MediaNotice>
    let outgoing: PacketRing

    @_noAllocation @_noLocks
    func count(_ counter: MediaCounter, _ value: UInt64 = 1) {
        counters.add(value, to: counter.rawValue)
    }

    @_noAllocation @_noLocks
    func say(_ notice: MediaNotice) {
        if !notices.push(notice) { count(.ringOverflows) }
    }
}
