// SPDX-License-Identifier: GPL-2.0-or-later
import LineProtocol
import NIOCore

/// The two lanes' state, touched on the event loop alone.
///
///     greeting ──welcome──> open ──attach──> attached ──detach, close──> closed
///        └──refused, lost──────┴───────────────┴──────────────────────────^
final class Lanes {
    enum State {
        case greeting(EventLoopPromise<(version: UInt16, bootID: UInt64)>)
        /// Welcomed, not attached yet; a loss is remembered for `attach`.
        case open(LineLoss?)
        case attached(any LineEventHandler)
        case closed
    }

    /// Whoever sends acknowledgements: 64 events or this long after the first.
    static let acknowledgeDelay = TimeAmount.milliseconds(100)
    static let acknowledgeBatch: UInt64 = 64

    let eventLoop: any EventLoop
    var state: State
    var callLane: (any Channel)?
    var bulkLane: (any Channel)?
    private var flushScheduled = false
    private var handled: UInt64 = 0
    private var acknowledged: UInt64 = 0
    private var acknowledgement: Scheduled<Void>?
    private var acknowledging = Acknowledging.afterHandling
    private var lastRefusal: String?

    init(eventLoop: any EventLoop, greeting: EventLoopPromise<(version: UInt16, bootID: UInt64)>) {
        self.eventLoop = eventLoop
        state = .greeting(greeting)
    }

    // MARK: Out

    /// Several commands of one turn of the loop leave in one write.
    func write(_ frame: [UInt8]) {
        guard let callLane else { return }
        callLane.write(callLane.allocator.buffer(bytes: frame), promise: nil)
        guard !flushScheduled else { return }
        flushScheduled = true
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        eventLoop.execute { bound.value.flush() }
    }

    func flush() {
        flushScheduled = false
        callLane?.flush()
    }

    func attach(lastEvent: UInt64, acknowledging: Acknowledging, handler: any LineEventHandler) {
        switch state {
        case .greeting, .closed: break
        case .open(let loss?):
            state = .closed
            handler.lineLost(loss)
        case .open(nil), .attached:
            state = .attached(handler)
            self.acknowledging = acknowledging
            handled = lastEvent
            acknowledged = lastEvent
            if let frame = try? LineCommand.attach(lastEvent: lastEvent).framed() { write(frame) }
        }
    }

    func acknowledge(through event: UInt64) {
        guard event > handled else { return }
        handled = event
        if handled - acknowledged >= Self.acknowledgeBatch {
            sendAcknowledgement()
        } else if acknowledgement == nil {
            let bound = NIOLoopBound(self, eventLoop: eventLoop)
            acknowledgement = eventLoop.scheduleTask(in: Self.acknowledgeDelay) { bound.value.sendAcknowledgement() }
        }
    }

    func sendAcknowledgement() {
        acknowledgement?.cancel()
        acknowledgement = nil
        guard handled > acknowledged else { return }
        acknowledged = handled
        if let frame = try? LineCommand.acknowledge(event: handled).framed() { write(frame) }
    }

    func close() {
        state = .closed
        acknowledgement?.cancel()
        acknowledgement = nil
        callLane?.close(promise: nil)
        bulkLane?.close(promise: nil)
    }

    // MARK: In

    func callPayload(_ octets: [UInt8]) throws {
        let event = try NumberedEvent(decoding: octets)
        switch (state, event.event) {
        case (.greeting(let promise), .welcome(let version, let bootID)):
            state = .open(nil)
            promise.succeed((version, bootID))
        case (.greeting(let promise), .refused(_, let reason)):
            state = .closed
            promise.fail(LineClientError.refused(reason: reason))
        case (.greeting, _):
            break
        case (.open, .refused(.hello, let reason)), (.attached, .refused(.hello, let reason)):
            // The end of the lane follows.
            lastRefusal = reason
        case (.attached(let handler), _):
            handler.line(event)
            if acknowledging == .afterHandling, event.sequence > 0 { acknowledge(through: event.sequence) }
        case (.open, _), (.closed, _):
            break
        }
    }

    func bulkPayload(_ octets: [UInt8]) throws {
        let record = try BulkRecord(decoding: octets)
        if case .attached(let handler) = state { handler.bulk(record) }
    }

    func callEnded(_ loss: LineLoss) {
        let loss = lastRefusal.map { LineLoss.refused(reason: $0) } ?? loss
        let before = state
        switch before {
        case .greeting(let promise):
            close()
            promise.fail(LineClientError.lost(loss))
        case .open:
            close()
            state = .open(loss)
        case .attached(let handler):
            close()
            handler.lineLost(loss)
        case .closed:
            close()
        }
    }

    /// Losing the bulk lane alone costs traces and levels, not calls.
    func bulkEnded() {
        bulkLane = nil
    }
}

/// Who acknowledges an event, after which the line program forgets it.
package enum Acknowledging: Hashable, Sendable {
    /// The connection, when the handler has returned.
    case afterHandling
    /// The handler's owner, through `LineConnection.acknowledge`: when what must last is stored.
    case byHandler
}
