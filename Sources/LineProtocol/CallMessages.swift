// SPDX-License-Identifier: GPL-2.0-or-later
package import ISDN

/// What a new outgoing ISDN call asks for.
package struct SetupRequest: Hashable, Sendable {
    /// Tried in this order; the first with a free channel takes the call.
    package var spans: [SpanID]
    package var bearer: BearerCapability
    package var called: PartyNumber
    package var calling: PartyNumber?
    package var callingName: String?
    package var progress: [ProgressIndicator]
    package var timers: CallTimers

    package init(
        spans: [SpanID], bearer: BearerCapability = BearerCapability(), called: PartyNumber,
        calling: PartyNumber? = nil,
        callingName: String? = nil, progress: [ProgressIndicator] = [], timers: CallTimers = CallTimers()
    ) {
        self.spans = spans
        self.bearer = bearer
        self.called = called
        self.calling = calling
        self.callingName = callingName
        self.progress = progress
        self.timers = timers
    }
}

/// The Q.931 timers libpri leaves to its user (Q.931 table 9-1 and 9-2), in milliseconds.
package struct CallTimers: Hashable, Sendable {
    /// ALERTING received: how long it may ring.
    package var t301Milliseconds: UInt32
    /// SETUP ACKNOWLEDGE received: how long the network may wait for more of the number, or for us.
    package var t304Milliseconds: UInt32
    /// CALL PROCEEDING received: how long until ALERTING, PROGRESS, CONNECT or DISCONNECT.
    package var t310Milliseconds: UInt32

    package init(
        t301Milliseconds: UInt32 = 180_000, t304Milliseconds: UInt32 = 30_000, t310Milliseconds: UInt32 = 40_000
    ) {
        self.t301Milliseconds = t301Milliseconds
        self.t304Milliseconds = t304Milliseconds
        self.t310Milliseconds = t310Milliseconds
    }
}

/// The timers of `CallTimers`, by the names of Q.931.
package enum CallTimer: UInt8, Hashable, Sendable, CaseIterable {
    case t301
    case t304
    case t310
}

/// A SETUP that came from the line.
package struct IncomingCall: Hashable, Sendable {
    package var channel: ChannelID
    package var bearer: BearerCapability
    package var called: PartyNumber
    package var calling: PartyNumber?
    package var callingName: String?
    package var redirecting: PartyNumber?
    package var sendingComplete: Bool
    package var progress: [ProgressIndicator]

    package init(
        channel: ChannelID, bearer: BearerCapability, called: PartyNumber, calling: PartyNumber? = nil,
        callingName: String? = nil, redirecting: PartyNumber? = nil, sendingComplete: Bool = true,
        progress: [ProgressIndicator] = []
    ) {
        self.channel = channel
        self.bearer = bearer
        self.called = called
        self.calling = calling
        self.callingName = callingName
        self.redirecting = redirecting
        self.sendingComplete = sendingComplete
        self.progress = progress
    }
}

/// A message the control program has the line program send on a call.
package enum OutgoingCallMessage: Hashable, Sendable {
    case proceeding([ProgressIndicator])
    case alerting([ProgressIndicator])
    case progress([ProgressIndicator])
    case connect
}

/// A message that came on a call. What needs an answer by protocol (CONNECT, DISCONNECT, RELEASE) has it already.
package enum ReceivedCallMessage: Hashable, Sendable {
    case setupAcknowledge([ProgressIndicator])
    case proceeding([ProgressIndicator])
    case alerting([ProgressIndicator])
    case progress([ProgressIndicator], Cause?)
    case connect
    case connectAcknowledge
    /// DISCONNECT, or a RELEASE or RELEASE COMPLETE that came instead of one. `ended` follows when the call reference is free.
    case disconnect(Cause, CauseLocation?)
}

/// Who ended a call.
package enum EndInitiator: UInt8, Hashable, Sendable, CaseIterable {
    /// The control program asked for it.
    case control
    /// The far end of the line.
    case remote
    /// The line program, of itself: a timer, a D channel lost, no control program, no channel.
    case line
}

/// The last word on a leg; kept by the line program until it is acknowledged.
package struct EndReport: Hashable, Sendable {
    package var cause: Cause
    package var location: CauseLocation?
    package var initiator: EndInitiator
    /// The Q.931 timer whose expiry cleared the call.
    package var timer: CallTimer?
    /// Nil when the call never had one.
    package var channel: ChannelID?
    /// Wall-clock nanoseconds since 1970; nil where the call did not get so far.
    package var startedWall: UInt64
    package var alertingWall: UInt64?
    package var connectedWall: UInt64?
    package var endedWall: UInt64
    package var media: MediaFacts

    package init(
        cause: Cause, location: CauseLocation? = nil, initiator: EndInitiator, timer: CallTimer? = nil,
        channel: ChannelID? = nil, startedWall: UInt64 = 0, alertingWall: UInt64? = nil, connectedWall: UInt64? = nil,
        endedWall: UInt64 = 0, media: MediaFacts = MediaFacts()
    ) {
        self.cause = cause
        self.location = location
        self.initiator = initiator
        self.timer = timer
        self.channel = channel
        self.startedWall = startedWall
        self.alertingWall = alertingWall
        self.connectedWall = connectedWall
        self.endedWall = endedWall
        self.media = media
    }
}
