// SPDX-License-Identifier: GPL-2.0-or-later
package import ISDN

/// What answers behind a number of the demonstration switch, by the number's last digits.
package enum TestService: Hashable, Sendable {
    /// 0100: the caller's audio after half a second, longer than any echo canceller's tail.
    case echo
    /// 0101: 1004 Hz at 0 dBm0.
    case milliwatt
    /// 0103: rings until the caller gives up.
    case ringing
    /// 0105: collects DTMF and sends it back.
    case digits
    /// 0106: answers and hangs up after two seconds.
    case hangup
    /// 0102, 0109NNN and every other number: cleared with this cause, after CALL PROCEEDING or at once.
    case refusal(Cause, afterProceeding: Bool)

    /// Leading digits are not looked at, so that national, international and prefixed forms reach the same line.
    package init(called digits: String) {
        let digits = Array(digits.utf8)
        if digits.count >= 7, digits.suffix(7).starts(with: "0109".utf8) {
            self = Self.clearing(with: digits.suffix(3))
            return
        }
        switch String(decoding: digits.suffix(4), as: UTF8.self) {
        case "0100": self = .echo
        case "0101": self = .milliwatt
        case "0102": self = .refusal(.userBusy, afterProceeding: true)
        case "0103": self = .ringing
        case "0105": self = .digits
        case "0106": self = .hangup
        default: self = .refusal(.unallocatedNumber, afterProceeding: false)
        }
    }

    /// The cause that three digits name; 28 (invalid number format) when there is none such.
    private static func clearing(with digits: ArraySlice<UInt8>) -> TestService {
        var value = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { return .refusal(.invalidNumberFormat, afterProceeding: true) }
            value = value * 10 + Int(digit - 0x30)
        }
        let cause = UInt8(exactly: value).flatMap { Cause(rawValue: $0) }
        return .refusal(cause ?? .invalidNumberFormat, afterProceeding: true)
    }

    /// For logs: what a caller of this line hears.
    package var sentence: String {
        switch self {
        case .echo: "echo after 500 ms"
        case .milliwatt: "1004 Hz at 0 dBm0"
        case .ringing: "rings and never answers"
        case .digits: "repeats the digits it hears"
        case .hangup: "hangs up after 2 s"
        case .refusal(let cause, _): "clears with cause \(cause.rawValue)"
        }
    }
}
