// SPDX-License-Identifier: GPL-2.0-or-later
import ISDN
import LineProtocol
import Routing

/// Reads `spans:`, which both kinds of configuration have.
struct SpanReader {
    let problems: ProblemList
    /// What is known of each span only after all were read.
    private struct Draft {
        var settings: SpanSettings
        var place: Place
        var local: Located<TransportAddress>?
        var loopPeer: Located<String>?
    }

    private static let keys = [
        "driver", "line", "local", "remote", "packet", "rtp-header", "peer", "law", "switch-type", "role", "hunt",
        "timers", "country-code", "impairment",
    ]

    /// The spans, and where each UDP port they take is written.
    func read(_ top: Section) -> (spans: [SpanSettings], ports: [Located<TransportAddress>]) {
        guard let node = top.node("spans") else {
            top.report(top.place, "there are no `spans`; without a span there is no telephone line")
            return ([], [])
        }
        guard let section = Section(open: node, "`spans`", problems: problems) else { return ([], []) }
        if section.entries.isEmpty { section.report(section.place, "`spans` is empty; name at least one span") }
        var drafts: [Draft] = []
        for (key, value) in section.entries {
            Names.check(key, what: "span", problems: problems)
            guard let span = Section(value, "span \(key.value)", keys: Self.keys, problems: problems) else { continue }
            let id = SpanID(UInt16(truncatingIfNeeded: drafts.count + 1))
            drafts.append(draft(span, Located(value: key.value, place: key.place), id))
        }
        joinLoops(&drafts)
        return (drafts.map(\.settings), drafts.compactMap(\.local))
    }

    private func draft(_ span: Section, _ name: Located<String>, _ id: SpanID) -> Draft {
        let role = span.word("role", [("te", InterfaceRole.te), ("nt", .nt)])
        if !span.has("role") {
            span.report(
                name.place, "\(span.name) lacks `role`; write `role: te` towards a carrier, `role: nt` towards a PBX")
        }
        _ = span.word("switch-type", [("euroisdn", SwitchType.euroISDN)])
        if let line = span.text("line"), line.value != "e1" {
            let instead = line.value == "t1" ? "T1 lines cannot be used yet" : "there is no such line"
            span.report(line.place, "`line` of \(span.name) cannot be `\(line.value)`: \(instead); write `e1`")
        }
        let hunt =
            span.word("hunt", [("lowest", HuntOrder.lowest), ("highest", .highest)])
            ?? (role == .nt ? .lowest : .highest)
        let law = span.word("law", [("alaw", G711Law.aLaw), ("ulaw", .muLaw)]) ?? .aLaw
        var draft = Draft(
            settings: SpanSettings(
                name: TrunkName(name.value),
                configuration: SpanConfiguration(
                    id: id, name: name.value, driver: .loop(peer: id), role: role ?? .te, hunt: hunt, law: law),
                timers: timers(span), countryCode: countryCode(span)),
            place: name.place)
        switch driver(span, name.place) {
        case .pseudowire: pseudowire(span, &draft)
        case .loop: draft.loopPeer = span.required("peer", such: "the other span's name")
        case nil: break
        }
        return draft
    }

    private enum Driver {
        case pseudowire
        case loop
    }

    private func driver(_ span: Section, _ place: Place) -> Driver? {
        guard span.has("driver") else {
            span.report(place, "\(span.name) lacks `driver`; write for instance `driver: pseudowire`")
            return nil
        }
        if let text = span.text("driver"), text.value == "dahdi" {
            span.report(text.place, "`driver` of \(span.name): telephony cards cannot be used yet; write `pseudowire`")
            return nil
        }
        let driver = span.word("driver", [("pseudowire", Driver.pseudowire), ("loop", .loop)])
        let foreign = driver == .loop ? ["local", "remote", "packet", "rtp-header", "impairment"] : ["peer"]
        for (key, _) in span.entries where driver != nil && foreign.contains(key.value) {
            span.report(
                key.place, "`\(key.value)` means nothing to the driver of \(span.name); take it out")
        }
        return driver
    }

