// SPDX-License-Identifier: GPL-2.0-or-later
import CallControl
import ISDN
import SIPMessages
import Testing

@Suite("RFC 3398's tables")
struct CauseMappingTests {
    /// Section 7.2.4.1, typed from the RFC apart from the source.
    static let refusals: [UInt16: Set<UInt8>] = [
        403: [21, 55, 57, 87], 404: [1, 2, 3, 26], 408: [18], 410: [22, 23], 480: [19, 20, 31], 484: [28], 486: [17],
        488: [65, 70], 501: [29, 79], 502: [27], 503: [34, 38, 41, 42, 47, 58, 88], 504: [102],
    ]

    /// Section 8.2.6.1; 488 and 606 go by their Warning.
    static let releases: [UInt8: Set<UInt16>] = [
        1: [404, 485, 604], 17: [486, 600], 18: [480], 21: [401, 402, 403, 407, 603, 607, 608], 22: [410],
        25: [482, 483], 28: [484], 31: [487, 488, 606], 38: [502], 41: [400, 481, 500, 503], 63: [405],
        79: [406, 415, 501], 102: [408, 504], 127: [413, 414, 416, 420, 421, 423, 505, 513],
    ]

    @Test("every cause from every location is refused with the status of the RFC, and with 500 when it lists none")
    func everyCause() {
        let locations: [CauseLocation?] = [nil] + CauseLocation.allCases
        for cause in Cause.allCases {
            let listed = Self.refusals.first { $0.value.contains(cause.rawValue) }?.key ?? 500
            for location in locations {
                let expected: UInt16 = cause.rawValue == 21 && location == .user ? 603 : listed
                #expect(CauseMapping.status(for: cause, location: location) == expected, "\(cause) \(location as Any)")
            }
        }
    }

    @Test("every status from 300 to 699 releases with the cause of the RFC, unlisted ones with that of their class")
    func everyStatus() {
        for status in UInt16(300)...699 {
            var expected = Self.releases.first { $0.value.contains(status) }?.key
            if expected == nil {
                switch status {
                case 300...399: expected = 127
                case 400...599: expected = 41
                default: expected = 17
                }
            }
            #expect(CauseMapping.cause(forStatus: status).rawValue == expected, "\(status)")
        }
    }

    @Test("the cause location of a 6xx is the user, of the others the network beyond")
    func locations() {
        for status in UInt16(300)...699 {
            let expected: CauseLocation = status >= 600 ? .user : .beyondInterworkingPoint
            #expect(CauseMapping.location(forStatus: status) == expected)
        }
    }

    @Test("no status makes it trap", arguments: [UInt16.min, 1, 99, 199, 299, 700, 999, .max])
    func strangeStatus(status: UInt16) {
        #expect(CauseMapping.cause(forStatus: status) == .interworkingUnspecified)
    }

    @Test(
        "488 and 606 are told apart by their Warning",
        arguments: [([305], 65), ([304, 399], 65), ([399, 301], 65), ([370], 47), ([399], 31), ([], 31)]
            as [([Int], UInt8)])
    func warnings(codes: [Int], cause: UInt8) {
        #expect(CauseMapping.cause(forStatus: 488, warnings: codes).rawValue == cause)
        #expect(CauseMapping.cause(forStatus: 606, warnings: codes).rawValue == cause)
        #expect(CauseMapping.cause(forStatus: 486, warnings: codes) == .userBusy)
    }

    @Test("where the RFC maps both ways, a status comes back as a cause that gives the same status")
    func bothWays() {
        let lossy: Set<UInt16> = [403, 408, 480, 481, 484]
        for status in Self.refusals.keys where !lossy.contains(status) && status != 488 {
            let back = CauseMapping.status(for: CauseMapping.cause(forStatus: status), location: nil)
            switch status {
            case 502: #expect(back == 503)  // 502 → 38 → 503: the RFC itself is not symmetrical here
            default: #expect(back == status, "\(status)")
            }
        }
    }

    @Test("the first Q.850 cause of a Reason counts, other namespaces and impossible causes do not")
    func reasons() {
        let sip = ReasonValue.sip(200, "Call completed elsewhere")
        #expect(CauseMapping.cause(in: []) == nil)
        #expect(CauseMapping.cause(in: [sip]) == nil)
        #expect(CauseMapping.cause(in: [sip, .q850(17)]) == .userBusy)
        #expect(CauseMapping.cause(in: [ReasonValue(namespace: "X.Y", cause: 34), .q850(17)]) == .userBusy)
        #expect(CauseMapping.cause(in: [.q850(31), .q850(17)]) == .normalUnspecified)
        #expect(CauseMapping.cause(in: [ReasonValue(namespace: "q.850", cause: 19)]) == .noAnswer)
        for impossible in [nil, 0, 128, 255, 256, -1, Int.max, Int.min] {
            #expect(CauseMapping.cause(in: [ReasonValue(namespace: "Q.850", cause: impossible)]) == nil)
        }
    }

    @Test("a Reason reads as RFC 6432 writes it")
    func reasonText() {
        #expect("\(CauseMapping.reason(.userBusy))" == "Q.850;cause=17;text=\"user busy\"")
    }
}
