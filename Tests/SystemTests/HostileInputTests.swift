// SPDX-License-Identifier: GPL-2.0-or-later
import Foundation
import TestSupport
import Testing

extension SystemTests {
    /// Rubbish from every side; the gateway goes on.
    @Suite("Hostile input", .serialized)
    struct HostileInput {
        @Test("torture messages, noise and half a TCP stream leave the gateway answering")
        func sipNoise() async throws {
            try await withFixture { fixture in
                var datagrams: [Data] = []
                for folder in ["rfc4475", "rfc5118"] {
                    let path = "\(Installation.corpora)/\(folder)"
                    for name in try FileManager.default.contentsOfDirectory(atPath: path) where name.hasSuffix(".dat") {
                        datagrams.append(try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)")))
                    }
                }
                #expect(datagrams.count == 61)
                var random = SplitMix64(seed: 7)
                for _ in 0..<300 {
                    var octets = datagrams[Int.random(in: 0..<61, using: &random)]
                    for _ in 0..<8 where !octets.isEmpty {
                        octets[Int.random(in: 0..<octets.count, using: &random)] = UInt8.random(
                            in: 0...255, using: &random)
                    }
                    datagrams.append(octets)
                }
                datagrams += [Data(), Data([0]), Data("\r\n\r\n".utf8), Data(repeating: 0x41, count: 65_000)]
                let socket = try UDPSocket()
                for datagram in datagrams { socket.send(datagram, toPort: fixture.sipPort) }

                let stream = try TCPSocket(port: fixture.sipPort)
                stream.send(Data("INVITE sip:x@y SIP/2.0\r\nContent-Length: 99999999999\r\n\r\n".utf8))
                let other = try TCPSocket(port: fixture.sipPort)
                other.send(Data("INVITE sip:x@y SI".utf8))

                let result = try await Sipp(fixture: fixture).call("0207940101", "uac-answered", keys: ["HOLD": "500"])
                #expect(result.status == 0, "\(result)")
                #expect(fixture.gateway?.isRunning == true)
                let counters = try await fixture.show("counters")
                let malformed = counters.filter { ($0["name"] as? String)?.contains("malformed") == true }
                    .compactMap { $0["value"] as? Int }.reduce(0, +)
                #expect(malformed > 0)
            }
        }

        @Test("rubbish on RTP and pseudowire ports is counted and the call goes on")
        func mediaNoise() async throws {
            try await withFixture { fixture in
                let sipp = Sipp(fixture: fixture)
                let call = try sipp.start("0207940101", "uac-answered", keys: ["HOLD": "5000"])
                #expect(
                    await eventually { try await fixture.show("calls").first?["state"] as? String == "connected" })
                let socket = try UDPSocket()
                var random = SplitMix64(seed: 11)
                for port in fixture.rtpPorts {
                    socket.send(
                        Data(
                            (0..<Int.random(in: 0..<200, using: &random)).map { _ in
                                UInt8.random(in: 0...255, using: &random)
                            }), toPort: port)
                }
                for _ in 0..<300 {
                    let noise = Data(
                        (0..<Int.random(in: 0..<400, using: &random)).map { _ in
                            UInt8.random(in: 0...255, using: &random)
                        })
                    socket.send(noise, toPort: fixture.gatewayWirePort)
                }
                let result = try #require(await call.wait(seconds: 60))
                #expect(result.status == 0, "\(result)\n\(sipp.complaints())")
                #expect(await eventually { try await fixture.counter("pseudowire.packets.foreign") >= 300 })
                #expect(await fixture.settled())
            }
        }

        @Test("a configuration with many errors names every one with its line and column, and exits 1")
        func configurationErrors() async throws {
            try await withStoppedFixture { fixture in
                let path = "\(fixture.folder)/wrong.yaml"
                try """
                sip:
                  listen: ["udp://127.0.0.1:99999"]
                spans:
                  carrier-a:
                    driver: pseudowir
                    local: 127.0.0.1:61000
                routes:
                  - {from: carrier-b, number: "+44", to: office}
                colour: blue

                """.write(toFile: path, atomically: true, encoding: .utf8)
                for command in ["check", "run"] {
                    let result = try await run(Installation.trunkgate, [command, "--config", path])
                    #expect(result.status == 1, "\(result)")
                    let said = result.output + result.error
                    for place in ["wrong.yaml:2:", "wrong.yaml:5:", "wrong.yaml:8:", "wrong.yaml:9:"] {
                        #expect(said.contains(place), "\(place) is missing in \(said)")
                    }
                    #expect(said.contains("pseudowire"))
                }
                let good = try await run(
                    Installation.trunkgate, ["check", "--config", "\(fixture.folder)/trunkgate.yaml"])
                #expect(good.status == 0, "\(good)")
                let missing = try await run(Installation.trunkgate, ["check", "--config", "/nonexistent.yaml"])
                #expect(missing.status == 1 && (missing.output + missing.error).contains("/nonexistent.yaml"))
            }
        }

        @Test("commands without a gateway exit 3 with a sentence, wrong usage exits 64")
        func exitCodes() async throws {
            let result = try await run(Installation.trunkgate, ["show", "calls", "--state", "/tmp/no-gateway-here"])
            #expect(result.status == 3 && result.error.contains("/tmp/no-gateway-here"), "\(result)")
            let usage = try await run(Installation.trunkgate, ["show", "colours"])
            #expect(usage.status == 64, "\(usage)")
        }

        @Test("a SIP port in use is named with its owner and nothing is started")
        func portInUse() async throws {
            try await withStoppedFixture { fixture in
                let squatter = try UDPSocket(boundTo: fixture.sipPort)
                try fixture.startGateway()
                let result = try #require(await fixture.gateway?.wait(seconds: 30))
                #expect(result.status == 1, "\(result)")
                #expect(
                    result.error.contains("\(fixture.sipPort)") && result.error.contains("\(getpid())"), "\(result)")
                withExtendedLifetime(squatter) {}
            }
        }
    }
}
