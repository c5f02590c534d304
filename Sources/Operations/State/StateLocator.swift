// SPDX-License-Identifier: GPL-2.0-or-later
import Foundation
import Glibc

/// Where programs keep their state when nobody says where, and where commands look for a running one.
package struct StateLocator: Sendable {
    package var environment: [String: String]
    package var userID: UInt32

    package init(environment: [String: String], userID: UInt32) {
        self.environment = environment
        self.userID = userID
    }

    package static var current: StateLocator {
        StateLocator(environment: ProcessInfo.processInfo.environment, userID: geteuid())
    }

    /// `/run` for root, else `$XDG_RUNTIME_DIR`, else `/tmp/trunkgate-UID`.
    package var base: String {
        if userID == 0 { return "/run" }
        if let runtime = environment["XDG_RUNTIME_DIR"], runtime.hasPrefix("/") { return runtime }
        return "/tmp/trunkgate-\(userID)"
    }

    /// The gateway's folder: what was asked for, else `$TRUNKGATE_STATE`, else `BASE/trunkgate`.
    package func gateway(_ asked: String?) -> StateDirectory {
        StateDirectory(asked ?? named ?? base + "/trunkgate")
    }

    /// The demonstration switch's folder: what was asked for, else `BASE/trunkgate-switch`.
    package func demonstrationSwitch(_ asked: String?) -> StateDirectory {
        StateDirectory(asked ?? base + "/trunkgate-switch")
    }

    /// `$TRUNKGATE_DEMO_BASE` moves it, so that two can be up at once.
    package var demonstrationFolder: String {
        let moved = environment["TRUNKGATE_DEMO_BASE"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        return (moved ?? base) + "/trunkgate-demo"
    }
    package var demonstrationGateway: StateDirectory { StateDirectory(demonstrationFolder + "/gateway") }
    package var demonstrationSwitch: StateDirectory { StateDirectory(demonstrationFolder + "/switch") }

    /// Where a command looks for the gateway, in order. A folder that was named is the only one.
    package func gatewayCandidates(_ asked: String?) -> [StateDirectory] {
        if asked != nil || named != nil { return [gateway(asked)] }
        return [gateway(nil), demonstrationGateway]
    }

    package func switchCandidates(_ asked: String?) -> [StateDirectory] {
        if asked != nil { return [demonstrationSwitch(asked)] }
        return [demonstrationSwitch(nil), demonstrationSwitch]
    }

    private var named: String? {
        environment["TRUNKGATE_STATE"].flatMap { $0.isEmpty ? nil : $0 }
    }
}
