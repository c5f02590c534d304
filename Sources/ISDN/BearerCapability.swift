// SPDX-License-Identifier: GPL-2.0-or-later

/// What a B channel is asked to carry (Q.931 section 4.5.5).
package struct BearerCapability: Hashable, Sendable {
    package var transfer: TransferCapability
    /// Present for speech and 3.1 kHz audio.
    package var law: G711Law?

    package init(transfer: TransferCapability = .speech, law: G711Law? = .aLaw) {
        self.transfer = transfer
        self.law = law
    }
}

package enum TransferCapability: UInt8, Hashable, Sendable, CaseIterable {
    case speech = 0x00
    case unrestrictedDigital = 0x08
    case restrictedDigital = 0x09
    case audio3k1 = 0x10
    case unrestrictedDigitalWithTones = 0x11
}

/// The two companding laws of ITU-T G.711.
package enum G711Law: UInt8, Hashable, Sendable, CaseIterable, BitwiseCopyable {
    case aLaw = 0
    case muLaw = 1

    /// Written out for the media thread: the generic comparison of raw values may lock.
    @_noAllocation @_noLocks
    package static func == (a: G711Law, b: G711Law) -> Bool {
        switch (a, b) {
        case (.aLaw, .aLaw), (.muLaw, .muLaw): true
        case (.aLaw, .muLaw), (.muLaw, .aLaw): false
        }
    }
}
