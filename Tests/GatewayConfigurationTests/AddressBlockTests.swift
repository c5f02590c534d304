// SPDX-License-Identifier: GPL-2.0-or-later
import GatewayConfiguration
import LineProtocol
import Testing

@Suite("Blocks of addresses")
struct AddressBlockTests {
    @Test(
        "A block holds the addresses that share its prefix",
        arguments: [
            ("10.0.0.0/8", "10.255.255.255", true), ("10.0.0.0/8", "11.0.0.0", false), ("0.0.0.0/0", "255.1.2.3", true),
            ("192.0.2.1", "192.0.2.1", true), ("192.0.2.1", "192.0.2.0", false),
            ("192.0.2.128/25", "192.0.2.127", false),
            ("2001:db8::/32", "2001:db8:ffff::1", true), ("2001:db8::/32", "2001:db9::", false),
            ("2001:db8::/96", "2001:db8::ffff:ffff", true), ("2001:db8::/96", "2001:db8::1:0:0", false),
            ("::/0", "fe80::1", true), ("::/0", "10.0.0.1", false), ("0.0.0.0/0", "fe80::1", false),
            ("::1", "::1", true), ("::1", "::2", false), ("10.0.0.0/8", "::ffff:10.1.2.3", true),
        ])
    func contains(block: String, address: String, expected: Bool) throws {
        let block = try #require(AddressBlock(text: block))
        #expect(block.contains(try #require(IPAddress(text: address))) == expected)
    }

    @Test(
        "What is no block is refused",
        arguments: [
            "", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/", "/8", "10.0.0/8", "::/129", "1.1.1.1/8/8",
            "host",
        ])
    func refused(text: String) {
        #expect(AddressBlock(text: text) == nil)
    }
}
