// SPDX-License-Identifier: GPL-2.0-or-later
import ISDN
import Testing

@Suite("Causes")
struct CauseTests {
    /// The values Q.850 (05/98) with its amendments names.
    static let assigned: Set<UInt8> = [
        1, 2, 3, 4, 5, 6, 7, 8, 9, 14, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 34, 38, 39, 40,
        41, 42, 43, 44, 46, 47, 49, 50, 52, 53, 54, 55, 57, 58, 62, 63, 65, 66, 69, 70, 79, 81, 82, 83, 84, 85, 86, 87,
        88, 90, 91, 95, 96, 97, 98, 99, 100, 101, 102, 103, 110, 111, 127,
    ]

    @Test("Every value from 1 to 127 is a cause, has a name, and is unassigned just where Q.850 says nothing")
    func names() {
        #expect(Cause.allCases.map(\.rawValue) == Array(1...127))
        for cause in Cause.allCases {
            #expect((cause.name == "unassigned") != Self.assigned.contains(cause.rawValue))
            #expect(cause.description == "\(cause.rawValue) \(cause.name)")
        }
        let named = Cause.allCases.map(\.name).filter { $0 != "unassigned" }
        #expect(Set(named).count == named.count)
    }

    @Test("Zero and what needs eight bits are no causes", arguments: [0, 128, 255] as [UInt8])
    func outside(value: UInt8) {
        #expect(Cause(rawValue: value) == nil)
    }

    @Test(
        "A cause's class is in bits 7 to 5",
        arguments: [
            (Cause.unallocatedNumber, CauseClass.normalEvent), (.normalUnspecified, .normalEvent),
            (.noCircuitAvailable, .resourceUnavailable), (.resourceUnavailable, .resourceUnavailable),
            (.bearerCapabilityNotAuthorized, .serviceNotAvailable), (.serviceNotImplemented, .serviceNotImplemented),
            (.invalidCallReference, .invalidMessage), (.protocolError, .protocolError),
            (.interworkingUnspecified, .interworking),
        ])
    func classes(cause: Cause, expected: CauseClass) {
        #expect(cause.causeClass == expected)
    }

    @Test("Every location has a name of its own")
    func locations() {
        #expect(Set(CauseLocation.allCases.map(\.description)).count == CauseLocation.allCases.count)
    }
}
