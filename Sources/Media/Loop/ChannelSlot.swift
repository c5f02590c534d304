// SPDX-License-Identifier: GPL-2.0-or-later
import ISDN
import LineProtocol
import RTP

/// One B channel in the media loop.
///
///     line in ─┬▶ digit detector
///              ├▶ echo ──────────────────────────┐
///              └▶ delay and mute ─▶ endpoint     │
///     line out ◀─ digits, or playback, or echo, or the endpoint's audio, or idle
struct ChannelSlot: BitwiseCopyable {
    let reference: SlotReference
    let law: G711Law
    let span: Int32
    let timeslot: Int32
    let memory: ChannelMemory
    let isOpen: Bool

    /// The slot of the endpoint it is bridged to; −1: none.
    var endpoint: Int32 = -1
    var toEndpoint = false
    var toChannel = false
    /// Whether digits are reported even when no endpoint carries them.
    var detectsDigits = false

    private var detector: DigitDetector
    /// Whether a digit sounds whose tone goes to the endpoint as an event.
    private var isMuted = false
    private var player = Player()
    private var digits = DigitSender()
    private var tone = DualTone()
    private var echoSamples = 0
    private var echoPosition = 0

    @_noAllocation @_noLocks
    init(
        reference: SlotReference, law: G711Law, span: Int32, timeslot: Int32, memory: ChannelMemory, isOpen: Bool,
        idle: UInt8
    ) {
        self.reference = reference
        self.law = law
        self.span = span
        self.timeslot = timeslot
        self.memory = memory
        self.isOpen = isOpen
        detector = memory.detector
        memory.delay.fill(idle)
    }

    /// What was heard in this tick's audio; `.none` when nobody listens.
    @_noAllocation @_noLocks
    mutating func listen(_ received: Block<UInt8>, isNeeded: Bool, _ context: LoopContext) -> DigitDetector.Step {
        guard isNeeded else { return .none }
        context.tables.decode(received, law, into: memory.samples)
        let step = detector.listen(memory.samples)
        switch step {
        case .none, .sounding:
            break
        case .began:
            count(context)
        case .ended(let digit, let milliseconds):
            report(digit, milliseconds, context)
        case .changed(from: let digit, let milliseconds, to: _):
            report(digit, milliseconds, context)
            count(context)
        }
        return step
    }

    @_noAllocation @_noLocks
    private func count(_ context: LoopContext) {
        memory.facts.add(1, to: ChannelFact.digitsFromLine.rawValue)
        context.count(.digitsFromLine)
    }

    @_noAllocation @_noLocks
    private func report(_ digit: DTMFDigit, _ milliseconds: Int, _ context: LoopContext) {
        let reported = UInt16(truncatingIfNeeded: min(milliseconds, 0xFFFF))
        context.say(.digit(.channel(reference), digit.ascii, milliseconds: reported, .inband))
    }

    /// This tick's audio towards the endpoint in the channel's law, 20 ms late and without the digits the endpoint carries
    /// as events: what the delay still holds when a digit is recognised is its tone.
    @_noAllocation @_noLocks
    mutating func withoutDigits(
        _ received: Block<UInt8>, _ step: DigitDetector.Step, _ context: LoopContext
    ) -> Block<UInt8> {
        let idle = context.tables.idle(law)
        switch step {
        case .none, .sounding:
            break
        case .began, .changed:
            isMuted = true
            memory.delay.fill(idle)
        case .ended:
            isMuted = false
        }
        let result = memory.toEndpoint
        result.copy(from: memory.delay.part(from: 0, count: 80))
        let newer = memory.delay.part(from: 80, count: 80)
        memory.delay.copy(from: newer)
        if isMuted {
            newer.fill(idle)
        } else {
            newer.copy(from: received)
        }
        return result
    }

    /// The delay is not in use: it holds nothing of an earlier bridge when it comes into use.
    @_noAllocation @_noLocks
    mutating func emptyDelay(_ context: LoopContext) {
        memory.delay.fill(context.tables.idle(law))
        isMuted = false
    }

    /// What goes to the line in this tick in place of the endpoint's audio; false: nothing does.
    @_noAllocation @_noLocks
    mutating func replaceAudio(
        _ received: Block<UInt8>, _ transmit: Block<UInt8>, _ context: LoopContext
    ) -> Bool {
        if digits.isSending {
            sendDigits(transmit, context)
        } else if player.isPlaying {
            let step = player.render(into: memory.samples, context.tables)
            context.tables.encode(memory.samples, law, into: transmit)
            if case .finished = step { endPlayback(isAtEnd: true, context) }
        } else if echoSamples == 0 {
            return false
        }
        if echoSamples > 0 {
            let echoes = !digits.isSending && !player.isPlaying
            let ring = memory.echo
            for index in 0..<80 {
                ring[echoPosition] = received[index]
                if echoes { transmit[index] = ring[(echoPosition &- echoSamples) & (ring.count &- 1)] }
                echoPosition = (echoPosition &+ 1) & (ring.count &- 1)
            }
        }
        return true
    }

    @_noAllocation @_noLocks
    private mutating func sendDigits(_ transmit: Block<UInt8>, _ context: LoopContext) {
        switch digits.advance() {
        case .began(let digit):
            tone = DualTone(digit, law)
            renderTone(transmit, context)
        case .sounding:
            renderTone(transmit, context)
        case .ceased, .silent, .idle:
            transmit.fill(context.tables.idle(law))
        case .finished:
            transmit.fill(context.tables.idle(law))
            context.say(.played(.channel(reference)))
        }
    }

    @_noAllocation @_noLocks
    private mutating func renderTone(_ transmit: Block<UInt8>, _ context: LoopContext) {
        tone.render(into: memory.samples, context.tables)
        context.tables.encode(memory.samples, law, into: transmit)
    }

    @_noAllocation @_noLocks
    mutating func send(_ digits: DigitString, _ context: LoopContext) {
        if !self.digits.append(digits) { context.count(.ringOverflows) }
    }

    /// Sets the echo's delay; 0 ends it.
    @_noAllocation @_noLocks
    mutating func setEcho(samples: Int, _ context: LoopContext) {
        if echoSamples == 0 { memory.echo.fill(context.tables.idle(law)) }
        echoSamples = max(0, min(ChannelMemory.echoCapacity &- 80, samples))
    }

    @_noAllocation @_noLocks
    mutating func play(_ source: PlaySource, _ context: LoopContext) {
        endPlayback(isAtEnd: false, context)
        player.start(source, law)
    }

    @_noAllocation @_noLocks
    mutating func endPlayback(isAtEnd: Bool, _ context: LoopContext) {
        if case .samples(_, let number, _) = player.source { context.say(.released(number)) }
        if isAtEnd { context.say(.played(.channel(reference))) }
        player.start(.none, law)
    }
}
