// SPDX-License-Identifier: GPL-2.0-or-later
import CLinux
import Glibc
import LineProtocol
import RTP
import Synchronization

/// What the packet thread is told.
enum PacketCommand: BitwiseCopyable {
    case none
    /// The descriptor becomes the thread's own; the facts are the endpoint's.
    case open(SlotReference, descriptor: Int32, PacketSettings, Cells)
    case set(SlotReference, PacketSettings)
    /// Closes the socket; answered by the reference in the ring of closed ones.
    case close(SlotReference)
}

/// Whose packets an endpoint takes, and where it sends its own.
struct PacketSettings: BitwiseCopyable {
    var remote = cl_address()
    var hasRemote = false
    var audioType: UInt8 = 255
    var telephoneEventType: UInt8 = 255
}

/// The packet thread: between the RTP sockets and the media thread's rings.
///
/// A packet is taken from the address the peer named in its SDP and no other. The port it comes from may differ from the
/// one named (some peers send from another); the first packet after each offer or answer fixes it. An error in sending,
/// such as one that an ICMP message left behind, is no reason to stop.
///
/// Unchecked: after `run` has begun everything but `stop` belongs to its thread.
final class PacketThread: @unchecked Sendable {
    private struct Socket {
        var reference = SlotReference()
        var descriptor: Int32 = -1
        var settings = PacketSettings()
        var facts: Cells?
        /// The port packets come from, once one came.
        var sourcePort: UInt16?
    }

    private var sockets: [Socket]
    private let commands: Ring<PacketCommand>
    private let closed: Ring<SlotReference>
    private let incoming: PacketRing
    private let outgoing: PacketRing
    private let counters: Cells
    private let wakeups: MediaThread.Wakeups
    private let epoll: Int32
    private var ready = [cl_ready](repeating: cl_ready(), count: 64)
    private var buffer = [UInt8](repeating: 0, count: 2_048)
    private let isStopping = Atomic(false)

    /// Datagrams read from one socket before the others have their turn.
    private static let mostPerTurn = 16
    private static let wakeToken = UInt64.max

    init(
        capacity: Int, commands: Ring<PacketCommand>, closed: Ring<SlotReference>, incoming: PacketRing,
        outgoing: PacketRing, counters: Cells, wakeups: MediaThread.Wakeups
    ) throws(MediaError) {
        sockets = Array(repeating: Socket(), count: capacity)
        self.commands = commands
        self.closed = closed
        self.incoming = incoming
        self.outgoing = outgoing
        self.counters = counters
        self.wakeups = wakeups
        epoll = try Descriptor.make("epoll", cl_epoll_create())
        _ = cl_epoll_set(epoll, wakeups.packets, UInt32(CL_READABLE), Self.wakeToken)
    }

    deinit {
        for socket in sockets where socket.descriptor >= 0 { Descriptor.close(socket.descriptor) }
        Descriptor.close(epoll)
    }

    func run() {
        while !isStopping.load(ordering: .acquiring) { turn(timeout: -1) }
    }

    func stop() {
        isStopping.store(true, ordering: .releasing)
        _ = cl_event_signal(wakeups.packets)
    }

    /// One round: commands, what arrived, what is to be sent. Waits at most that many milliseconds; −1: until something happens.
    func turn(timeout: Int32) {
        takeCommands()
        let count = unsafe cl_epoll_wait(epoll, &ready, Int32(ready.count), timeout)
        for index in 0..<max(0, Int(count)) {
            let token = ready[index].token
            if token == Self.wakeToken {
                _ = cl_event_drain(wakeups.packets)
            } else {
                receive(Int(token & 0xFFFF_FFFF))
            }
        }
        takeCommands()
        sendQueued()
    }

    private func takeCommands() {
        while let command = commands.pop() {
            switch command {
            case .none:
                break
            case .open(let reference, let descriptor, let settings, let facts):
                open(reference, descriptor, settings, facts)
            case .set(let reference, let settings):
                guard let index = index(of: reference) else { continue }
                sockets[index].settings = settings
                sockets[index].sourcePort = nil
            case .close(let reference):
                if let index = index(of: reference) {
                    _ = cl_epoll_remove(epoll, sockets[index].descriptor)
                    Descriptor.close(sockets[index].descriptor)
                    sockets[index] = Socket()
                }
                if !closed.push(reference) { count(.ringOverflows) }
                _ = cl_event_signal(wakeups.main)
            }
        }
    }

