// SPDX-License-Identifier: GPL-2.0-or-later
import ISDN
package import LineProtocol

/// The line program's end of the call lane: who the control program is, what it has heard, what it left behind.
///
///     lane A              session                lane B
///       | hello(1) ---------->|                    |
///       |<----------- welcome |                    |
///       | attach(0) --------->|                    |
///       |<-- snapshot, events |                    |
///       |                     |<--------- hello(2) |
///       |<------ refused, end | welcome ---------->|
///       |                     |<-------- attach(n) |
///       |                     | snapshot, after n  |
///       |                     |<--------- (lane ends: alone; the calls that are up go on)
///
/// The session does not judge legs at attach: a leg in the snapshot without a memo is one whose other party nobody knows any
/// more, and the control program clears it.
package struct LineSession {
    /// Who listens.
    package enum Control: Hashable, Sendable {
        case alone(since: UInt64)
        /// Said hello; events are kept until it attaches. Still counts as alone.
        case greeted(LaneID, aloneSince: UInt64)
        case attached(LaneID)
    }

    /// How the program is to end.
    enum Ending: Hashable {
        case no
        /// New calls are refused; it ends with the last call.
        case draining
        /// All calls were cleared; it ends with the last of them, or then.
        case clearing(until: UInt64)
        case ended
    }

    /// Lanes that have not said hello are closed after this long.
    static let helloLimit: UInt64 = 5_000_000_000
    /// How long calls have to be cleared in when the program ends.
    static let clearingLimit: UInt64 = 1_000_000_000

    package private(set) var control: Control
    /// The highest epoch seen; 0 before the first hello.
    package private(set) var epoch: UInt32 = 0
    private let bootID: UInt64
    private var sequence: UInt64 = 0
    private var silentLanes: [LaneID: UInt64] = [:]
    private var ending = Ending.no
    /// Granted before the last hello. A control program that remembers nothing of this life leaves them unused.
    private var inherited: Set<EndpointID> = []
    private var wantedEndpoints: UInt16?
    private(set) var retained = RetainedEvents()
    private(set) var book = LegBook()

    package init(bootID: UInt64, now: UInt64) {
        self.bootID = bootID
        control = .alone(since: now)
    }

    /// The lane of the control program there is.
    package var lane: LaneID? {
        switch control {
        case .alone: nil
        case .greeted(let lane, _), .attached(let lane): lane
        }
    }

    package var liveLegs: Int { book.legs.count }

    /// The legs whose packets `notePackets` wants to know.
    package var legsWithEndpoints: [LegID] { book.legs.filter { $0.value.endpoint != nil }.keys.sorted() }

    /// Whether the leg was, and its end is not acknowledged yet.
    package func hasEnded(_ leg: LegID) -> Bool { retained.hasEnd(of: leg) }

    package mutating func notePackets(_ count: UInt64, leg: LegID, now: UInt64) {
        book.notePackets(count, leg: leg, now: now)
    }

    /// A span was configured: it is in snapshots from now on.
    package mutating func configured(_ span: SpanConfiguration) {
        book.spans[span.id] = LegBook.Span(configuration: span, state: book.spans[span.id]?.state ?? SpanState())
    }

    // MARK: Lanes

    package mutating func laneOpened(_ lane: LaneID, now: LineTime) {
        silentLanes[lane] = now.monotonic
    }

    /// The lane ended, could not be read, or was not drained for `Lane.drainLimitMilliseconds`.
    package mutating func laneEnded(_ lane: LaneID, now: LineTime) {
        silentLanes[lane] = nil
        switch control {
        case .attached(lane): control = .alone(since: now.monotonic)
        case .greeted(lane, let since): control = .alone(since: since)
        case .alone, .greeted, .attached: break
        }
    }

    package mutating func received(
        _ command: LineCommand, from sender: LaneID, now: LineTime
    ) -> [LineSessionAction] {
        if case .hello(let versions, let epoch) = command {
            return greet(sender, versions: versions, epoch: epoch, now: now)
        }
        guard sender == lane else {
            silentLanes[sender] = nil
            return refuse(.hello, to: sender, "the first command must be hello", now: now) + [.close(sender)]
        }
        return obey(command, from: sender, now: now)
    }

    /// A frame that is no command.
    package mutating func receivedUnreadable(
        _ error: LineDecodingError, from sender: LaneID, now: LineTime
    ) -> [LineSessionAction] {
        [.count(.commandsRefused)]
            + refuse(.unreadable, to: sender, "a command could not be read: \(error)", now: now)
    }

    private mutating func greet(
        _ sender: LaneID, versions: [UInt16], epoch: UInt32, now: LineTime
    ) -> [LineSessionAction] {
        guard silentLanes.removeValue(forKey: sender) != nil else {
            return refuse(.hello, to: sender, "hello was said already", now: now) + drop(sender, now: now)
        }
        guard let version = Lane.versions.filter(versions.contains).max() else {
            let ours = Lane.versions.map(String.init).joined(separator: ", ")
            let theirs = versions.map(String.init).joined(separator: ", ")
            let reason = "the line program speaks versions \(ours), the control program \(theirs)"
            return refuse(.hello, to: sender, reason, now: now) + [.close(sender)]
        }
        guard epoch > self.epoch else {
            let reason = "epoch \(epoch) is not above \(self.epoch): another control program was here since"
            return refuse(.hello, to: sender, reason, now: now) + [.close(sender)]
        }
        self.epoch = epoch
        inherited = Set(book.endpoints.keys)
        var actions: [LineSessionAction] = []
        switch control {
        case .alone(let since):
            control = .greeted(sender, aloneSince: since)
        case .greeted(let old, let since):
            actions += takeOver(from: old, epoch: epoch, now: now)
            control = .greeted(sender, aloneSince: since)
        case .attached(let old):
            actions += takeOver(from: old, epoch: epoch, now: now)
            control = .greeted(sender, aloneSince: now.monotonic)
        }
        return actions + [.send(sender, unnumbered(.welcome(version: version, bootID: bootID), now: now))]
    }

    private func takeOver(from old: LaneID, epoch: UInt32, now: LineTime) -> [LineSessionAction] {
        let reason = "a newer control program (epoch \(epoch)) has taken over"
        return refuse(.hello, to: old, reason, now: now) + [.close(old)]
    }

    private mutating func drop(_ lane: LaneID, now: LineTime) -> [LineSessionAction] {
        laneEnded(lane, now: now)
        return [.close(lane)]
    }

    // MARK: Commands

    private mutating func obey(
        _ command: LineCommand, from sender: LaneID, now: LineTime
    ) -> [LineSessionAction] {
        switch command {
        case .hello:
            return []  // greeted before it came here
        case .attach(let lastEvent):
            return attach(sender, lastEvent: lastEvent, now: now)
        case .acknowledge(let event):
            retained.acknowledge(through: event)
            book.acknowledge(through: event)
            return []
        case .memo(let leg, let octets):
            return remember(octets, of: leg, for: sender, now: now)
        case .detach:
            return drop(sender, now: now)
        case .shutdown(let drain):
            return end(draining: drain, now: now)
        case .configure(let span):
            return book.spans[span.id]?.configuration == span ? [] : [.execute(command)]
        case .setup(let leg, _):
            // Said twice: the first is under way, or its end waits to be heard.
            guard book.legs[leg] == nil, !retained.hasEnd(of: leg) else { return [] }
            guard leg.epoch == epoch else {
                return [.count(.commandsRefused)]
                    + refuse(.leg(leg), to: sender, "a new leg must carry epoch \(epoch)", now: now)
            }
            book.note(command, now: now.monotonic)
            guard ending == .no else {
                let report = EndReport(
                    cause: .switchingEquipmentCongestion, initiator: .line, startedWall: now.wall, endedWall: now.wall)
                return emit(.ended(leg, report), now: now)
            }
            return [.execute(command)]
        case .wantEndpoints(let count):
            wantedEndpoints = count
            return [.execute(command)]
        case .restart, .send, .clear, .rtp, .open, .close, .bridge, .unbridge, .play, .digits,
            .detectDigits, .echo:
            book.note(command, now: now.monotonic)
            return [.execute(command)]
        }
    }

    private mutating func attach(_ lane: LaneID, lastEvent: UInt64, now: LineTime) -> [LineSessionAction] {
        control = .attached(lane)
        // A number of another life of the line program says nothing of this one.
        let lastEvent = lastEvent <= sequence ? lastEvent : 0
        retained.acknowledge(through: lastEvent)
        book.acknowledge(through: lastEvent)
        let orphans = lastEvent == 0 ? book.orphans(of: inherited) : []
        inherited = []
        orphans.forEach { book.forget($0) }
        var actions = orphans.map { LineSessionAction.execute(.close($0)) }
        actions += book.snapshot(after: lastEvent).map { .send(lane, unnumbered($0, now: now)) }
        for var event in retained.inOrder {
            guard let news = news(of: event.event) else { continue }
            event.event = news
            actions += [.count(.eventsReplayed), .send(lane, event)]
        }
        // Last, since what is granted now comes after what was said before.
        if let wantedEndpoints, !orphans.isEmpty { actions.append(.execute(.wantEndpoints(wantedEndpoints))) }
        return actions
    }

    /// What of an event kept is to be said again after a snapshot; nil: nothing.
    private func news(of event: LineEvent) -> LineEvent? {
        switch event {
        case .incoming(let leg, _):
            return book.legs[leg].map { !$0.touched } ?? true ? event : nil
        case .granted(let endpoints):
            let unused = endpoints.filter { book.endpoints[$0.endpoint]?.isOpen == false }
            return unused.isEmpty ? nil : .granted(unused)
        case .firstPacket(let endpoint), .digit(.endpoint(let endpoint), _, _, _), .played(.endpoint(let endpoint)):
            return book.endpoints[endpoint] == nil ? nil : event
        case .spanState, .channelState:
            return nil  // the snapshot is newer
        case .received, .seized, .glare, .timerExpired, .ended, .digit(.channel, _, _, _), .played(.channel), .welcome,
            .refused, .spanSnapshot, .channelSnapshot, .legSnapshot, .snapshotEnd:
            return event
        }
    }

    private mutating func remember(
        _ octets: [UInt8], of leg: LegID, for sender: LaneID, now: LineTime
    ) -> [LineSessionAction] {
        guard book.legs[leg] != nil else {
            // Its end may have crossed the memo.
            guard !retained.hasEnd(of: leg) else { return [] }
            return [.count(.commandsRefused)]
                + refuse(.memo(leg), to: sender, "there is no leg \(leg)", now: now)
        }
        book.note(.memo(leg, []), now: now.monotonic)
        guard octets.count <= Lane.maximumMemoOctets else {
            // What was remembered before is no longer true: the call does not survive the control program.
            book.legs[leg]?.memo = []
            let reason = "the memo has \(octets.count) octets, where \(Lane.maximumMemoOctets) are kept"
            return [.count(.memosRefused)] + refuse(.memo(leg), to: sender, reason, now: now)
        }
        book.legs[leg]?.memo = octets
        return []
    }

    /// SIGTERM, or the command.
    package mutating func end(draining: Bool, now: LineTime) -> [LineSessionAction] {
        guard !book.legs.isEmpty else {
            ending = .ended
            return [.end]
        }
        switch (ending, draining) {
        case (.no, true):
            ending = .draining
            return []
        case (.draining, true), (.clearing, true), (.clearing, false), (.ended, true), (.ended, false):
            return []
        case (.no, false), (.draining, false):
            break
        }
        ending = .clearing(until: now.monotonic &+ Self.clearingLimit)
        let legs = book.legs.filter { !$0.value.clearing }.keys.sorted()
        return legs.map { clear($0, .temporaryFailure) }
    }

    // MARK: Events

    /// Numbers an event, keeps it, and says it to whoever is attached.
    package mutating func emit(_ event: LineEvent, now: LineTime) -> [LineSessionAction] {
        if case .refused = event {
            guard let lane else { return [] }
            return [.count(.commandsRefused), .send(lane, unnumbered(event, now: now))]
        }
        sequence += 1
        let numbered = NumberedEvent(
            sequence: sequence, monotonicNanoseconds: now.monotonic, wallNanoseconds: now.wall, event: event)
        book.note(event, sequence: sequence, now: now.monotonic)
        retained.append(numbered)
        var actions: [LineSessionAction] = []
        if case .attached(let lane) = control { actions.append(.send(lane, numbered)) }
        if case .incoming(let leg, _) = event, ending != .no {
            actions.append(clear(leg, .switchingEquipmentCongestion))
        }
        if book.legs.isEmpty, ending != .no {
            ending = .ended
            actions.append(.end)
        }
        return actions
    }

    // MARK: Time

    /// When `tick` wants to be called; nil: not before something happens.
    package func nextDeadline(now: UInt64) -> UInt64? {
        var deadlines = silentLanes.values.map { $0 &+ Self.helloLimit }
        if case .clearing(let until) = ending { deadlines.append(until) }
        if let since = aloneSince {
            let (clear, next) = book.overdue(aloneSince: since, now: now)
            deadlines += clear.isEmpty ? [] : [now]
            deadlines += next.map { [$0] } ?? []
        }
        return deadlines.min()
    }

    package mutating func tick(now: LineTime) -> [LineSessionAction] {
        var actions: [LineSessionAction] = []
        for (lane, since) in silentLanes.sorted(by: { $0.key < $1.key })
        where since &+ Self.helloLimit <= now.monotonic {
            silentLanes[lane] = nil
            actions += refuse(.hello, to: lane, "no hello for 5 s", now: now) + [.close(lane)]
        }
        if case .clearing(let until) = ending, until <= now.monotonic {
            ending = .ended
            actions.append(.end)
        }
        if let since = aloneSince {
            for (leg, cause) in book.overdue(aloneSince: since, now: now.monotonic).clear {
                actions += [.count(.detachedClearings), clear(leg, cause)]
            }
        }
        return actions
    }

    private var aloneSince: UInt64? {
        switch control {
        case .alone(let since), .greeted(_, let since): since
        case .attached: nil
        }
    }

    private mutating func clear(_ leg: LegID, _ cause: Cause) -> LineSessionAction {
        book.legs[leg]?.clearing = true
        return .clear(leg, cause)
    }

    private func refuse(
        _ command: RefusedCommand, to lane: LaneID, _ reason: String, now: LineTime
    ) -> [LineSessionAction] {
        [.send(lane, unnumbered(.refused(command, reason: reason), now: now))]
    }

    private func unnumbered(_ event: LineEvent, now: LineTime) -> NumberedEvent {
        NumberedEvent(sequence: 0, monotonicNanoseconds: now.monotonic, wallNanoseconds: now.wall, event: event)
    }
}
