// SPDX-License-Identifier: GPL-2.0-or-later

/// A jitter buffer of fixed depth: octets lie at their RTP timestamps, and are played when their time has come.
///
///     played so far | ···· depth ···· | a packet that is on time | capacity
///                   ^ playTime                                    ^ playTime + 8,192
///
/// The first packet sets the clock: its octets are played `depth` after it came. The clock is set anew, and the resets
/// counted, when the sender's timestamps jump, when packets have come late for 60 ms on end, when 100 packets on end have
/// come 30 ms too early, and at the first packet after 200 ms of nothing.
struct JitterBuffer: BitwiseCopyable {
    enum Verdict: BitwiseCopyable {
        case taken
        /// It came when all of it should have been played.
        case late
        /// Its timestamp is far off, and nothing else came to confirm it.
        case astray
    }

    static var capacity: Int { @_noAllocation @_noLocks get { 8_192 } }
    private static var mask: UInt32 { @_noAllocation @_noLocks get { 8_191 } }
    /// A timestamp further off than this is a jump of the sender's clock: half a second.
    private static var largestMargin: Int { @_noAllocation @_noLocks get { 4_000 } }

    private let octets: Block<UInt8>
    private let filled: Block<UInt8>
    /// In samples.
    private var depth: Int
    private var playTime: UInt32 = 0
    private(set) var isRunning = false
    /// Whether its first octets have had their time: what is missing from then on is missing.
    private(set) var isPlaying = false
    private var everRan = false
    private var emptyTicks = 0
    private var lateRun = 0
    private var lateTicks = 0
    private var astrayRun = 0
    private var packets = 0
    private var smallestMargin = Int.max
    private(set) var resets: UInt64 = 0

    /// Looks at two blocks of `capacity`, the second all zero.
    @_noAllocation @_noLocks
    init(octets: Block<UInt8>, filled: Block<UInt8>, depthMilliseconds: Int) {
        self.octets = octets
        self.filled = filled
        depth = Self.samples(depthMilliseconds)
    }

    @_noAllocation @_noLocks
    mutating func setDepth(milliseconds: Int) {
        depth = Self.samples(milliseconds)
    }

    @_noAllocation @_noLocks
    private static func samples(_ milliseconds: Int) -> Int {
        max(10, min(400, milliseconds)) &* 8
    }

    /// In ticks of 10 ms, rounded up.
    var depthTicks: Int { @_noAllocation @_noLocks get { (depth &+ 79) / 80 } }

    /// The source changed: forgets what it holds; the next packet sets the clock anew.
    @_noAllocation @_noLocks
    mutating func restart() {
        isRunning = false
    }

    /// On hold: the next packet sets the clock as the first one did.
    @_noAllocation @_noLocks
    mutating func rest() {
        isRunning = false
        everRan = false
    }

    @_noAllocation @_noLocks
    mutating func insert(_ payload: Block<UInt8>, timestamp: UInt32) -> Verdict {
        guard payload.count > 0, payload.count <= 960 else { return .astray }
        if !isRunning { setClock(timestamp) }
        var margin = Int(Int32(bitPattern: timestamp &- playTime))

        if margin > Self.largestMargin || margin < -Self.largestMargin {
            astrayRun &+= 1
            guard astrayRun >= 2 else { return .astray }
            setClock(timestamp)
            margin = depth
        } else if margin < 0 {
            astrayRun = 0
            if lateRun == 0 { lateTicks = 0 }
            lateRun &+= 1
            if lateRun >= 3, lateTicks >= 6 {
                setClock(timestamp)
                margin = depth
            } else if margin &+ payload.count <= 0 {
                return .late
            }
        } else {
            astrayRun = 0
            lateRun = 0
            smallestMargin = min(smallestMargin, margin)
            packets &+= 1
            if packets >= 100 {
                let early = smallestMargin > depth &+ 240
                packets = 0
                smallestMargin = .max
                if early {
                    setClock(timestamp)
                    margin = depth
                }
            }
        }
        let skipped = max(0, 0 &- margin)
        for index in skipped..<payload.count {
            let place = Int((timestamp &+ UInt32(truncatingIfNeeded: index)) & Self.mask)
            octets[place] = payload[index]
            filled[place] = 1
        }
        return .taken
    }

    /// The next 80 octets, and 1 beside each that is there; the others are left as they are. Answers how many are there.
    @_noAllocation @_noLocks
    mutating func take(into block: Block<UInt8>, present: Block<UInt8>) -> Int {
        guard isRunning else {
            present.fill(0)
            return 0
        }
        var count = 0
        for index in 0..<80 {
            let place = Int((playTime &+ UInt32(truncatingIfNeeded: index)) & Self.mask)
            let there = filled[place]
            present[index] = there
            if there != 0 {
                block[index] = octets[place]
                filled[place] = 0
                count &+= 1
            }
        }
        playTime &+= 80
        if count > 0 { isPlaying = true }
        guard isPlaying else { return 0 }
        lateTicks = min(lateTicks &+ 1, 1_000)
        emptyTicks = count == 0 ? emptyTicks &+ 1 : 0
        if emptyTicks >= 20 { isRunning = false }
        return count
    }

    @_noAllocation @_noLocks
    private mutating func setClock(_ timestamp: UInt32) {
        if everRan { resets &+= 1 }
        if !isRunning { isPlaying = false }
        everRan = true
        isRunning = true
        playTime = timestamp &- UInt32(truncatingIfNeeded: depth)
        filled.fill(0)
        emptyTicks = 0
        lateRun = 0
        astrayRun = 0
        packets = 0
        smallestMargin = .max
    }
}