    private func index(of reference: SlotReference) -> Int? {
        let index = Int(reference.index)
        guard sockets.indices.contains(index), sockets[index].reference == reference else { return nil }
        return index
    }

    private func open(_ reference: SlotReference, _ descriptor: Int32, _ settings: PacketSettings, _ facts: Cells) {
        let index = Int(reference.index)
        guard sockets.indices.contains(index) else {
            Descriptor.close(descriptor)
            return
        }
        sockets[index] = Socket(reference: reference, descriptor: descriptor, settings: settings, facts: facts)
        // What came while nobody had asked for it is not this call's.
        var source = cl_address()
        var waiting = 256
        while waiting > 0, unsafe cl_udp_receive(descriptor, &buffer, buffer.count, &source) != -Int(EAGAIN) {
            waiting -= 1
        }
        _ = cl_epoll_set(epoll, descriptor, UInt32(CL_READABLE), UInt64(index))
    }

    private func receive(_ index: Int) {
        guard sockets.indices.contains(index), sockets[index].descriptor >= 0 else { return }
        var source = cl_address()
        for _ in 0..<Self.mostPerTurn {
            let octets = unsafe cl_udp_receive(sockets[index].descriptor, &buffer, buffer.count, &source)
            switch octets {
            case 0...: take(octets, from: source, index)
            case -Int(EAGAIN): return
            case -Int(EMSGSIZE): refuse(.rtpMalformed, index)
            default: break
            }
        }
    }

    private func take(_ octets: Int, from source: cl_address, _ index: Int) {
        count(.rtpReceived)
        let settings = sockets[index].settings
        guard settings.hasRemote, source.low == settings.remote.low, source.high == settings.remote.high,
            source.is_v6 == settings.remote.is_v6, sockets[index].sourcePort ?? source.port == source.port
        else {
            count(.rtpUnknownSource)
            return
        }
        let parsed = RTPPacket.parse(buffer.span.extracting(0..<octets))
        guard case .packet(let header, let offset, let payloadCount) = parsed else {
            refuse(.rtpMalformed, index)
            return
        }
        let isEvent = header.payloadType == settings.telephoneEventType
        guard isEvent || header.payloadType == settings.audioType else {
            count(.rtpUnknownPayload)
            return
        }
        guard payloadCount > 0, payloadCount <= PacketRing.largestPayload,
            !isEvent || payloadCount >= TelephoneEvent.octetCount
        else {
            refuse(.rtpMalformed, index)
            return
        }
        sockets[index].sourcePort = source.port
        guard let place = incoming.reserve() else {
            count(.ringOverflows)
            return
        }
        incoming.payload(at: place).copy(buffer.span.extracting(offset..<(offset + payloadCount)))
        incoming.setHeader(
            QueuedPacket(
                endpoint: sockets[index].reference, isTelephoneEvent: isEvent, marker: header.marker,
                payloadType: header.payloadType, sequence: header.sequence, timestamp: header.timestamp,
                synchronizationSource: header.synchronizationSource, payloadCount: payloadCount), at: place)
        incoming.commit()
    }

    private func sendQueued() {
        while let place = outgoing.front() {
            send(outgoing.header(at: place), outgoing.payload(at: place))
            outgoing.removeFront()
        }
    }

    private func send(_ packet: QueuedPacket, _ payload: Block<UInt8>) {
        guard let index = index(of: packet.endpoint), sockets[index].settings.hasRemote else { return }
        let octets = RTPHeader.octetCount + packet.payloadCount
        let header = RTPHeader(
            marker: packet.marker, payloadType: packet.payloadType, sequence: packet.sequence,
            timestamp: packet.timestamp, synchronizationSource: packet.synchronizationSource)
        var span = buffer.mutableSpan
        guard header.write(into: &span), octets <= span.count else { return }
        for octet in 0..<packet.payloadCount { span[RTPHeader.octetCount + octet] = payload[octet] }
        var remote = sockets[index].settings.remote
        _ = unsafe cl_udp_send(sockets[index].descriptor, buffer, octets, &remote)
        count(.rtpSent)
    }

    private func refuse(_ counter: MediaCounter, _ index: Int) {
        count(counter)
        sockets[index].facts?.add(1, to: EndpointFact.packetsMalformed.rawValue)
    }

    private func count(_ counter: MediaCounter) {
        counters.add(1, to: counter.rawValue)
    }
}
