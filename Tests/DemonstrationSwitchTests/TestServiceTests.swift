// SPDX-License-Identifier: GPL-2.0-or-later
import DemonstrationSwitch
import ISDN
import Testing

@Suite struct TestServiceTests {
    @Test(
        "The last digits choose the line",
        arguments: [
            ("0100", TestService.echo), ("+442079460100", .echo), ("00442079460101", .milliwatt),
            ("0102", .refusal(.userBusy, afterProceeding: true)), ("0103", .ringing),
            ("0104", .refusal(.unallocatedNumber, afterProceeding: false)), ("0105", .digits), ("90106", .hangup),
            ("0109016", .refusal(.normalCallClearing, afterProceeding: true)),
            ("550109127", .refusal(.interworkingUnspecified, afterProceeding: true)),
            // A cause that ends like a line.
            ("0109100", .refusal(Cause(rawValue: 100) ?? .protocolError, afterProceeding: true)),
        ])
    func chosen(number: String, service: TestService) {
        #expect(TestService(called: number) == service)
    }

    @Test("Every cause of Q.850 can be had by its number", arguments: Cause.allCases)
    func everyCause(cause: Cause) {
        let digits = String(1_000 + Int(cause.rawValue)).dropFirst()
        #expect(TestService(called: "0109\(digits)") == .refusal(cause, afterProceeding: true))
    }

    @Test(
        "A cause that does not exist is an invalid number",
        arguments: ["0109000", "0109128", "0109999", "010912*", "0109#01"])
    func noCause(number: String) {
        #expect(TestService(called: number) == .refusal(.invalidNumberFormat, afterProceeding: true))
    }

    @Test(
        "Any other number is unallocated",
        arguments: ["", "1", "100", "0107", "0199", "0109", "010901", "0100*", "０１００"])
    func unallocated(number: String) {
        #expect(TestService(called: number) == .refusal(.unallocatedNumber, afterProceeding: false))
    }
}
