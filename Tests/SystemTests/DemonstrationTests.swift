// SPDX-License-Identifier: GPL-2.0-or-later
import Foundation
import Testing

extension SystemTests {
    /// What the README promises of `make demo`.
    @Suite("The demonstration", .serialized)
    struct Demonstration {
        private func environment() throws -> (base: String, values: [String: String]) {
            let base = "/tmp/trunkgate-demo-test-\(getpid())"
            try FileManager.default.createDirectory(atPath: base, withIntermediateDirectories: true)
            return (base, ["TRUNKGATE_DEMO_BASE": base])
        }

        @Test(
            "demo --once places its call, prints the ladder, the round trip and the level, and leaves nothing running")
        func once() async throws {
            let (base, values) = try environment()
            defer { try? FileManager.default.removeItem(atPath: base) }
            let result = try await run(
                Installation.trunkgate, ["demo", "--once", "--sip-port", "16060"], environment: values, seconds: 120)
            #expect(result.status == 0, "\(result)")
            for word in ["INVITE", "SETUP", "CONNECT", "200 OK", "round trip", "level", "0100"] {
                #expect(result.output.contains(word), "\(word) is missing in \(result)")
            }
            #expect(programs(under: base).isEmpty)
        }

        @Test("a phone registers with the demonstration and switch-call rings it")
        func registeredPhone() async throws {
            let (base, values) = try environment()
            defer { try? FileManager.default.removeItem(atPath: base) }
            let demo = try ChildProcess(
                Installation.trunkgate, ["demo", "--sip-port", "16070"], environment: values)
            #expect(await eventually(seconds: 90) { demo.output.contains("Ctrl-C") }, "\(demo.output)\n\(demo.error)")
            let speech = try await Speech.make(in: base)
            let phone = try Baresip(folder: "\(base)/phone", sipPort: 16_075, speech: speech)
            let registered = try phone.register(at: "127.0.0.1:16070", user: "alice", seconds: 60)
            #expect(await eventually { registered.output.contains("200 OK") || registered.error.contains("200 OK") })
            let call = try await run(
                Installation.trunkgate, ["switch-call", "+442071838750", "--state", "\(base)/trunkgate-demo/switch"],
                environment: values, seconds: 60)
            #expect(call.output.contains("answered"), "\(call)\n\(registered.output)")
            registered.signal(SIGTERM)
            _ = await registered.wait(seconds: 20)
            demo.signal(SIGINT)
            let ended = await demo.wait(seconds: 30)
            #expect(ended?.status == 0, "\(String(describing: ended))")
            #expect(programs(under: base).isEmpty)
        }

        @Test("a demonstration started again clears what a killed one left")
        func clearsRemains() async throws {
            let (base, values) = try environment()
            defer { try? FileManager.default.removeItem(atPath: base) }
            let first = try ChildProcess(
                Installation.trunkgate, ["demo", "--sip-port", "16080"], environment: values)
            #expect(
                await eventually(seconds: 90) { first.output.contains("Ctrl-C") }, "\(first.output)\n\(first.error)")
            first.signal(SIGKILL)
            _ = await first.wait(seconds: 10)
            #expect(!programs(under: base).isEmpty)
            let second = try await run(
                Installation.trunkgate, ["demo", "--once", "--sip-port", "16080"], environment: values, seconds: 120)
            #expect(second.status == 0, "\(second)")
            #expect(programs(under: base).isEmpty)
        }

        /// Programs of ours whose command line names the folder.
        private func programs(under base: String) -> [String] {
            let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
            return entries.compactMap(Int32.init).compactMap { pid in
                guard let data = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") else { return nil }
                let line = String(decoding: data, as: UTF8.self).replacingOccurrences(of: "\0", with: " ")
                return line.contains("trunkgate") && line.contains(base) && !line.contains("baresip") ? line : nil
            }
        }
    }
}
