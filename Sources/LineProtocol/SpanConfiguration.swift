// SPDX-License-Identifier: GPL-2.0-or-later
package import ISDN

/// Everything the line program must know of one span.
package struct SpanConfiguration: Hashable, Sendable {
    package var id: SpanID
    package var name: String
    package var driver: SpanDriverConfiguration
    package var switchType: SwitchType
    package var role: InterfaceRole
    package var hunt: HuntOrder
    /// The law of the audio on the B channels.
    package var law: G711Law

    package init(
        id: SpanID, name: String, driver: SpanDriverConfiguration, switchType: SwitchType = .euroISDN,
        role: InterfaceRole, hunt: HuntOrder, law: G711Law = .aLaw
    ) {
        self.id = id
        self.name = name
        self.driver = driver
        self.switchType = switchType
        self.role = role
        self.hunt = hunt
        self.law = law
    }
}

package enum SpanDriverConfiguration: Hashable, Sendable {
    /// Back to back with another span of the same line program.
    case loop(peer: SpanID)
    case pseudowire(PseudowireConfiguration)
}

/// An E1 over UDP as RFC 5086 (CESoPSN) describes it.
package struct PseudowireConfiguration: Hashable, Sendable {
    package var local: TransportAddress
    package var remote: TransportAddress
    /// 1 to 5; both ends must agree.
    package var packetMilliseconds: UInt8
    package var rtpHeader: Bool
    package var impairment: PseudowireImpairment

    package init(
        local: TransportAddress, remote: TransportAddress, packetMilliseconds: UInt8 = 5, rtpHeader: Bool = false,
        impairment: PseudowireImpairment = PseudowireImpairment()
    ) {
        self.local = local
        self.remote = remote
        self.packetMilliseconds = packetMilliseconds
        self.rtpHeader = rtpHeader
        self.impairment = impairment
    }
}

/// What a test may do to the packets a pseudowire sends. All zero: nothing.
package struct PseudowireImpairment: Hashable, Sendable {
    /// How far the free-running clock is off, in parts per million.
    package var clockOffsetPpm: Int32
    package var lossPermille: UInt16
    package var reorderPermille: UInt16
    package var delayMilliseconds: UInt16
    /// The same seed gives the same losses.
    package var seed: UInt64

    package init(
        clockOffsetPpm: Int32 = 0, lossPermille: UInt16 = 0, reorderPermille: UInt16 = 0, delayMilliseconds: UInt16 = 0,
        seed: UInt64 = 1
    ) {
        self.clockOffsetPpm = clockOffsetPpm
        self.lossPermille = lossPermille
        self.reorderPermille = reorderPermille
        self.delayMilliseconds = delayMilliseconds
        self.seed = seed
    }
}
