// SPDX-License-Identifier: GPL-2.0-or-later
import ISDN
import Routing
import TestSupport
import Testing

@Suite("Number patterns")
struct NumberPatternTests {
    static func line(_ digits: String, _ type: TypeOfNumber, countryCode: String? = nil) -> DialledNumber {
        DialledNumber(PartyNumber(digits: digits, type: type), countryCode: countryCode)
    }

    @Test("A SIP user part is read past separators and parameters, and is international with a plus")
    func sipUsers() throws {
        let number = try #require(DialledNumber(sipUser: "+44-(20).7183-8750;phone-context=x"))
        #expect(number.digits == "442071838750" && number.international == "442071838750")
        #expect(number.type == .international && number.description == "+442071838750")
        let local = try #require(DialledNumber(sipUser: "*21#"))
        #expect(local.digits == "*21#" && local.international == nil && local.type == .unknown)
        for user in ["", "+", "alice", "12a", "1+2", "１２", ";x", "-"] {
            #expect(DialledNumber(sipUser: user) == nil, "\(user)")
        }
    }

    @Test("A number of the line is international by its type, or by its type and the span's country code")
    func lineNumbers() {
        #expect(Self.line("442071838750", .international).description == "+442071838750")
        #expect(Self.line("2071838750", .national).description == "2071838750")
        #expect(Self.line("2071838750", .national, countryCode: "44").description == "+442071838750")
        #expect(Self.line("2071838750", .subscriber, countryCode: "44").international == nil)
        #expect(Self.line("", .unknown).description == "no number")
    }

    @Test("The digits after the dash replace as many at the end: …750-99 is …750 to …799")
    func range() throws {
        let pattern = try NumberPattern.range("+442071838750-99")
        #expect(pattern == .range(first: "442071838750", last: "442071838799", international: true))
        #expect(pattern.description == "numbers +442071838750-99")
        for last in 0...999 {
            let digits = "442071838" + String(1_000 + last).dropFirst()
            #expect(pattern.matches(Self.line(digits, .international)) == (750...799).contains(last))
        }
        #expect(!pattern.matches(Self.line("4420718387500", .international)))
        #expect(try NumberPattern.range("100-5").matches(Self.line("103", .unknown)))
        #expect(try NumberPattern.range("0750-0799") == .range(first: "0750", last: "0799", international: false))
    }

    @Test("A whole number is compared in the form both have")
    func forms() throws {
        let international = try NumberPattern.range("+442071838750")
        #expect(international.matches(Self.line("442071838750", .international)))
        #expect(international.matches(Self.line("442071838750", .unknown)))
        #expect(international.matches(Self.line("2071838750", .national, countryCode: "44")))
        #expect(!international.matches(Self.line("2071838750", .national)))
        #expect(!international.matches(Self.line("442071838750", .national)))
        #expect(!international.matches(Self.line("442071838750", .subscriber)))
        let dialled = try NumberPattern.range("8750")
        for type in TypeOfNumber.allCases {
            #expect(dialled.matches(Self.line("8750", type)))
        }
        let star = try NumberPattern.range("*100#")
        #expect(star.matches(Self.line("*100#", .unknown)))
    }

    @Test("A prefix looks at what was dialled, and only a + at international numbers")
    func prefixes() throws {
        let nine = try NumberPattern.prefix("9")
        #expect(nine.matches(Self.line("91234", .unknown)))
        #expect(nine.matches(Self.line("9", .national)))
        #expect(!nine.matches(Self.line("911234", .international)))
        let india = try NumberPattern.prefix("+91")
        #expect(india.matches(Self.line("911234", .international)))
        #expect(!india.matches(Self.line("911234", .unknown)))
        let every = try NumberPattern.prefix("")
        #expect(every.description == "every number")
        for type in TypeOfNumber.allCases {
            #expect(every.matches(Self.line("1", type)))
            #expect(every.matches(Self.line("", type)))
        }
        #expect(try !NumberPattern.prefix("+").matches(Self.line("1", .unknown)))
    }

    @Test(
        "A range that is none says why",
        arguments: ["", "+", "-5", "12-", "12-345", "50-49", "5-4-3", "12a", "12 3", "1*-5"])
    func badRanges(text: String) {
        #expect(throws: NumberPattern.Flaw.self) { try NumberPattern.range(text) }
    }

    @Test("A prefix that is none says why", arguments: ["1-2", "a", "++", " ", String(repeating: "1", count: 33)])
    func badPrefixes(text: String) {
        #expect(throws: NumberPattern.Flaw.self) { try NumberPattern.prefix(text) }
    }

    @Test("Patterns conflict when a number is for both and neither is closer")
    func conflicts() throws {
        let range = try NumberPattern.range("+4450-99")
        #expect(range.conflicts(with: try .range("+4499")))
        #expect(range.conflicts(with: try .range("+4400-60")))
        #expect(!range.conflicts(with: try .range("+4400-49")))
        #expect(!range.conflicts(with: try .range("4450")))
        #expect(!range.conflicts(with: try .range("+44500")))
        #expect(!range.conflicts(with: try .prefix("+44")))
        #expect(try NumberPattern.prefix("9").conflicts(with: .prefix("9")))
        #expect(try !NumberPattern.prefix("9").conflicts(with: .prefix("90")))
    }
}
