// SPDX-License-Identifier: GPL-2.0-or-later
import CPri
import Glibc
import ISDN
import LineProtocol
import Spans

/// One span's libpri: its handle, its frames both ways, its channels.
///
///     D channel ──▶ guard ──▶ libpri ──▶ events
///     D channel ◀─────────── libpri ◀── calls of PRICore
///
/// libpri has no way to destroy a handle. So a link lives for ever, and one that was replaced says nothing any more.
@safe final class SpanLink {
    private(set) var configuration: SpanConfiguration
    private(set) var dChannel: any DChannel
    private(set) var monitor: any SpanMonitor
    var channels = ChannelTable()
    /// Its channels were restarted once in this program's life.
    var wasUp = false
    /// The RESTART under way is given up at this time.
    var restartDeadline: UInt64?
    var reportedState: SpanState?
    /// Another handle took its place.
    private(set) var isAbandoned = false

    private(set) var pri: OpaquePointer?
    /// The frame libpri is about to read.
    private var pending: [UInt8] = []
    private var buffer = [UInt8](repeating: 0, count: 512)
    unowned let core: PRICore
    private var logSecond: UInt64 = 0
    private var linesThisSecond = 0
    private static let linesPerSecond = 20

    /// Q.931 table 9-1 has 2 minutes, sent twice; we are as patient, but ask again every 3 seconds. When both ends establish
    /// layer 2 at once, a first RESTART is lost with the link that is set up anew (Q.921 section 5.5.3), and libpri is not
    /// told: with 2 minutes the channels would be out of service as long.
    static let t316Milliseconds: Int32 = 3_000
    static let n316: Int32 = 80
    /// How long they take together, and a little more.
    static let restartLimit = UInt64(t316Milliseconds) * UInt64(n316) * 1_000_000 + 1_000_000_000

    init?(_ configuration: SpanConfiguration, _ dChannel: any DChannel, _ monitor: any SpanMonitor, core: PRICore) {
        self.configuration = configuration
        self.dChannel = dChannel
        self.monitor = monitor
        self.core = core
        let role = configuration.role == .nt ? PRI_NETWORK : PRI_CPE
        // Retained for ever, as the handle is.
        unsafe pri = pri_new_cb(
            -1, role, PRI_SWITCH_EUROISDN_E1,
            { pri, buffer, size in
                guard let link = unsafe SpanLink.of(pri), let buffer = unsafe buffer else { return 0 }
                return unsafe link.read(UnsafeMutableRawBufferPointer(start: buffer, count: Int(max(0, size))))
            },
            { pri, buffer, size in
                guard let link = unsafe SpanLink.of(pri), let buffer = unsafe buffer else { return size }
                return unsafe link.write(UnsafeRawBufferPointer(start: buffer, count: Int(max(0, size))))
            }, Unmanaged.passRetained(self).toOpaque())
        guard let pri = unsafe pri else { return nil }
        unsafe pri_hangup_fix_enable(pri, 1)
        unsafe pri_connect_ack_enable(pri, 1)
        unsafe pri_facility_enable(pri)
        unsafe pri_set_timer(pri, Int32(PRI_TIMER_T316.rawValue), Self.t316Milliseconds)
        unsafe pri_set_timer(pri, Int32(PRI_TIMER_N316.rawValue), Self.n316)
    }

    static func of(_ pri: OpaquePointer?) -> SpanLink? {
        guard let pri = unsafe pri, let context = unsafe pri_get_userdata(pri) else { return nil }
        return unsafe Unmanaged<SpanLink>.fromOpaque(context).takeUnretainedValue()
    }

    var id: SpanID { configuration.id }

    /// Whether libpri still knows the call.
    func knows(_ record: LegRecord) -> Bool {
        unsafe pri_knows(pri, record.call) != 0
    }

    /// The same libpri over another D channel, or by another hunting order.
    func reconfigure(_ configuration: SpanConfiguration, _ dChannel: any DChannel, _ monitor: any SpanMonitor) {
        self.configuration = configuration
        self.dChannel = dChannel
        self.monitor = monitor
    }

    func abandon() {
        isAbandoned = true
        channels.isUp = false
    }

