// SPDX-License-Identifier: GPL-2.0-or-later

/// When a pseudowire's ticks are due.
///
/// *Free-running* (the network side): by the monotonic clock, off by so many parts per million when a test wants it.
/// *Recovered* (the user side): a tick for every 10 ms of packets that came, with a margin for reordering, so that the span
/// runs at the far end's rate exactly. When packets stop: *holdover*, free-running at the rate measured last.
struct PseudowireClock {
    static let tickNanoseconds: Int64 = 10_000_000
    /// Packets that stop for longer are not waited for; a little less than it takes to call the signal lost.
    static let holdoverAfter: UInt64 = 90_000_000
    /// A thread that slept longer than this does not make up for it.
    private static let largestBacklog: UInt64 = 500_000_000
    /// The rate is taken over and over from a stretch that grows to between one and two of these: a packet that is late by a
    /// millisecond is 125 parts per million of 8 seconds, and 17 of a minute.
    private static let measuredOver: UInt64 = 60_000_000_000
    private static let measuredEvery: UInt64 = 8_000_000_000
    private static let framesPerTick = 80

    let recovers: Bool
    let marginFrames: Int
    /// The length of a tick in holdover or when free-running.
    private(set) var tickLength: Int64
    private var nextTick: UInt64?
    private var lastPacket: UInt64?
    private var measureStart: (time: UInt64, frames: UInt64)?
    /// Where the stretch begins when it has grown too long.
    private var measureMiddle: (time: UInt64, frames: UInt64)?
    private var nextMeasurement: UInt64 = 0
    private var framesSeen: UInt64 = 0

    init(recovers: Bool, offsetPpm: Int32, marginFrames: Int) {
        self.recovers = recovers
        self.marginFrames = marginFrames
        // A clock that is fast by n ppm has ticks shorter by as much.
        tickLength =
            Self.tickNanoseconds - Self.tickNanoseconds * Int64(max(-100_000, min(100_000, offsetPpm))) / 1_000_000
    }

    /// How far the rate measured or set is from nominal; positive is fast.
    var partsPerMillion: Int32 {
        Int32((Self.tickNanoseconds - tickLength) * 1_000_000 / Self.tickNanoseconds)
    }

    private func isLocked(_ now: UInt64) -> Bool {
        guard recovers, let lastPacket else { return false }
        return now < lastPacket &+ Self.holdoverAfter
    }

    var nextDeadline: UInt64 {
        guard recovers, let lastPacket else { return nextTick ?? 0 }
        return max(nextTick ?? 0, lastPacket &+ Self.holdoverAfter)
    }

    /// A packet came, so many frames after the newest before it; nil when it does not belong to those before.
    mutating func packetArrived(now: UInt64, frames: Int?) {
        framesSeen &+= UInt64(frames ?? 0)
        defer { lastPacket = now }
        guard recovers else { return }
        guard frames != nil, let start = measureStart, let lastPacket, now < lastPacket &+ Self.holdoverAfter else {
            measureStart = (now, framesSeen)
            measureMiddle = nil
            nextMeasurement = now &+ Self.measuredEvery
            return
        }
        let elapsed = now &- start.time
        let seen = framesSeen &- start.frames
        guard now >= nextMeasurement, seen > 0 else { return }
        nextMeasurement = now &+ Self.measuredEvery
        let measured = Int64(elapsed) * Int64(Self.framesPerTick) / Int64(seen)
        // Crystals are within 50 ppm (G.703); what is measured further off is the network's jitter.
        let limit = Self.tickNanoseconds / 5_000
        tickLength = min(max(measured, Self.tickNanoseconds - limit), Self.tickNanoseconds + limit)
        if elapsed >= Self.measuredOver, measureMiddle == nil { measureMiddle = (now, framesSeen) }
        if elapsed >= 2 * Self.measuredOver {
            measureStart = measureMiddle
            measureMiddle = (now, framesSeen)
        }
    }

    /// How many ticks are due, with so many frames waiting. Each is taken as done.
    mutating func ticksDue(now: UInt64, depthFrames: Int) -> Int {
        if isLocked(now) {
            let ready = max(0, (depthFrames - marginFrames) / Self.framesPerTick)
            if ready > 0 || nextTick == nil { nextTick = now &+ UInt64(tickLength) }
            return ready
        }
        guard var due = nextTick else {
            nextTick = now &+ UInt64(tickLength)
            return 0
        }
        if now > due, now - due > Self.largestBacklog { due = now }
        var ticks = 0
        while due <= now {
            due &+= UInt64(tickLength)
            ticks += 1
        }
        nextTick = due
        return ticks
    }
}
