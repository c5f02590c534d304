// SPDX-License-Identifier: GPL-2.0-or-later
import LineProtocol
import RTP

extension EndpointSlot {
    /// Whether digits heard on the line go to this endpoint as telephone events, and not in its audio.
    var carriesDigits: Bool {
        @_noAllocation @_noLocks get { settings.sendTelephoneEventType != nil && settings.sending }
    }

    private var target: EndpointTarget {
        @_noAllocation @_noLocks get {
            EndpointTarget(reference: reference, settings: settings, facts: memory.facts)
        }
    }

    /// A digit began on the line this endpoint is bridged to: its tone gives way to an event.
    @_noAllocation @_noLocks
    mutating func beginEvent(_ digit: DTMFDigit, _ context: LoopContext) {
        sending.mute(idle: context.tables.idle(settings.law))
        sending.beginEvent(digit, target, context)
    }

    @_noAllocation @_noLocks
    mutating func endEvent() {
        sending.endEvent()
    }

    /// One tick towards RTP: what is played, else the line's audio in the endpoint's law, else nothing.
    @_noAllocation @_noLocks
    mutating func send(_ bridged: Block<UInt8>?, _ context: LoopContext) {
        var audio = bridged
        if player.isPlaying {
            let step = player.render(into: memory.samples, context.tables)
            context.tables.encode(memory.samples, settings.law, into: memory.sent)
            audio = memory.sent
            if case .finished = step { endPlayback(isAtEnd: true, context) }
        }
        switch digits.advance() {
        case .began(let digit):
            sending.beginEvent(digit, target, context)
        case .ceased:
            sending.endEvent()
        case .finished:
            context.say(.played(.endpoint(reference)))
        case .idle, .sounding, .silent:
            break
        }
        guard settings.sending, audio != nil || digits.isSending || sending.hasEvent else {
            sending.skip()
            return
        }
        sending.send(audio, target, context)
    }

    @_noAllocation @_noLocks
    mutating func play(_ source: PlaySource, _ context: LoopContext) {
        endPlayback(isAtEnd: false, context)
        player.start(source, settings.law)
    }

    @_noAllocation @_noLocks
    mutating func endPlayback(isAtEnd: Bool, _ context: LoopContext) {
        if case .samples(_, let number, _) = player.source { context.say(.released(number)) }
        if isAtEnd { context.say(.played(.endpoint(reference))) }
        player.start(.none, settings.law)
    }
}
