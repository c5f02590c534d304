// SPDX-License-Identifier: GPL-2.0-or-later
import GatewayConfiguration
package import TestCaller

/// What `trunkgate demo` says.
package enum DemonstrationText {
    package static func beginning(_ plan: DemonstrationPlan) -> String {
        """
        A gateway and the telephone exchange it is connected to, both on this machine, joined by an E1 line over UDP
        (RFC 5086, ports \(plan.configuration.gatewayWirePort) and \(plan.configuration.switchWirePort)). No card is needed and nothing is sent elsewhere.

          gateway  trunkgate run --config \(plan.gatewayFile)
          exchange trunkgate switch --config \(plan.switchFile)
          (each starts its own trunkgate-line, which talks to the line)


        """
    }

    package static let beforeCall = """
        Calling 0100 over it, SIP to Q.931 and back: that line answers and sends what it hears back after half a second.
        The half second is meant: it is longer than anything an echo canceller would take away.


        """

    /// What was measured, in two sentences.
    package static func measured(_ report: TestCallReport) -> String {
        guard let echo = report.echo else {
            let level = report.receivedLevelDBm0.map { "something else at \(decimals($0, 1)) dBm0" } ?? "silence"
            return "The audio did not come back: heard was \(level).\n"
        }
        let lost = report.packetsLost == 0 ? "none lost" : "\(report.packetsLost) lost"
        return """
            Measured: round trip \(decimals(echo.roundTripMilliseconds, 1)) ms (500 of them in the exchange), level \(decimals(echo.levelDBm0, 1)) dBm0 (\(signed(echo.gainDecibels)) dB against what was sent).
            \(report.codec), \(report.packetsReceived) RTP packets received, \(report.packetsSent) sent, \(lost).

            """
    }

    /// How to go on with a phone.
    ///
    /// - Parameter program: what `trunkgate` is called where the demonstration was started, so that the commands can be pasted.
    package static func phone(_ plan: DemonstrationPlan, program: String = "trunkgate") -> String {
        let port = plan.configuration.sipPort
        let others =
            plan.configuration.listen == nil
            ? """
            A phone on another machine: end this and start it with --listen ADDRESS --allow NETWORK, for instance
              \(program) demo --listen 192.0.2.1 --allow 192.0.2.0/24
            """
            : "Let in besides this machine: \(plan.configuration.allow.isEmpty ? "nobody (add --allow NETWORK)" : plan.configuration.allow.joined(separator: ", "))"
        return """

            Your turn. In any softphone: server \(plan.phoneAddress), port \(port), UDP or TCP, any user name, no password.
            Then dial

              0100     answers and repeats what you say after half a second
              0101     a 1004 Hz tone at 0 dBm0
              0102     busy
              0103     rings until you give up
              0104     an unallocated number
              0105     press digits, then #: they are sent back as tones
              0106     answers and hangs up after 2 seconds
              0109NNN  is refused with Q.850 cause NNN, for instance 0109034

            In another terminal
              \(program) switch-call 1234   # the exchange rings your phone, once it has registered
              \(program) show calls
              \(program) trace --follow
              \(program) cdr

            \(others)

            Ctrl-C ends it.

            """
    }

    private static func signed(_ value: Double) -> String {
        (value < -0.05 ? "" : "+") + decimals(value, 1)
    }

    /// A number with so many digits after the point; never "-0.0".
    static func decimals(_ value: Double, _ places: Int) -> String {
        guard value.isFinite, abs(value) < 1e12 else { return "?" }
        let scale = (0..<places).reduce(1) { scale, _ in scale * 10 }
        let scaled = Int((abs(value) * Double(scale)).rounded())
        let fraction = String("\(scale + scaled % scale)".dropFirst())
        return (value < 0 && scaled > 0 ? "-" : "") + "\(scaled / scale)" + (places > 0 ? "." + fraction : "")
    }
}
