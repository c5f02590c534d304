// SPDX-License-Identifier: GPL-2.0-or-later

/// One call, for the bill: a row of the CDR.
package struct CallRecord: Hashable, Sendable, Codable {
    /// The short number that names the call in every command, stable over a restart of the control program.
    package var call: UInt32
    /// Wall-clock nanoseconds since 1970.
    package var started: UInt64
    package var alerting: UInt64?
    package var answered: UInt64?
    package var ended: UInt64
    /// Names of the trunk or span the call came from and went to; `to` is empty when no route was found.
    package var from: String
    package var to: String
    /// The numbers as they came, and the called number as it was sent on.
    package var caller: String
    package var callerName: String
    package var called: String
    package var dialled: String
    /// The Q.850 cause that ended it, and the SIP status that refused it (nil when it was answered).
    package var cause: UInt8
    package var status: UInt16?
    /// `caller`, `callee` or `gateway`.
    package var endedBy: EndedBy
    /// What went wrong in the gateway's own words; empty when nothing did.
    package var remark: String
    /// Span and timeslot, as `carrier-a/17`; empty when the call never had one.
    package var channel: String
    package var sipCallID: String
    package var codec: String
    package var packetsReceived: UInt64
    package var packetsSent: UInt64
    package var packetsLost: UInt64
    package var concealedMilliseconds: UInt64

    package enum EndedBy: String, Hashable, Sendable, Codable, CaseIterable {
        case caller
        case callee
        case gateway
    }

    package init(call: UInt32, started: UInt64, from: String, caller: String, called: String) {
        self.call = call
        self.started = started
        self.alerting = nil
        self.answered = nil
        self.ended = started
        self.from = from
        self.to = ""
        self.caller = caller
        self.callerName = ""
        self.called = called
        self.dialled = ""
        self.cause = 0
        self.status = nil
        self.endedBy = .gateway
        self.remark = ""
        self.channel = ""
        self.sipCallID = ""
        self.codec = ""
        self.packetsReceived = 0
        self.packetsSent = 0
        self.packetsLost = 0
        self.concealedMilliseconds = 0
    }

    /// From answer to end; 0 when it was not answered.
    package var billedMilliseconds: UInt64 {
        guard let answered, ended > answered else { return 0 }
        return (ended - answered) / 1_000_000
    }
}
