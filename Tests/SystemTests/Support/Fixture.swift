// SPDX-License-Identifier: GPL-2.0-or-later
import Foundation
import Synchronization
import Testing

/// A gateway and a demonstration switch, two programs each, on one pseudowire E1; ports and folders of their own.
final class Fixture {
    struct Options {
        var gatewayHunt = "highest"
        var switchHunt = "lowest"
        var law = "alaw"
        var codecs = "[pcma, pcmu]"
        var timers = ""
        var startSwitch = true
    }

    let folder: String
    let sipPort: Int
    let peerPort: Int
    let options: Options
    private let wire: (gateway: Int, far: Int)
    private let rtp: ClosedRange<Int>
    private(set) var gateway: ChildProcess?
    private(set) var farSwitch: ChildProcess?

    private static let made = Atomic(0)

    init(_ options: Options = Options()) throws {
        let n = Fixture.made.add(1, ordering: .relaxed).newValue
        self.options = options
        folder = "/tmp/trunkgate-test-\(getpid())-\(n)"
        sipPort = 15_060 + n * 10
        peerPort = sipPort + 1
        wire = (62_000 + n * 4, 62_000 + n * 4 + 1)
        rtp = (17_000 + n * 200)...(17_000 + n * 200 + 199)
        for part in ["gateway", "switch", "peer"] {
            try FileManager.default.createDirectory(atPath: "\(folder)/\(part)", withIntermediateDirectories: true)
        }
        try gatewayConfiguration.write(toFile: "\(folder)/trunkgate.yaml", atomically: true, encoding: .utf8)
        try switchConfiguration.write(toFile: "\(folder)/switch.yaml", atomically: true, encoding: .utf8)
    }

    var rtpPorts: ClosedRange<Int> { rtp }
    var gatewayWirePort: Int { wire.gateway }
    var gatewayState: String { "\(folder)/gateway" }
    var switchState: String { "\(folder)/switch" }

    private var gatewayConfiguration: String {
        """
        state: \(gatewayState)
        sip:
          listen: ["udp://127.0.0.1:\(sipPort)", "tcp://127.0.0.1:\(sipPort)"]
        rtp: {ports: \(rtp.lowerBound)-\(rtp.upperBound)}
        spans:
          carrier-a:
            driver: pseudowire
            line: e1
            local: 127.0.0.1:\(wire.gateway)
            remote: 127.0.0.1:\(wire.far)
            switch-type: euroisdn
            role: te
            hunt: \(options.gatewayHunt)
            law: \(options.law)
        \(options.timers)
        trunks:
          office-pbx:
            peer: sip:127.0.0.1:\(peerPort)
            allow: [127.0.0.0/8]
            codecs: \(options.codecs)
        routes:
          - {from: carrier-a, number: "+442071838700-99", to: office-pbx}
          - {from: office-pbx, prefix: "9", strip: 1, type-of-number: national, to: carrier-a}
          - {from: office-pbx, prefix: "0", to: carrier-a}
        cdr: {sqlite: cdr.db}

        """
    }

    private var switchConfiguration: String {
        """
        state: \(switchState)
        spans:
          subscriber:
            driver: pseudowire
            line: e1
            local: 127.0.0.1:\(wire.far)
            remote: 127.0.0.1:\(wire.gateway)
            switch-type: euroisdn
            role: nt
            hunt: \(options.switchHunt)
            law: \(options.law)

        """
    }

    /// Starts both ends and waits until the span can carry calls.
    func start() async throws {
        if options.startSwitch { try startSwitch() }
        try startGateway()
        try await waitInService()
    }

    func startGateway() throws {
        gateway = try ChildProcess(Installation.trunkgate, ["run", "--config", "\(folder)/trunkgate.yaml"])
    }

    func startSwitch() throws {
        farSwitch = try ChildProcess(Installation.trunkgate, ["switch", "--config", "\(folder)/switch.yaml"])
    }

    func waitInService() async throws {
        let up = await eventually(seconds: 60) {
            let ends = options.startSwitch ? [gatewayState, switchState] : [gatewayState]
            for state in ends where try await self.show("spans", state).first?["layer3"] as? String != "up" {
                return false
            }
            return true
        }
        try #require(up, "the span did not come into service:\n\(gateway?.error ?? "")\n\(farSwitch?.error ?? "")")
    }

    /// Ends everything this fixture started.
    func stop() async {
        await gateway?.stop()
        await farSwitch?.stop()
        for state in [gatewayState, switchState] { killLineProgram(state) }
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// The line program that serves a state directory, by its command line.
    func linePid(_ state: String) -> Int32? {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return entries.compactMap(Int32.init).first { pid in
            guard let data = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") else { return false }
            let words = String(decoding: data, as: UTF8.self).split(separator: "\0").map(String.init)
            return words.first?.hasSuffix("trunkgate-line") == true && words.contains(state)
        }
    }

    func killLineProgram(_ state: String) {
        if let pid = linePid(state) { kill(pid, SIGKILL) }
    }

    /// A command of the gateway's own.
    func trunkgate(_ arguments: String..., seconds: Double = 30) async throws -> CommandResult {
        try await run(Installation.trunkgate, arguments + ["--state", gatewayState], seconds: seconds)
    }

    func show(_ what: String, _ state: String? = nil) async throws -> [[String: Any]] {
        let result = try await run(
            Installation.trunkgate, ["show", what, "--json", "--state", state ?? gatewayState], seconds: 30)
        guard result.status == 0 else { return [] }
        return try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: Any]] ?? []
    }

    func counter(_ name: String) async throws -> Int {
        try await show("counters").first { $0["name"] as? String == name }?["value"] as? Int ?? -1
    }

    func callRecords() async throws -> [[String: Any]] {
        let result = try await trunkgate("cdr", "--format", "json")
        guard result.status == 0 else { return [] }
        return try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: Any]] ?? []
    }

    /// Nothing is left of any call: no call, and every channel idle.
    func settled(seconds: Double = 30) async -> Bool {
        let idle = await eventually(seconds: seconds) {
            let calls = try await self.show("calls")
            let channels = try await self.show("channels")
            return calls.isEmpty && !channels.isEmpty && channels.allSatisfy { $0["state"] as? String == "idle" }
        }
        // The last call's record is on its way to the disk.
        try? await Task.sleep(for: .milliseconds(500))
        return idle
    }

    /// A call from the switch to a number of the gateway's.
    func switchCall(_ number: String, _ more: String...) throws -> ChildProcess {
        try ChildProcess(Installation.trunkgate, ["switch-call", number, "--state", switchState] + more)
    }
}
