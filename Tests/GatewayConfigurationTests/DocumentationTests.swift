// SPDX-License-Identifier: GPL-2.0-or-later
import Foundation
import GatewayConfiguration
import Routing
import Testing

@Suite("docs/configuration.md")
struct DocumentationTests {
    static func example() throws -> GatewaySettings {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/configuration.md")
        let page = try String(contentsOf: file, encoding: .utf8)
        let opening = try #require(page.range(of: "```yaml\n"))
        let closing = try #require(page[opening.upperBound...].range(of: "```"))
        return try GatewaySettings(
            yaml: String(page[opening.upperBound..<closing.lowerBound]), file: "configuration.md")
    }

    @Test("Its example is in order")
    func inOrder() throws {
        let documented = try Self.example()
        #expect(documented.spans.count == 3 && documented.trunks.count == 2 && documented.routes.routes.count == 3)
    }

    @Test("What it calls the default is what an absent key means")
    func defaults() throws {
        let documented = try Self.example()
        let bare = try GatewaySettings(
            yaml: """
                spans:
                  carrier-a: {driver: pseudowire, local: "127.0.0.1:61000", remote: "127.0.0.1:61001", role: te}
                trunks: {office-pbx: {peer: "sip:192.0.2.10:5060"}}
                """, file: "bare.yaml")
        #expect(bare.sip.listen == documented.sip.listen)
        #expect(bare.rtp.ports == documented.rtp.ports)
        #expect(bare.rtp.jitterMilliseconds == documented.rtp.jitterMilliseconds)
        #expect(bare.spans.first?.configuration == documented.spans.first?.configuration)
        #expect(bare.spans.first?.timers == documented.spans.first?.timers)
        #expect(bare.trunk("office-pbx") == documented.trunk("office-pbx"))
        #expect(bare.callRecordDatabase == documented.callRecordDatabase)
        #expect(bare.process.logLevel == documented.process.logLevel)
    }
}
