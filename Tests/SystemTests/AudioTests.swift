// SPDX-License-Identifier: GPL-2.0-or-later
import Foundation
import Testing

extension SystemTests {
    /// Real phones, real speech and an independent judge of what is on the wire.
    @Suite("Audio and the wire", .serialized)
    struct Audio {
        @Test("speech from baresip comes back from line 0100 as that speech, and every gap is one we counted")
        func speechThroughEcho() async throws {
            try await withFixture { fixture in
                let speech = try await Speech.make(in: "\(fixture.folder)/peer")
                let phone = try Baresip(
                    folder: "\(fixture.folder)/peer/phone", sipPort: fixture.peerPort, speech: speech)
                let call = try phone.call("sip:0207940100@127.0.0.1:\(fixture.sipPort)", seconds: 20)
                _ = await call.wait(seconds: 60)
                #expect(await fixture.settled(seconds: 60))
                let received = try phone.heard()
                let sent = try Speech.samples(ofFile: speech)
                #expect(received.count > 8_000 * 8, "heard \(received.count) samples\n\(call.output)")
                let comparison = Speech.compare(sent: sent, received: received)
                #expect(comparison.windows > 25, "\(comparison)")
                let record = try #require(try await fixture.callRecords().first)
                let lost = try #require(record["packetsLost"] as? Int)
                let concealed = try #require(record["concealedMilliseconds"] as? Int)
                let late = try await fixture.counter("pseudowire.packets.lost")
                // A gap of ours is concealment, a lost packet or a lost pseudowire packet at either end; each spoils at most two windows.
                let ours = lost + (concealed + 9) / 10 + late
                #expect(comparison.gaps <= 2 * ours + baresipGaps(call), "\(comparison), counted \(ours)")
                #expect(comparison.matched * 10 >= comparison.windows * 8, "\(comparison)")
            }
        }

        @Test("digits from a phone are collected by line 0105 and come back as digits")
        func digits() async throws {
            try await withFixture { fixture in
                let speech = try await Speech.make(in: "\(fixture.folder)/peer")
                let phone = try Baresip(
                    folder: "\(fixture.folder)/peer/phone", sipPort: fixture.peerPort, speech: speech)
                let call = try phone.call("sip:0207940105@127.0.0.1:\(fixture.sipPort)", seconds: 25)
                #expect(await eventually { try await fixture.show("calls").first?["state"] as? String == "connected" })
                for digit in ["1", "9", "5", "#"] {
                    try phone.command("sndcode", digit)
                    try await Task.sleep(for: .milliseconds(400))
                    try phone.command("sndcode", "")
                    try await Task.sleep(for: .milliseconds(200))
                }
                #expect(await eventually { try await fixture.counter("digits.line") >= 3 })
                #expect(try await fixture.counter("digits.rtp") == 4)
                let trace = try await fixture.trunkgate("trace")
                #expect(trace.output.contains("digit"), "\(trace)")
                call.signal(SIGTERM)
                _ = await call.wait(seconds: 30)
                #expect(await fixture.settled(seconds: 60))
            }
        }

        @Test("tshark finds nothing malformed in the pseudowire, the LAPD and Q.931, and the SIP of a call")
        func wireIsWellFormed() async throws {
            try await withFixture { fixture in
                let capture = "\(fixture.folder)/wire.pcap"
                let shark = try ChildProcess(
                    Installation.program("tshark"),
                    ["-i", "lo", "-f", "udp port \(fixture.gatewayWirePort)", "-w", capture, "-q", "-a", "duration:8"])
                #expect(await eventually { FileManager.default.fileExists(atPath: capture) })
                let sipp = Sipp(fixture: fixture)
                let result = try await sipp.call("0207940101", "uac-answered", keys: ["HOLD": "1000"])
                #expect(result.status == 0, "\(result)\n\(sipp.complaints())")
                // Ended by a signal it may leave its last packet cut in half.
                _ = try #require(await shark.wait(seconds: 60))

                let wire = try await decode(
                    capture, ["-d", "udp.port==\(fixture.gatewayWirePort),pwcesopsn", "-Y", "pwcesopsn"])
                #expect(wire.rows.count > 100, "\(wire.text.prefix(2_000))")
                #expect(!wire.text.contains("alformed") && !wire.text.contains("Warning"), "\(wire.text.prefix(2_000))")

                let file = "\(fixture.folder)/call.pcapng"
                let trace = try await fixture.trunkgate("trace", "--pcapng", file)
                #expect(trace.status == 0, "\(trace)")
                let messages = try await decode(file, [])
                for word in ["INVITE", "200 OK", "SETUP", "CONNECT", "RELEASE", "BYE"] {
                    #expect(messages.text.contains(word), "\(word) is missing in \(messages.text)")
                }
                let malformed = try await decode(file, ["-Y", "_ws.malformed || _ws.expert.severity == error"])
                #expect(malformed.rows.isEmpty, "\(malformed.text)")
            }
        }

        private func decode(_ file: String, _ arguments: [String]) async throws -> (rows: [Substring], text: String) {
            let result = try await run(Installation.program("tshark"), ["-r", file] + arguments, seconds: 60)
            try #require(result.status == 0, "\(result)")
            return (result.output.split(separator: "\n"), result.output)
        }

        /// Packets that baresip itself says it did not get in time.
        private func baresipGaps(_ call: ChildProcess) -> Int {
            let lost = call.output.split(separator: "\n").filter { $0.contains("lost") }.joined()
            return lost.split(whereSeparator: { !$0.isNumber }).compactMap { Int($0) }.last ?? 0
        }
    }
}
