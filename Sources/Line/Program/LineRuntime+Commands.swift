// SPDX-License-Identifier: GPL-2.0-or-later
import LineProtocol
import Media
import PRI
import Spans

/// Where each command goes.
extension LineRuntime {
    func execute(_ command: LineCommand) {
        switch command {
        case .configure(let span): configure(span)
        case .restart(let channel): pri.post(.restart(channel))
        case .setup(let leg, let request): pri.post(.setup(leg, request))
        case .send(let leg, let message): pri.post(.send(leg, message))
        case .clear(let leg, let cause): pri.post(.clear(leg, cause))
        case .rtp(let address, let first, let last):
            attempt(.rtp) { try media.rtp(bind: address, firstPort: first, lastPort: last) }
        case .wantEndpoints(let count):
            let granted = media.want(Int(count))
            if !granted.isEmpty { emit(.granted(granted)) }
        case .open(let endpoint, let parameters):
            attempt(.endpoint(endpoint)) { try media.open(endpoint, parameters) }
        case .close(let endpoint):
            // Said twice, it is closed already.
            try? media.close(endpoint)
        case .bridge(let first, let second, let direction):
            attempt(first.refused) { try media.bridge(first, second, direction) }
        case .unbridge(let port):
            try? media.unbridge(port)
        case .play(let port, let playback):
            attempt(port.refused) { try media.play(port, playback) }
        case .digits(let port, let digits):
            attempt(port.refused) { try media.digits(port, digits) }
        case .detectDigits(let leg, let detects):
            attempt(.leg(leg)) { try media.detectDigits(leg, detects) }
        case .echo(let leg, let delay):
            attempt(.leg(leg)) { try media.echo(leg, delayMilliseconds: delay) }
        case .hello, .attach, .acknowledge, .memo, .detach, .shutdown:
            assertionFailure("the session's own command \(command)")
        }
    }

    /// Says what went wrong to the control program and to the log.
    func attempt(_ command: RefusedCommand, _ body: () throws -> Void) {
        do {
            try body()
        } catch {
            // The end of a leg may cross a command that names it.
            if case .leg(let leg) = command, session.hasEnded(leg) { return }
            note(.warning, "refused: \(error)")
            emit(.refused(command, reason: "\(error)"))
        }
    }

    private func configure(_ span: SpanConfiguration) {
        attempt(.span(span.id)) {
            switch try spans.configure(span) {
            case .waiting:
                session.configured(span)
            case .known(let known):
                session.configured(span)
                pri.post(.configure(span, known.dChannel, known.monitor))
            case .made(let all):
                for made in all {
                    try media.configure(made.configuration.id, driver: made.driver, law: made.configuration.law)
                    session.configured(made.configuration)
                    pri.post(.configure(made.configuration, made.dChannel, made.monitor))
                    note(.info, "span \(made.configuration.name) is configured")
                }
            }
        }
    }
}

extension MediaPort {
    /// How a refusal names it.
    var refused: RefusedCommand {
        switch self {
        case .channel(let leg): .leg(leg)
        case .endpoint(let endpoint): .endpoint(endpoint)
        }
    }
}
