// SPDX-License-Identifier: GPL-2.0-or-later
import ISDN
import LineProtocol
import Routing
import Yams

/// Reads `trunks:`.
struct TrunkReader {
    let problems: ProblemList

    private static let keys = ["peer", "allow", "codecs", "ptime", "digits", "register"]

    func read(_ top: Section, spans: [SpanSettings]) -> [SIPTrunk] {
        guard let node = top.node("trunks") else { return [] }
        guard let section = Section(open: node, "`trunks`", problems: problems) else { return [] }
        var trunks: [SIPTrunk] = []
        var owners: [AddressBlock: String] = [:]
        for (key, value) in section.entries {
            Names.check(key, what: "trunk", problems: problems)
            if spans.contains(where: { $0.name.text == key.value }) {
                problems.report(key.place, "`\(key.value)` is a span already; give the trunk another name")
            }
            guard let trunk = Section(value, "trunk \(key.value)", keys: Self.keys, problems: problems) else {
                continue
            }
            trunks.append(read(trunk, key, &owners))
        }
        return trunks
    }

    private func read(
        _ trunk: Section, _ name: Located<String>, _ owners: inout [AddressBlock: String]
    ) -> SIPTrunk {
        let registers = trunk.word("register", [("accept", true)]) ?? false
        let peer = peer(trunk, name.place, registers)
        var allow = allowed(trunk, name.value, &owners)
        if !trunk.has("allow") {
            if case .address(let address, _) = peer {
                allow = [AddressBlock(address.address, prefixLength: 128)]
            } else if peer != nil {
                trunk.report(
                    name.place, "\(trunk.name) lacks `allow`; name who may use it, such as `allow: [192.0.2.0/24]`")
            }
        }
        return SIPTrunk(
            name: TrunkName(name.value), peer: peer ?? .registered, allow: allow, codecs: codecs(trunk),
            packetMilliseconds: packetTime(trunk),
            digits: trunk.word("digits", [("rfc4733", SIPTrunk.DigitCarrier.rfc4733), ("inband", .inband)]) ?? .rfc4733,
            acceptsRegistrations: registers)
    }

    private func peer(_ trunk: Section, _ place: Place, _ registers: Bool) -> SIPTrunk.Peer? {
        guard trunk.has("peer") else {
            if !registers {
                trunk.report(
                    place,
                    "\(trunk.name) lacks `peer`; write for instance `peer: sip:192.0.2.10:5060`, or `register: accept`")
            }
            return registers ? .registered : nil
        }
        guard let text = trunk.text("peer") else { return nil }
        if text.value == "registered" {
            if !registers {
                trunk.report(
                    text.place, "`peer` of \(trunk.name) is `registered`, but nobody may; add `register: accept`")
            }
            return .registered
        }
        if registers {
            trunk.report(
                text.place,
                "\(trunk.name) has both an address and `register: accept`; write `peer: registered` or take one out")
        }
        if let peer = Self.peer(text.value) { return peer }
        trunk.report(
            text.place,
            "`peer` of \(trunk.name) cannot be `\(text.value)`; write a SIP URI with an IP address, such as "
                + "sip:192.0.2.10:5060 or sip:192.0.2.10:5060;transport=tcp")
        return nil
    }

    /// `sip:ADDRESS[:PORT][;transport=udp|tcp]`.
    private static func peer(_ uri: String) -> SIPTrunk.Peer? {
        guard uri.lowercased().hasPrefix("sip:") else { return nil }
        let parts = uri.dropFirst(4).split(separator: ";", omittingEmptySubsequences: false).map(String.init)
        guard let host = parts.first, parts.count <= 2 else { return nil }
        var kind = SIPTransportKind.udp
        if parts.count == 2 {
            let parameter = parts[1].lowercased()
            guard parameter.hasPrefix("transport="),
                let named = SIPTransportKind(rawValue: String(parameter.dropFirst(10)))
            else { return nil }
            kind = named
        }
        if let address = TransportAddress(text: host) { return address.port > 0 ? .address(address, kind) : nil }
        let bare = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
        guard let address = IPAddress(text: bare), bare != host || !bare.contains(":") else { return nil }
        return .address(TransportAddress(address, port: 5060), kind)
    }

    private func allowed(
        _ trunk: Section, _ name: String, _ owners: inout [AddressBlock: String]
    ) -> [AddressBlock] {
        guard let texts = trunk.texts("allow") else { return [] }
        if texts.isEmpty, let node = trunk.node("allow"), node.sequence?.isEmpty == true {
            trunk.report(Place(node), "`allow` of \(trunk.name) is empty; nobody could use the trunk")
        }
        var blocks: [AddressBlock] = []
        for text in texts {
            guard let block = AddressBlock(text: text.value) else {
                trunk.report(
                    text.place,
                    "`allow` of \(trunk.name) cannot have `\(text.value)`; "
                        + "write an address or a block such as 192.0.2.0/24"
                )
                continue
            }
            let alone = text.value.split(separator: "/").first.flatMap { IPAddress(text: String($0)) }
            if alone != block.address {
                trunk.report(
                    text.place,
                    "`\(text.value)` in `allow` of \(trunk.name) has bits set beyond its prefix; write \(block)")
            }
            if let owner = owners[block] {
                trunk.report(
                    text.place,
                    "`\(block)` is allowed twice, here and in trunk \(owner); a caller can belong to one trunk only")
            }
            owners[block] = name
            blocks.append(block)
        }
        return blocks
    }

    private func codecs(_ trunk: Section) -> [G711Law] {
        guard let texts = trunk.texts("codecs") else { return [.aLaw, .muLaw] }
        var codecs: [G711Law] = []
        for text in texts {
            switch text.value.lowercased() {
            case "pcma" where !codecs.contains(.aLaw): codecs.append(.aLaw)
            case "pcmu" where !codecs.contains(.muLaw): codecs.append(.muLaw)
            case "pcma", "pcmu":
                trunk.report(text.place, "`codecs` of \(trunk.name) has `\(text.value)` twice; take one out")
            default:
                let hint = Suggestion.sentence(for: text.value, among: ["pcma", "pcmu"])
                trunk.report(text.place, "`codecs` of \(trunk.name) cannot have `\(text.value)`; \(hint)")
            }
        }
        if texts.isEmpty, let node = trunk.node("codecs"), node.sequence != nil {
            trunk.report(Place(node), "`codecs` of \(trunk.name) is empty; write `[pcma, pcmu]`")
        }
        return codecs.isEmpty ? [.aLaw, .muLaw] : codecs
    }

    private func packetTime(_ trunk: Section) -> UInt8 {
        guard let milliseconds = trunk.milliseconds("ptime", 10...60, unit: false) else { return 20 }
        if milliseconds % 10 == 0 { return UInt8(truncatingIfNeeded: milliseconds) }
        if let text = trunk.text("ptime") {
            trunk.report(
                text.place, "`ptime` of \(trunk.name) cannot be `\(text.value)`; write a multiple of 10ms, such as 20ms"
            )
        }
        return 20
    }
}