    var state: SpanState {
        SpanState(
            layer1: Layer1State(rawValue: monitor.layer1) ?? .lossOfSignal, layer2Up: channels.isUp,
            layer3Up: channels.isUp && !channels.isRestarting)
    }

    /// A SETUP could go out now.
    var canCall: Bool {
        guard channels.isUp else { return false }
        switch state.layer1 {
        case .up, .remoteAlarm: return true
        case .lossOfSignal, .alarmIndicationSignal: return false
        }
    }

    /// How many calls libpri has records of. It tells in one line of a page for people.
    var callRecords: Int {
        guard let page = unsafe pri_dump_info_str(pri) else { return 0 }
        defer { unsafe free(page) }
        let label = "Total active-calls:"
        for line in unsafe String(cString: page).split(separator: "\n") where line.hasPrefix(label) {
            return Int(line.dropFirst(label.count).prefix { $0.isNumber }) ?? 0
        }
        return 0
    }

    // MARK: Words

    func log(_ level: LogLevel, _ text: String) {
        core.output(.log(level, "span \(configuration.name): \(text)"))
    }

    /// A hostile far end can have libpri complain of every frame: so many lines a second and no more.
    func logFromLibPri(_ level: LogLevel, _ text: String) {
        let second = core.now / 1_000_000_000
        if second != logSecond {
            if linesThisSecond > Self.linesPerSecond {
                log(.warning, "\(linesThisSecond - Self.linesPerSecond) more lines of libpri's left out")
            }
            logSecond = second
            linesThisSecond = 0
        }
        linesThisSecond += 1
        if linesThisSecond <= Self.linesPerSecond { log(level, text) }
    }

    // MARK: Frames

    @safe struct Received {
        /// What libpri made of the frame.
        var event: pri_event_summary?
        /// The frame's message of layer 3.
        var message: Q931Message?
    }

    /// Has libpri take the next frame; nil when none waits.
    func receive() -> Received? {
        let octets = unsafe buffer.withUnsafeMutableBytes { unsafe dChannel.receive(into: $0) }
        guard let octets else { return nil }
        core.counters.count(.framesReceived)
        var frame = Array(buffer[..<min(octets, buffer.count)])
        core.output(.frame(id, .received, frame))
        // An address, a control octet; and no more than Q.921's N201 allows.
        guard (3...Self.longestFrame).contains(frame.count) else {
            core.counters.count(.framesMalformed)
            return Received()
        }
        if Q931FrameGuard.repair(&frame) > 0 { core.counters.count(.framesRepaired) }
        let message = Self.message(in: frame)
        pending = frame
        defer { pending = [] }
        guard let event = unsafe pri_check_event(pri) else { return unsafe Received(message: message) }
        return unsafe Received(event: pri_event_read(event), message: message)
    }

    private static let longestFrame = 264

    private static func message(in frame: [UInt8]) -> Q931Message? {
        guard let header = try? LAPDFrame(frame), header.carriesCallControl, header.informationOffset < frame.count
        else { return nil }
        return try? Q931Message(frame[header.informationOffset...])
    }

    /// libpri asks for a frame: its length with the 2 octets of the FCS, which it does not look at; 0 for none.
    private func read(_ target: UnsafeMutableRawBufferPointer) -> Int32 {
        guard !isAbandoned, !pending.isEmpty, pending.count + 2 <= target.count else { return 0 }
        unsafe target.copyBytes(from: pending)
        unsafe target[pending.count] = 0
        unsafe target[pending.count + 1] = 0
        let length = Int32(pending.count + 2)
        pending = []
        return length
    }

    /// libpri has a frame to send, with 2 octets for the FCS behind it.
    private func write(_ frame: UnsafeRawBufferPointer) -> Int32 {
        let length = Int32(frame.count)
        guard !isAbandoned, frame.count > 2 else { return length }
        let octets = unsafe UnsafeRawBufferPointer(rebasing: frame[..<(frame.count - 2)])
        unsafe core.output(.frame(id, .sent, Array(octets)))
        if unsafe dChannel.send(octets) { core.counters.count(.framesSent) }
        return length
    }
}
