// SPDX-License-Identifier: GPL-2.0-or-later
import Operations
import Testing

@Suite("State directories")
struct StateTests {
    @Test(
        "Where a gateway is looked for",
        arguments: [
            (0, [:], nil, ["/run/trunkgate", "/run/trunkgate-demo/gateway"]),
            (0, ["XDG_RUNTIME_DIR": "/run/user/0"], nil, ["/run/trunkgate", "/run/trunkgate-demo/gateway"]),
            (
                7, ["XDG_RUNTIME_DIR": "/run/user/7"], nil,
                ["/run/user/7/trunkgate", "/run/user/7/trunkgate-demo/gateway"]
            ),
            (7, [:], nil, ["/tmp/trunkgate-7/trunkgate", "/tmp/trunkgate-7/trunkgate-demo/gateway"]),
            (
                7, ["XDG_RUNTIME_DIR": "relative"], nil,
                ["/tmp/trunkgate-7/trunkgate", "/tmp/trunkgate-7/trunkgate-demo/gateway"]
            ),
            (7, ["TRUNKGATE_STATE": "/x"], nil, ["/x"]),
            (
                7, ["TRUNKGATE_STATE": ""], nil,
                ["/tmp/trunkgate-7/trunkgate", "/tmp/trunkgate-7/trunkgate-demo/gateway"]
            ),
            (7, ["TRUNKGATE_STATE": "/x"], "/y/", ["/y"]),
        ] as [(UInt32, [String: String], String?, [String])])
    func gateways(user: UInt32, environment: [String: String], asked: String?, places: [String]) {
        let locator = StateLocator(environment: environment, userID: user)
        #expect(locator.gatewayCandidates(asked).map(\.path) == places)
        #expect(locator.gateway(asked).path == places.first)
    }

    @Test("The switch of a demonstration is found by itself")
    func switches() {
        let locator = StateLocator(environment: ["TRUNKGATE_STATE": "/x"], userID: 0)
        #expect(locator.switchCandidates(nil).map(\.path) == ["/run/trunkgate-switch", "/run/trunkgate-demo/switch"])
        #expect(locator.switchCandidates("/z").map(\.path) == ["/z"])
    }

    @Test("A path too long for a Unix socket is refused with both lengths")
    func tooLong() {
        #expect(StateDirectory("/" + String(repeating: "x", count: 91)).complaint == nil)
        let long = StateDirectory("/" + String(repeating: "x", count: 92))
        #expect(long.complaint?.contains("93 bytes") == true)
        #expect(long.complaint?.contains("at most 92") == true)
        #expect(throws: CommandFailure.self) { try long.create() }
    }

    @Test("Two programs do not share a state directory; the second is told who has it")
    func locked() async throws {
        try await withStateDirectory { directory in
            let first = try StateLock(directory)
            #expect {
                _ = try StateLock(directory)
            } throws: { error in
                "\(error)".contains("is in use by process ")
            }
            extendLifetime(first)
        }
    }

    @Test("A lock ends with its holder")
    func released() async throws {
        try await withStateDirectory { directory in
            _ = try StateLock(directory)
            _ = try StateLock(directory)
        }
    }

    @Test("A state directory that cannot be made is named with the reason")
    func impossible() {
        #expect {
            try StateDirectory("/proc/trunkgate").create()
        } throws: { error in
            "\(error)".contains("/proc/trunkgate") && (error as? CommandFailure)?.exit == .wrong
        }
    }
}
