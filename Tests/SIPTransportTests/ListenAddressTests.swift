// SPDX-License-Identifier: GPL-2.0-or-later
import SIPTransport
import Testing

@Suite struct ListenAddressTests {
    @Test(
        "A listen address is a transport, an address and perhaps a port",
        arguments: [
            ("udp://0.0.0.0:5060", "udp://0.0.0.0:5060"),
            ("TCP://127.0.0.1", "tcp://127.0.0.1:5060"),
            ("tcp://[::]:5070", "tcp://[::]:5070"),
            ("udp://[2001:db8::1]", "udp://[2001:db8::1]:5060"),
            ("udp://::1", "udp://[::1]:5060"),
            ("udp://127.0.0.1:0", "udp://127.0.0.1:0"),
        ])
    func parses(text: String, expected: String) throws {
        #expect(try #require(ListenAddress(text)).description == expected)
    }

    @Test(
        "What is no listen address is refused",
        arguments: [
            "", "udp", "udp://", "://127.0.0.1:1", "sctp://127.0.0.1:5060", "udp://127.0.0.1:65536", "udp://127.0.0.1:",
            "udp://localhost:5060", "udp://[::1", "udp://[::1]x", "udp://[::1]:-1", "udp://256.0.0.1:5060",
            "127.0.0.1:5060",
        ])
    func refuses(text: String) {
        #expect(ListenAddress(text) == nil)
    }
}
