// SPDX-License-Identifier: GPL-2.0-or-later
import ISDN
import LineProtocol

/// A leg and what the core keeps with it.
@safe struct LegRecord {
    let id: LegID
    let span: SpanID
    let channel: ChannelID
    let incoming: Bool
    /// libpri's, for as long as it knows the call.
    let call: OpaquePointer
    /// The value in the call reference of its messages.
    let reference: UInt16
    var leg: CallLeg
    var timers = CallTimers()
    var deadline: (timer: CallTimer, time: UInt64)?
    let startedWall: UInt64
    var alertingWall: UInt64?
    var connectedWall: UInt64?

    func milliseconds(_ timer: CallTimer) -> UInt32 {
        switch timer {
        case .t301: timers.t301Milliseconds
        case .t304: timers.t304Milliseconds
        case .t310: timers.t310Milliseconds
        }
    }
}
