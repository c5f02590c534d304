// SPDX-License-Identifier: GPL-2.0-or-later
package import LineProtocol

/// Which of a call's two legs.
package enum CallSide: UInt8, Hashable, Sendable, CaseIterable {
    case originating
    case terminating
}

/// What happens to a call.
package enum CallInput: Hashable, Sendable {
    /// Of the session that began the call.
    case incomingSIP(IncomingSIPLeg.Event)
    /// Of the session the call was sent on with.
    case outgoingSIP(OutgoingSIPLeg.Event)
    /// An event that names one of the call's legs or endpoints; others say nothing to it.
    case line(LineEvent)
    /// The answer to `CallEffect.route`.
    case routed(CallDestination)
    /// The other answer: no way, or none that is free. Before `route` was asked it counts as `hangup`.
    case refused(Release)
    /// The SIP session has this Call-ID.
    case sipCallID(String)
    /// The SIP session's dialog, written down: to be given once it is confirmed and whenever it has changed since.
    case dialog([UInt8])
    /// The line program's counts so far.
    case facts(MediaFacts)
    case hangup(Release)
    /// The line program died: legs and endpoints went with it.
    case lineLost
    case timer(CallTimerName)
}

/// The way a call goes on: the verdict of routing.
package struct CallDestination: Hashable, Sendable {
    package enum Way: Hashable, Sendable {
        /// The leg is named by the control program.
        case isdn(LegID, ISDNRoute)
        case sip(SIPRoute)
    }

    /// The trunk or span, for people.
    package var name: String
    /// The number as it is sent on, for the record.
    package var dialled: String
    package var way: Way

    package init(name: String, dialled: String, way: Way) {
        self.name = name
        self.dialled = dialled
        self.way = way
    }
}

/// What a call wants done, in order.
package enum CallEffect: Hashable, Sendable {
    /// For the SIP session of that side.
    case sip(CallSide, SIPLegAction)
    case line(LineCommand)
    /// Find the way, and answer with `CallInput.routed` or `.refused`.
    case route(CallOffer)
    /// Fires once, with `CallInput.timer`.
    case start(CallTimerName, milliseconds: UInt32)
    case stop(CallTimerName)
    /// A sentence for the ladder.
    case note(String)
    /// Once, at the end.
    case record(CallRecord)
    /// The last effect: the call can be forgotten.
    case finished
}
