// SPDX-License-Identifier: GPL-2.0-or-later
import Line
import LineProtocol
import Testing

@Suite("Arguments of trunkgate-line")
struct LineArgumentsTests {
    @Test("The state directory and the level of the log are read")
    func read() {
        guard case .run(let arguments) = LineArguments.parse(["--log-level", "debug", "--state", "/run/x"]) else {
            Issue.record("not taken")
            return
        }
        #expect(arguments.stateDirectory == "/run/x")
        #expect(arguments.logLevel == .debug)
        #expect(LineArguments.parse(["--help"]) == .help)
    }

    @Test(
        "What is wrong is said",
        arguments: [
            ([], "--state DIR is missing"), (["--state"], "--state needs a directory"),
            (["--state", ""], "--state needs a directory"), (["-v"], "-v is not an argument of trunkgate-line"),
            (["--log-level", "loud"], "--log-level needs one of debug, info, warning, error"),
        ])
    func wrong(words: [String], reason: String) {
        #expect(LineArguments.parse(words) == .wrong(reason))
    }
}
