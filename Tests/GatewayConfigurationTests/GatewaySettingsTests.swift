// SPDX-License-Identifier: GPL-2.0-or-later
import GatewayConfiguration
import ISDN
import LineProtocol
import Routing
import Testing

@Suite("trunkgate.yaml")
struct GatewaySettingsTests {
    /// The contract's example.
    static let contract = """
        sip:
          listen: ["udp://0.0.0.0:5060", "tcp://0.0.0.0:5060"]
        rtp: {ports: 16384-32767}
        spans:
          carrier-a:
            driver: pseudowire          # or dahdi, with span: 1
            line: e1                    # or t1
            local: 127.0.0.1:61000
            remote: 127.0.0.1:61001
            switch-type: euroisdn
            role: te                    # or nt
            hunt: highest
        trunks:
          office-pbx:
            peer: sip:192.0.2.10:5060
            allow: [192.0.2.10/32]
            codecs: [pcma, pcmu]
        routes:                         # later also: dialplans: [office.yaml]
          - {from: carrier-a, number: "+442071838750-99", to: office-pbx}
          - {from: office-pbx, prefix: "9", strip: 1, type-of-number: national, to: carrier-a}
        cdr: {sqlite: cdr.db}
        """

    static func read(_ yaml: String) throws(ConfigurationError) -> GatewaySettings {
        try GatewaySettings(yaml: yaml, file: "trunkgate.yaml")
    }

