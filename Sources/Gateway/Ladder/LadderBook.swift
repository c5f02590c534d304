// SPDX-License-Identifier: GPL-2.0-or-later

/// What happened to the last calls, in memory and bounded: for `trunkgate trace`.
///
/// Kept are the ladder and the messages of each call, and apart from them what belongs to no call. When there is too much,
/// the call that was quiet the longest goes first; everything dropped is counted.
package struct LadderBook: Sendable {
    private struct Chapter {
        var entries: [LadderEntry] = []
        var messages: [CapturedMessage] = []
        var firstSequence: UInt64
        var lastTouched: UInt64
        var octets = 0
        var omitted: UInt64 = 0
    }

    package let limits: LadderLimits
    package private(set) var evictedCalls: UInt64 = 0
    package private(set) var evictedEntries: UInt64 = 0
    package private(set) var evictedMessages: UInt64 = 0
    /// What the entries and messages take up, about.
    package private(set) var octets = 0

    private var chapters: [UInt32: Chapter] = [:]
    private var loose = Chapter(firstSequence: 0, lastTouched: 0)
    private var sequence: UInt64 = 0
    private var newestCall: UInt32?

    package init(limits: LadderLimits = LadderLimits()) {
        self.limits = limits
    }

    package var callCount: Int { chapters.count }

    /// Adds an entry and numbers it.
    package mutating func append(_ entry: LadderEntry) {
        var entry = entry
        sequence += 1
        entry.sequence = sequence
        let cost = LadderBook.cost(of: entry)
        if let call = entry.call {
            openChapter(call)
            add(cost, to: call) { chapter, limits in
                chapter.entries.append(entry)
                guard chapter.entries.count > limits.entriesPerCall else { return (0, 0, 0) }
                let dropped = chapter.entries.remove(at: limits.entriesPerCall / 2)
                chapter.omitted += 1
                return (LadderBook.cost(of: dropped), 1, 0)
            }
        } else {
            loose.entries.append(entry)
            octets += cost
            if loose.entries.count > limits.withoutCall + limits.withoutCall / 4 { dropLooseEntries() }
        }
        shrink()
    }

    /// Adds a message as it was on the wire.
    package mutating func capture(_ message: CapturedMessage) {
        sequence += 1
        let cost = LadderBook.cost(of: message)
        if let call = message.call {
            openChapter(call)
            add(cost, to: call) { chapter, limits in
                chapter.messages.append(message)
                guard chapter.messages.count > limits.messagesPerCall else { return (0, 0, 0) }
                let dropped = chapter.messages.remove(at: limits.messagesPerCall / 2)
                return (LadderBook.cost(of: dropped), 0, 1)
            }
        } else {
            loose.messages.append(message)
            octets += cost
            if loose.messages.count > limits.withoutCall + limits.withoutCall / 4 { dropLooseMessages() }
        }
        shrink()
    }

    /// The entries numbered above `after`, in order.
    package func page(_ selection: LadderSelection, after: UInt64 = 0) -> LadderPage {
        let chosen = chosenChapters(selection)
        var entries = chosen.flatMap { $0.entries.drop { $0.sequence <= after } }
        if chosen.count > 1 { entries.sort { $0.sequence < $1.sequence } }
        let omitted = chosen.reduce(0) { $0 + $1.omitted }
        return LadderPage(entries: entries, omitted: omitted, latest: sequence)
    }

    /// The messages in order of time. A call gets, beside its own, the LAPD frames from its first entry to a second after
    /// its last: a frame does not say which call it belongs to.
    package func messages(_ selection: LadderSelection) -> [CapturedMessage] {
        let chosen = chosenChapters(selection)
        var messages = chosen.flatMap(\.messages)
        if selection != .everything, let chapter = chosen.first {
            let times = chapter.entries.map(\.time) + chapter.messages.map(\.time)
            if let first = times.min(), let last = times.max() {
                let (end, overflow) = last.addingReportingOverflow(1_000_000_000)
                let window = first...(overflow ? UInt64.max : end)
                messages += loose.messages.filter { $0.interface == .lapd && window.contains($0.time) }
            }
        }
        return messages.sorted { $0.time < $1.time }
    }

    private func chosenChapters(_ selection: LadderSelection) -> [Chapter] {
        switch selection {
        case .lastCall: newestCall.flatMap { chapters[$0] }.map { [$0] } ?? []
        case .call(let call): chapters[call].map { [$0] } ?? []
        case .everything: Array(chapters.values) + [loose]
        }
    }

    private mutating func openChapter(_ call: UInt32) {
        guard chapters[call] == nil else { return }
        chapters[call] = Chapter(firstSequence: sequence, lastTouched: sequence)
        newestCall = call
    }

    /// `change` adds to the chapter and answers what it dropped from it: octets, entries, messages.
    private mutating func add(
        _ cost: Int, to call: UInt32,
        _ change: (inout Chapter, LadderLimits) -> (octets: Int, entries: Int, messages: Int)
    ) {
        guard var chapter = chapters.removeValue(forKey: call) else { return }
        let dropped = change(&chapter, limits)
        chapter.lastTouched = sequence
        chapter.octets += cost - dropped.octets
        chapters[call] = chapter
        octets += cost - dropped.octets
        evictedEntries += UInt64(dropped.entries)
        evictedMessages += UInt64(dropped.messages)
    }

    private mutating func shrink() {
        while chapters.count > limits.calls || octets > limits.octets {
            if chapters.count > 1, let quietest = chapters.min(by: { $0.value.lastTouched < $1.value.lastTouched })?.key
            {
                evict(quietest)
            } else if !loose.messages.isEmpty {
                dropLooseMessages()
            } else if !loose.entries.isEmpty {
                dropLooseEntries()
            } else {
                chapters.keys.forEach { evict($0) }
                return
            }
        }
    }

    private mutating func evict(_ call: UInt32) {
        guard let chapter = chapters.removeValue(forKey: call) else { return }
        octets -= chapter.octets
        evictedCalls += 1
        evictedEntries += UInt64(chapter.entries.count)
        evictedMessages += UInt64(chapter.messages.count)
        if newestCall == call { newestCall = chapters.max { $0.value.firstSequence < $1.value.firstSequence }?.key }
    }

    /// A fifth at a time, since the rest must move up.
    private mutating func dropLooseEntries() {
        let dropped = max(1, loose.entries.count / 5)
        octets -= loose.entries.prefix(dropped).reduce(0) { $0 + LadderBook.cost(of: $1) }
        loose.entries.removeFirst(dropped)
        loose.omitted += UInt64(dropped)
        evictedEntries += UInt64(dropped)
    }

    private mutating func dropLooseMessages() {
        let dropped = max(1, loose.messages.count / 5)
        octets -= loose.messages.prefix(dropped).reduce(0) { $0 + LadderBook.cost(of: $1) }
        loose.messages.removeFirst(dropped)
        evictedMessages += UInt64(dropped)
    }

    private static func cost(of entry: LadderEntry) -> Int {
        128 + entry.from.utf8.count + entry.to.utf8.count + entry.label.utf8.count + entry.detail.utf8.count
    }

    private static func cost(of message: CapturedMessage) -> Int {
        160 + message.name.utf8.count + message.local.utf8.count + message.remote.utf8.count + message.octets.count
    }
}
