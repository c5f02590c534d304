// SPDX-License-Identifier: GPL-2.0-or-later
import Operations
import TestCaller
import Testing

@Suite("What the demonstration says")
struct DemonstrationTextTests {
    private let locator = StateLocator(environment: [:], userID: 0)

    private func plan(port: UInt16 = 5060, listen: String? = nil, allow: [String] = []) -> DemonstrationPlan {
        DemonstrationPlan(locator: locator, sipPort: port, listen: listen, allow: allow)
    }

    @Test("The measurement has the round trip and the level, to a tenth")
    func measured() {
        var report = TestCallReport()
        report.codec = "PCMA"
        report.packetsSent = 200
        report.packetsReceived = 198
        report.echo = EchoMeasurement(delaySamples: 4500, gainDecibels: -0.04, levelDBm0: -12.34, likeness: 0.99)
        #expect(
            DemonstrationText.measured(report) == """
                Measured: round trip 562.5 ms (500 of them in the exchange), level -12.3 dBm0 (+0.0 dB against what was sent).
                PCMA, 198 RTP packets received, 200 sent, none lost.

                """)
        report.echo = nil
        #expect(DemonstrationText.measured(report).contains("silence"))
        report.receivedLevelDBm0 = -20
        #expect(DemonstrationText.measured(report).contains("something else at -20.0 dBm0"))
    }

    @Test("A phone is told the address, the port, what to dial and how to be rung")
    func phone() {
        let text = DemonstrationText.phone(plan(port: 5070))
        for words in [
            "127.0.0.1, port 5070", "no password", "0100", "0109034", "trunkgate switch-call", "Ctrl-C", "--listen",
        ] {
            #expect(text.contains(words), "\(words)")
        }
        let open = DemonstrationText.phone(plan(listen: "192.0.2.1", allow: ["192.0.2.0/24"]))
        #expect(open.contains("server 192.0.2.1, port 5060"))
        #expect(open.contains("Let in besides this machine: 192.0.2.0/24"))
    }

    @Test("SIP is heard on loopback and the address asked for")
    func hosts() {
        #expect(plan().sipHosts == ["127.0.0.1"])
        #expect(plan(listen: "192.0.2.1").sipHosts == ["127.0.0.1", "192.0.2.1"])
        #expect(plan(listen: "0.0.0.0").sipHosts == ["0.0.0.0"])
    }

    @Test("Two demonstrations can be kept apart by their base")
    func base() {
        let moved = StateLocator(environment: ["TRUNKGATE_DEMO_BASE": "/tmp/x"], userID: 0)
        #expect(moved.demonstrationFolder == "/tmp/x/trunkgate-demo")
        #expect(moved.gatewayCandidates(nil).last?.path == "/tmp/x/trunkgate-demo/gateway")
        #expect(moved.base == "/run")
    }
}
