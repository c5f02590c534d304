// SPDX-License-Identifier: GPL-2.0-or-later
import LineProtocol
import Testing

@Suite("Addresses as text")
struct IPAddressTextTests {
    @Test(
        "Addresses are read and written the shortest way",
        arguments: [
            ("192.0.2.1", "192.0.2.1"), ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"), ("::", "::"),
            ("::1", "::1"),
            ("1::", "1::"), ("2001:DB8:0:0:0:0:0:1", "2001:db8::1"), ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
            ("1:0:0:2:0:0:0:3", "1:0:0:2::3"), ("::ffff:192.0.2.1", "::ffff:c000:201"),
            ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
            ("fe80::0001:0", "fe80::1:0"),
        ])
    func addresses(text: String, expected: String) throws {
        let address = try #require(IPAddress(text: text))
        #expect(address.description == expected)
        #expect(IPAddress(text: expected) == address)
    }

    @Test(
        "What is no address is refused",
        arguments: [
            "", "1.2.3", "1.2.3.4.5", "256.1.1.1", "1.2.3.4 ", "+1.2.3.4", "1..2.3", ":", ":::", "1::2::3",
            "1:2:3:4:5:6:7",
            "1:2:3:4:5:6:7:8:9", "12345::", "g::", "1.2.3.4::", "::1%eth0", "[::1]", "1:2:3:4:5:6:7:8::", "٣.1.1.1",
        ])
    func refused(text: String) {
        #expect(IPAddress(text: text) == nil)
    }

    @Test("An address with a port is read and written, IPv6 in brackets")
    func transportAddresses() {
        #expect(TransportAddress(text: "192.0.2.1:5060")?.description == "192.0.2.1:5060")
        #expect(TransportAddress(text: "[2001:db8::1]:0")?.description == "[2001:db8::1]:0")
        for text in [
            "", ":1", "1.2.3.4", "1.2.3.4:", "1.2.3.4:65536", "1.2.3.4:+1", "::1:5060", "[::1]", "[::1:5060",
            "[1.2.3.4",
        ] {
            #expect(TransportAddress(text: text) == nil, "\(text)")
        }
    }
}
