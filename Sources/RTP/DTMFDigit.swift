// SPDX-License-Identifier: GPL-2.0-or-later

/// One of the sixteen DTMF digits; the raw value is its event code (RFC 4733 section 3.2).
package enum DTMFDigit: UInt8, Hashable, Sendable, CaseIterable, BitwiseCopyable {
    case zero, one, two, three, four, five, six, seven, eight, nine
    case star, pound, a, b, c, d

    /// Written out for the media thread: the generic comparison of raw values may lock.
    @_noAllocation @_noLocks
    package static func == (a: DTMFDigit, b: DTMFDigit) -> Bool { a.ascii == b.ascii }

    /// From an ASCII character: 0–9 * # A–D a–d.
    @_noAllocation @_noLocks
    package static func from(ascii: UInt8) -> DTMFDigit? {
        switch ascii {
        case 0x30...0x39: DTMFDigit(rawValue: ascii &- 0x30)
        case 0x2A: .star
        case 0x23: .pound
        case 0x41...0x44: DTMFDigit(rawValue: ascii &- 0x41 &+ 12)
        case 0x61...0x64: DTMFDigit(rawValue: ascii &- 0x61 &+ 12)
        default: nil
        }
    }

    /// From an event code.
    @_noAllocation @_noLocks
    package static func from(event: UInt8) -> DTMFDigit? { DTMFDigit(rawValue: event) }

    /// The event code.
    package var event: UInt8 { @_noAllocation @_noLocks get { rawValue } }

    /// 0–9 * # A–D.
    package var ascii: UInt8 {
        @_noAllocation @_noLocks get {
            switch self {
            case .star: 0x2A
            case .pound: 0x23
            case .a, .b, .c, .d: rawValue &- 12 &+ 0x41
            case .zero, .one, .two, .three, .four, .five, .six, .seven, .eight, .nine: rawValue &+ 0x30
            }
        }
    }

    /// The row's and the column's frequency in hertz (ITU-T Q.23).
    package var frequencies: (low: UInt16, high: UInt16) {
        @_noAllocation @_noLocks get {
            switch self {
            case .one: (697, 1209)
            case .two: (697, 1336)
            case .three: (697, 1477)
            case .a: (697, 1633)
            case .four: (770, 1209)
            case .five: (770, 1336)
            case .six: (770, 1477)
            case .b: (770, 1633)
            case .seven: (852, 1209)
            case .eight: (852, 1336)
            case .nine: (852, 1477)
            case .c: (852, 1633)
            case .star: (941, 1209)
            case .zero: (941, 1336)
            case .pound: (941, 1477)
            case .d: (941, 1633)
            }
        }
    }
}
