// SPDX-License-Identifier: GPL-2.0-or-later
import ISDN
import LineProtocol

/// What the media thread is asked to play.
enum PlaySource: BitwiseCopyable {
    case none
    case tone(Tone)
    /// Samples at 8 kHz that someone else frees once `MediaNotice.released` has named the number.
    case samples(Block<Int16>, number: UInt32, repeats: Bool)
}

/// Plays a tone with its cadence, or samples, block by block.
struct Player: BitwiseCopyable {
    enum Step: BitwiseCopyable {
        case playing
        /// This block holds the last samples.
        case finished
    }

    private(set) var source = PlaySource.none
    private var tone = DualTone()
    /// Ticks of sound and of silence, again and again; no silence: continuous.
    private var soundTicks = 0
    private var silentTicks = 0
    private var tick = 0
    private var position = 0

    @_noAllocation @_noLocks
    init() {}

    var isPlaying: Bool {
        @_noAllocation @_noLocks get {
            switch source {
            case .none: false
            case .tone, .samples: true
            }
        }
    }

    /// Starts the source from its beginning, in the levels of a law.
    @_noAllocation @_noLocks
    mutating func start(_ source: PlaySource, _ law: G711Law) {
        self.source = source
        tick = 0
        position = 0
        guard case .tone(let wanted) = source else { return }
        let reference = AudioTables.referenceAmplitude(law)
        // −10 dBm0, and E.180's cadences.
        tone = DualTone(425, amplitude: reference * 0.316_228)
        switch wanted {
        case .ringback: (soundTicks, silentTicks) = (100, 400)
        case .busy: (soundTicks, silentTicks) = (50, 50)
        case .congestion: (soundTicks, silentTicks) = (25, 25)
        case .milliwatt:
            tone = DualTone(1_004, amplitude: reference)
            (soundTicks, silentTicks) = (1, 0)
        }
    }

    /// The next block.
    @_noAllocation @_noLocks
    mutating func render(into block: Block<Int16>, _ tables: AudioTables) -> Step {
        switch source {
        case .none:
            for index in 0..<block.count { block[index] = 0 }
            return .playing
        case .tone:
            if tick < soundTicks {
                tone.render(into: block, tables)
            } else {
                for index in 0..<block.count { block[index] = 0 }
            }
            tick = (tick &+ 1) % (soundTicks &+ silentTicks)
            return .playing
        case .samples(let samples, number: _, let repeats):
            for index in 0..<block.count {
                if position >= samples.count, repeats { position = 0 }
                block[index] = position < samples.count ? samples[position] : 0
                position &+= 1
            }
            if position >= samples.count, !repeats {
                return .finished
            }
            return .playing
        }
    }
}