    @Test("The contract's example is read as it stands")
    func contractExample() throws {
        let settings = try Self.read(Self.contract)
        #expect(settings.sip.listen.map(\.description) == ["udp://0.0.0.0:5060", "tcp://0.0.0.0:5060"])
        #expect(settings.sip.advertise == nil)
        #expect(settings.rtp.ports == 16_384...32_767 && settings.rtp.jitterMilliseconds == 40)
        #expect(settings.rtp.address == .v4(0))
        let loopback = IPAddress.v4(0x7F00_0001)
        let span = try #require(settings.span("carrier-a"))
        #expect(
            span.configuration
                == SpanConfiguration(
                    id: SpanID(1), name: "carrier-a",
                    driver: .pseudowire(
                        PseudowireConfiguration(
                            local: TransportAddress(loopback, port: 61_000),
                            remote: TransportAddress(loopback, port: 61_001))),
                    role: .te, hunt: .highest))
        #expect(span.timers == CallTimers() && span.countryCode == nil)
        let trunk = try #require(settings.trunk("office-pbx"))
        #expect(trunk.peer == .address(TransportAddress(.v4(0xC000_020A), port: 5_060), .udp))
        #expect(trunk.allow.map(\.description) == ["192.0.2.10"])
        #expect(trunk.codecs == [.aLaw, .muLaw] && trunk.packetMilliseconds == 20 && trunk.digits == .rfc4733)
        #expect(!trunk.acceptsRegistrations)
        #expect(
            settings.routes.routes == [
                Route(
                    from: "carrier-a",
                    pattern: .range(first: "442071838750", last: "442071838799", international: true),
                    to: ["office-pbx"]),
                Route(
                    from: "office-pbx", pattern: .prefix("9", international: false), to: ["carrier-a"], strip: 1,
                    typeOfNumber: .national),
            ])
        #expect(settings.callRecordDatabase == "cdr.db")
        #expect(settings.process == (try Self.read(Self.contract)).process)
        #expect(settings.process.stateDirectory == nil && settings.process.logLevel == .info)
    }

    @Test("Everything that can be said is read")
    func everything() throws {
        let settings = try Self.read(
            """
            state: /run/trunkgate
            line-program: /opt/trunkgate-line
            log: {level: debug}
            sip:
              listen: "udp://[2001:db8::1]:5070"
              advertise: 203.0.113.5
            rtp: {ports: 20000-20099, jitter: 60ms}
            spans:
              nt-1:
                driver: pseudowire
                local: 10.0.0.1:61000
                remote: 10.0.0.2:61000
                packet: 2ms
                rtp-header: true
                law: ulaw
                role: nt
                timers: {t301: 3m, t304: 1500ms, t310: 20s}
                country-code: 44
                impairment: {clock-ppm: -50, loss-permille: 3, reorder-permille: 4, delay-ms: 5, seed: 6}
              a: {driver: loop, peer: b, role: te, hunt: lowest}
              b: {driver: loop, peer: a, role: nt}
            trunks:
              phones:
                peer: registered
                register: accept
                allow: [10.0.0.0/8, "2001:db8::/32"]
                codecs: pcmu
                ptime: 30
                digits: inband
              provider: {peer: "sip:[2001:db8::2];transport=tcp"}
            routes:
              - {from: phones, to: [nt-1, a]}
              - {from: phones, number: "200", to: phones}
              - {from: nt-1, prefix: "+44", strip: 2, add: "0", to: provider}
            cdr: {sqlite: /var/lib/cdr.db}
            """)
        #expect(settings.process.stateDirectory == "/run/trunkgate")
        #expect(settings.process.lineProgram == "/opt/trunkgate-line")
        #expect(settings.process.logLevel == .debug)
        #expect(settings.sip.listen.map(\.description) == ["udp://[2001:db8::1]:5070"])
        #expect(settings.sip.advertise?.description == "203.0.113.5")
        #expect(settings.rtp.address.description == "2001:db8::1")
        #expect(settings.rtp.ports == 20_000...20_099 && settings.rtp.jitterMilliseconds == 60)
        let span = try #require(settings.span("nt-1"))
        #expect(
            span.timers
                == CallTimers(t301Milliseconds: 180_000, t304Milliseconds: 1_500, t310Milliseconds: 20_000))
        #expect(span.countryCode == "44" && span.configuration.role == .nt && span.configuration.hunt == .lowest)
        #expect(span.configuration.law == .muLaw)
        guard case .pseudowire(let wire) = span.configuration.driver else {
            Issue.record("not a pseudowire")
            return
        }
        #expect(wire.packetMilliseconds == 2 && wire.rtpHeader)
        #expect(
            wire.impairment
                == PseudowireImpairment(
                    clockOffsetPpm: -50, lossPermille: 3, reorderPermille: 4, delayMilliseconds: 5, seed: 6))
        #expect(settings.span("a")?.configuration.driver == .loop(peer: SpanID(3)))
        #expect(settings.span(SpanID(3))?.configuration.driver == .loop(peer: SpanID(2)))
        #expect(settings.span("a")?.configuration.hunt == .lowest)
        let phones = try #require(settings.trunk("phones"))
        #expect(phones.peer == .registered && phones.acceptsRegistrations && phones.codecs == [.muLaw])
        #expect(phones.packetMilliseconds == 30 && phones.digits == .inband)
        let provider = try #require(settings.trunk("provider"))
        #expect(provider.allow.map(\.description) == ["2001:db8::2"])
        guard case .address(let address, .tcp) = provider.peer else {
            Issue.record("not over TCP")
            return
        }
        #expect(address.description == "[2001:db8::2]:5060")
        #expect(settings.routes.routes[0].to == ["nt-1", "a"])
        #expect(settings.routes.routes[0].pattern == .prefix("", international: false))
        #expect(settings.callRecordDatabase == "/var/lib/cdr.db")
    }

    @Test("A caller belongs to the trunk with the narrowest block around its address")
    func trunkByAddress() throws {
        let settings = try Self.read(
            """
            spans: {a: {driver: pseudowire, local: "127.0.0.1:61000", remote: "127.0.0.1:61001", role: te}}
            trunks:
              wide: {register: accept, allow: [10.0.0.0/8]}
              narrow: {peer: "sip:10.1.2.3"}
              everyone6: {register: accept, allow: ["::/0"]}
            """)
        func name(_ text: String) -> String? {
            IPAddress(text: text).flatMap { settings.trunk(from: $0) }?.name.text
        }
        #expect(name("10.1.2.3") == "narrow" && name("10.1.2.4") == "wide" && name("192.0.2.1") == nil)
        #expect(name("2001:db8::1") == "everyone6" && name("::ffff:10.1.2.3") == "narrow")
    }

    @Test("Both files of the demonstration are in order, and mirror each other")
    func demonstration() throws {
        var demonstration = DemonstrationConfiguration(gatewayState: "/tmp/g", switchState: "/tmp/s")
        for listen in [nil, "192.0.2.7", "127.0.0.1", "0.0.0.0", "2001:db8::7"] {
            demonstration.listen = listen
            demonstration.allow = listen == nil ? [] : ["192.0.2.0/24", "2001:db8::/64"]
            demonstration.sipPort = 5_080
            let gateway = try Self.read(demonstration.gateway)
            #expect(gateway.process.stateDirectory == "/tmp/g")
            #expect(gateway.sip.listen.contains { $0.address.port == 5_080 })
            let phones = try #require(gateway.trunk("phones"))
            #expect(phones.peer == .registered && phones.allow.count == (listen == nil ? 1 : 3))
            let far = try SwitchSettings(yaml: demonstration.switchSide, file: "switch.yaml")
            #expect(far.process.stateDirectory == "/tmp/s")
            guard case .pseudowire(let near)? = gateway.spans.first?.configuration.driver,
                case .pseudowire(let mirror)? = far.spans.first?.configuration.driver
            else {
                Issue.record("no pseudowires")
                return
            }
            #expect(near.local == mirror.remote && near.remote == mirror.local)
            #expect(gateway.spans.first?.configuration.role == .te && far.spans.first?.configuration.role == .nt)
            #expect(
                gateway.spans.first?.configuration.hunt == .highest && far.spans.first?.configuration.hunt == .lowest)
            let dialled = try #require(DialledNumber(sipUser: "0100"))
            guard case .routed(let decision) = gateway.routes.route(dialled, from: "phones") else {
                Issue.record("0100 goes nowhere")
                return
            }
            #expect(decision.targets == ["carrier-a"] && decision.number.digits == "0100")
            let inbound = DialledNumber(PartyNumber(digits: "1000"))
            guard case .routed(let inward) = gateway.routes.route(inbound, from: "carrier-a") else {
                Issue.record("calls from the line go nowhere")
                return
            }
            #expect(inward.targets == ["phones"])
        }
    }

    @Test("A file is read from disk, and one that cannot be says why")
    func files() throws {
        #expect(throws: ConfigurationError.self) { try ConfigurationFile.gateway(path: "/nonexistent/trunkgate.yaml") }
        do {
            _ = try ConfigurationFile.switchSide(path: "/nonexistent/switch.yaml")
        } catch {
            #expect(error.description.hasPrefix("/nonexistent/switch.yaml:1:1: there is no such file"))
        }
    }
}
