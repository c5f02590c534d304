// SPDX-License-Identifier: GPL-2.0-or-later
import Gateway
import SIPMessages
import Testing

@Suite("Registrations of the phones behind the gateway")
struct LocationTableTests {
    private let source = RegistrationSource(transport: "UDP", address: "192.0.2.7", port: 5062)
    private let second: UInt64 = 1_000_000_000

    private func register(
        _ contact: String, expires: String? = nil, callID: String = "a@phone", cSeq: UInt32 = 1, user: String = "alice"
    ) throws -> SIPMessage {
        let text =
            "REGISTER sip:gateway SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.7:5062;branch=z9hG4bK1\r\n"
            + "From: <sip:\(user)@gateway>;tag=1\r\nTo: <sip:\(user)@gateway>\r\nCall-ID: \(callID)\r\n"
            + "CSeq: \(cSeq) REGISTER\r\nMax-Forwards: 70\r\n" + (contact.isEmpty ? "" : "Contact: \(contact)\r\n")
            + (expires.map { "Expires: \($0)\r\n" } ?? "") + "Content-Length: 0\r\n\r\n"
        return try SIPMessage.parse(Array(text.utf8))
    }

    @Test("a registered phone is found by its name until its registration expires")
    func expiry() throws {
        var table = LocationTable()
        let outcome = table.register(try register("<sip:alice@192.0.2.7:5062>", expires: "60"), from: source, now: 0)
        guard case .accepted(let contacts) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(contacts.map(\.seconds) == [60])
        #expect(table.find(user: "alice", now: 59 * second)?.contact.port == 5062)
        #expect(table.find(user: "alice", now: 60 * second) == nil)
        #expect(table.count(now: 61 * second) == 0)
    }

    @Test("an expiry under the shortest gets 423, an older CSeq of the same call 500")
    func refusals() throws {
        var table = LocationTable()
        #expect(table.register(try register("<sip:a@192.0.2.7>;expires=5"), from: source, now: 0) == .tooBrief)
        _ = table.register(try register("<sip:a@192.0.2.7>", cSeq: 7), from: source, now: 0)
        #expect(table.register(try register("<sip:a@192.0.2.7>", cSeq: 6), from: source, now: 0) == .outOfOrder)
        #expect(table.register(try register("*", expires: "60"), from: source, now: 0) == .badRequest)
    }

    @Test("Contact: * with Expires 0 removes every contact, a contact with expires 0 that one")
    func removal() throws {
        var table = LocationTable()
        _ = table.register(try register("<sip:a@192.0.2.7>, <sip:a@192.0.2.8>"), from: source, now: 0)
        #expect(table.count(now: 1) == 2)
        _ = table.register(try register("<sip:a@192.0.2.8>;expires=0", cSeq: 2), from: source, now: 0)
        #expect(table.count(now: 1) == 1)
        _ = table.register(try register("*", expires: "0", cSeq: 3), from: source, now: 0)
        #expect(table.count(now: 1) == 0)
    }

    @Test("a REGISTER without a contact lists what is registered")
    func query() throws {
        var table = LocationTable()
        _ = table.register(try register("<sip:a@192.0.2.7>", expires: "100"), from: source, now: 0)
        guard case .accepted(let contacts) = table.register(try register("", cSeq: 2), from: source, now: 40 * second)
        else {
            Issue.record("refused")
            return
        }
        #expect(contacts.map(\.seconds) == [60])
    }

    @Test("a table that is full refuses strangers and still refreshes those it has")
    func full() throws {
        var table = LocationTable()
        for n in 0..<LocationTable.maximumBindings {
            _ = table.register(try register("<sip:u@192.0.2.7>", user: "u\(n)"), from: source, now: 0)
        }
        #expect(table.register(try register("<sip:u@192.0.2.7>", user: "late"), from: source, now: 0) == .full)
        let again = table.register(try register("<sip:u@192.0.2.7>", cSeq: 2, user: "u1"), from: source, now: 0)
        #expect(again != .full)
    }
}