    private func pseudowire(_ span: Section, _ draft: inout Draft) {
        let local = span.transportAddress("local", such: "127.0.0.1:61000")
        let remote = span.transportAddress("remote", such: "127.0.0.1:61001")
        draft.local = local
        let packet = span.milliseconds("packet", 1...5, unit: false) ?? 5
        let rtpHeader = span.truth("rtp-header") ?? false
        let impairment = impairment(span)
        guard let local, let remote else { return }
        if local.value == remote.value {
            span.report(
                remote.place, "`remote` of \(span.name) is its own `local`; write the far end's address and port")
        }
        switch (local.value.address, remote.value.address) {
        case (.v4, .v4), (.v6, .v6): break
        case (.v4, .v6), (.v6, .v4):
            span.report(remote.place, "`local` and `remote` of \(span.name) must both be IPv4 or both IPv6")
        }
        draft.settings.configuration.driver = .pseudowire(
            PseudowireConfiguration(
                local: local.value, remote: remote.value, packetMilliseconds: UInt8(truncatingIfNeeded: packet),
                rtpHeader: rtpHeader, impairment: impairment))
    }

    private func impairment(_ span: Section) -> PseudowireImpairment {
        let keys = ["clock-ppm", "loss-permille", "reorder-permille", "delay-ms", "seed"]
        var impairment = PseudowireImpairment()
        guard let section = span.section("impairment", keys: keys) else { return impairment }
        impairment.clockOffsetPpm = Int32(truncatingIfNeeded: section.integer("clock-ppm", -1_000...1_000) ?? 0)
        impairment.lossPermille = UInt16(truncatingIfNeeded: section.integer("loss-permille", 0...1_000) ?? 0)
        impairment.reorderPermille = UInt16(truncatingIfNeeded: section.integer("reorder-permille", 0...1_000) ?? 0)
        impairment.delayMilliseconds = UInt16(truncatingIfNeeded: section.integer("delay-ms", 0...10_000) ?? 0)
        impairment.seed = UInt64(truncatingIfNeeded: section.integer("seed", 0...Int.max) ?? 1)
        return impairment
    }

    private func timers(_ span: Section) -> CallTimers {
        var timers = CallTimers()
        guard let section = span.section("timers", keys: ["t301", "t304", "t310"]) else { return timers }
        func value(_ key: String, _ standard: UInt32) -> UInt32 {
            section.milliseconds(key, 100...3_600_000).map { UInt32(truncatingIfNeeded: $0) } ?? standard
        }
        timers.t301Milliseconds = value("t301", timers.t301Milliseconds)
        timers.t304Milliseconds = value("t304", timers.t304Milliseconds)
        timers.t310Milliseconds = value("t310", timers.t310Milliseconds)
        return timers
    }

    private func countryCode(_ span: Section) -> String? {
        guard let code = span.text("country-code") else { return nil }
        if (1...3).contains(code.value.count), code.value.allSatisfy({ $0.isASCII && $0.isNumber }) {
            return code.value
        }
        span.report(
            code.place,
            "`country-code` of \(span.name) cannot be `\(code.value)`; "
                + "write one to three digits without a plus, such as 44"
        )
        return nil
    }

    /// Loop spans name each other, in opposite roles.
    private func joinLoops(_ drafts: inout [Draft]) {
        for index in drafts.indices {
            guard let peer = drafts[index].loopPeer else { continue }
            let own = drafts[index].settings.configuration
            guard let other = drafts.first(where: { $0.settings.configuration.name == peer.value }),
                let back = other.loopPeer, other.settings.configuration.id != own.id
            else {
                problems.report(
                    peer.place,
                    "`peer` of span \(own.name) is `\(peer.value)`, which is no other span with `driver: loop`")
                continue
            }
            if back.value != own.name {
                problems.report(
                    peer.place, "span \(own.name) names `\(peer.value)` as its peer, but that one names `\(back.value)`"
                )
            } else if other.settings.configuration.role == own.role {
                problems.report(
                    drafts[index].place,
                    "span \(own.name) and its peer `\(peer.value)` have the same role; one must be te, the other nt")
            }
            drafts[index].settings.configuration.driver = .loop(peer: other.settings.configuration.id)
        }
    }
}

/// What spans and trunks may be called.
enum Names {
    static func check(_ name: Located<String>, what: String, problems: ProblemList) {
        let fits = name.value.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
        guard fits, (1...32).contains(name.value.count) else {
            problems.report(
                name.place,
                "a \(what) cannot be called `\(name.value)`; use letters, digits, `-`, `_` and `.`, at most 32 of them")
            return
        }
    }
}
