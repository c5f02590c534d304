// SPDX-License-Identifier: GPL-2.0-or-later
import ISDN
import Routing
import TestSupport
import Testing

@Suite("The route table")
struct RouteTableTests {
    static let table: RouteTable = {
        func pattern(_ make: () throws(NumberPattern.Flaw) -> NumberPattern) -> NumberPattern {
            (try? make()) ?? .prefix("unreadable", international: false)
        }
        return RouteTable([
            Route(from: "pbx", pattern: .prefix("", international: false), to: ["carrier-b"]),
            Route(
                from: "pbx", pattern: .prefix("9", international: false), to: ["carrier-a", "carrier-b"], strip: 1,
                typeOfNumber: .national),
            Route(from: "pbx", pattern: .prefix("900", international: false), to: ["carrier-b"], strip: 3, add: "00"),
            Route(from: "pbx", pattern: .prefix("44", international: true), to: ["carrier-a"], strip: 2, add: "0"),
            Route(
                from: "pbx", pattern: pattern { () throws(NumberPattern.Flaw) in try .range("9999") }, to: ["phones"]),
            Route(
                from: "carrier-a", pattern: pattern { () throws(NumberPattern.Flaw) in try .range("+442071838750-99") },
                to: ["pbx"]),
        ])
    }()

    static func verdict(_ user: String, from trunk: TrunkName = "pbx") throws -> RoutingVerdict {
        table.route(try #require(DialledNumber(sipUser: user)), from: trunk)
    }

    @Test(
        "The closest route decides, wherever it stands",
        arguments: [
            ("123", 0, "123", TypeOfNumber.unknown), ("91234", 1, "1234", .national), ("9001", 2, "001", .unknown),
            ("9999", 4, "9999", .unknown), ("99990", 1, "9990", .national),
            ("+442071838750", 3, "02071838750", .unknown),
            ("+911234", 0, "911234", .international),
        ])
    func closest(user: String, route: Int, digits: String, type: TypeOfNumber) throws {
        #expect(
            try Self.verdict(user)
                == .routed(
                    RoutingDecision(
                        targets: Self.table.routes[route].to, number: PartyNumber(digits: digits, type: type),
                        route: route)))
    }

    @Test("An inbound number goes out to SIP as it is, with its plus")
    func inbound() throws {
        let number = DialledNumber(PartyNumber(digits: "442071838760", type: .international))
        guard case .routed(let decision) = Self.table.route(number, from: "carrier-a") else {
            Issue.record("refused")
            return
        }
        #expect(decision.sipUser == "+442071838760" && decision.targets == ["pbx"])
        guard case .routed(let local) = try Self.verdict("123") else {
            Issue.record("refused")
            return
        }
        #expect(local.sipUser == "123")
    }

    @Test("Stripping counts the digits the pattern looked at")
    func stripping() throws {
        let national = DialledNumber(PartyNumber(digits: "2071838750", type: .national), countryCode: "44")
        let dialled = Route(from: "a", pattern: try .prefix("20"), to: ["b"], strip: 2)
        let international = Route(from: "a", pattern: try .prefix("+44"), to: ["b"], strip: 2)
        let untouched = Route(from: "a", pattern: try .prefix(""), to: ["b"])
        for (route, digits, type) in [
            (dialled, "71838750", TypeOfNumber.unknown), (international, "2071838750", .unknown),
            (untouched, "442071838750", .international),
        ] {
            #expect(
                RouteTable([route]).route(national, from: "a")
                    == .routed(
                        RoutingDecision(
                            targets: ["b"], number: PartyNumber(digits: digits, type: type), route: 0)))
        }
    }

    @Test("A number no route is for is unallocated, a trunk with no routes has none to any destination")
    func refusals() throws {
        guard case .refused(let unknown) = try Self.verdict("+442071838700", from: "carrier-a") else {
            Issue.record("routed")
            return
        }
        #expect(unknown.cause == .unallocatedNumber)
        #expect(unknown.sentence == "no route from carrier-a is for +442071838700")
        guard case .refused(let none) = try Self.verdict("1", from: "carrier-b") else {
            Issue.record("routed")
            return
        }
        #expect(none.cause == .noRouteToDestination && none.sentence == "there is no route from carrier-b")
    }

    @Test("A number that stripping eats up is refused as incomplete", arguments: ["9", "900"])
    func eatenUp(user: String) throws {
        let table = RouteTable([
            Route(from: "pbx", pattern: .prefix("9", international: false), to: ["carrier-a"], strip: 3)
        ])
        guard case .refused(let refusal) = table.route(try #require(DialledNumber(sipUser: user)), from: "pbx") else {
            Issue.record("routed")
            return
        }
        #expect(refusal.cause == .invalidNumberFormat)
    }

    @Test("Whatever is dialled, what is sent has digits, and the route it names matches")
    func random() throws {
        var generator = SplitMix64(seed: 5_150)
        for _ in 0..<20_000 {
            let digits = String(
                (0..<Int.random(in: 0...14, using: &generator)).map { _ in
                    "0123456789*#".randomElement(using: &generator) ?? "0"
                })
            let type = TypeOfNumber.allCases.randomElement(using: &generator) ?? .unknown
            let number = DialledNumber(PartyNumber(digits: digits, type: type))
            for trunk in ["pbx", "carrier-a"] as [TrunkName] {
                guard case .routed(let decision) = Self.table.route(number, from: trunk) else { continue }
                #expect(!decision.number.digits.isEmpty && !decision.targets.isEmpty)
                let route = Self.table.routes[decision.route]
                #expect(route.from == trunk && route.pattern.matches(number))
            }
        }
    }

    @Test("A route reads as a sentence")
    func description() {
        #expect(Self.table.routes[2].description == "from pbx, prefix 900, strip 3, add 00 → carrier-b")
        #expect(Self.table.routes[5].description == "from carrier-a, numbers +442071838750-99 → pbx")
    }
}
