// SPDX-License-Identifier: GPL-2.0-or-later
import GatewayConfiguration
import TestSupport
import Testing

@Suite("Configuration errors")
struct ConfigurationProblemTests {
    static let span = "  a: {driver: pseudowire, local: \"127.0.0.1:61000\", remote: \"127.0.0.1:61001\", role: te}"
    /// A span and a trunk in lines 1 to 4; tests go on at line 5.
    static let base = "spans:\n\(span)\ntrunks:\n  pbx: {peer: \"sip:192.0.2.1\"}\n"

    static func problems(_ yaml: String) -> [String] {
        do {
            _ = try GatewaySettings(yaml: yaml, file: "f")
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    @Test("The base the other tests stand on is in order")
    func base() {
        #expect(Self.problems(Self.base) == [])
    }

    @Test("Everything wrong is said at once, in the order of the lines")
    func allAtOnce() {
        let said = Self.problems(
            """
            sip:
              listen: ["udp://127.0.0.1:99999"]
            spans:
              carrier-a:
                driver: pseudowir
                local: 127.0.0.1:61000
            routes:
              - {from: carrier-b, number: "+44", to: office}
            colour: blue
            """)
        #expect(
            said.map { String($0.prefix { $0 != " " }) } == [
                "f:2:12:", "f:4:3:", "f:5:13:", "f:8:12:", "f:8:42:", "f:9:1:",
            ])
        #expect(said[1].contains("lacks `role`; write `role: te`"))
        #expect(said[2].contains("cannot be `pseudowir`; did you mean `pseudowire`?"))
        #expect(said[3].contains("`carrier-b`, which is no span or trunk here; did you mean `carrier-a`?"))
        #expect(said[4].contains("`office`, which is no span or trunk here; write `carrier-a`"))
        #expect(said[5].contains("the file has no key `colour`; write `sip`, `rtp`, `spans`"))
    }

    @Test(
        "Every mistake is named with its place and what would be right",
        arguments: [
            ("routs: []", "5:1: the file has no key `routs`; did you mean `routes`?"),
            ("sip: 5", "5:6: `sip` must be a mapping"),
            (
                "sip: {listen: [\"tls://0.0.0.0:5061\"]}",
                "5:16: `listen` of `sip` cannot have `tls://0.0.0.0:5061`; write udp:// or tcp://"
            ),
            ("sip: {listen: [\"udp://host:5060\"]}", "5:16:"), ("sip: {listen: [\"udp://0.0.0.0:0\"]}", "5:16:"),
            ("sip: {listen: [\"udp://0.0.0.0:5060\", \"udp://0.0.0.0:5060\"]}", "5:38: `listen` of `sip` has"),
            ("sip: {listen: [[]]}", "5:16:"), ("sip: {advertise: here}", "5:18:"),
            ("rtp: {ports: 5000}", "5:14: `ports` of `rtp` cannot be `5000`"), ("rtp: {ports: 2000-1000}", "5:14:"),
            ("rtp: {ports: 80-90}", "5:14:"), ("rtp: {ports: 1-99999}", "5:14:"), ("rtp: {jitter: 2h}", "5:15:"),
            (
                "rtp: {jitter: 900ms}",
                "5:15: `jitter` of `rtp` cannot be `900ms`; write a time with its unit, from 0ms to 500ms"
            ),
            ("rtp: {ports: 60999-61005}", "2:34: UDP port 61000 is one of the RTP ports 60999-61005 (line 5)"),
            ("sip: {listen: [\"udp://0.0.0.0:61000\"]}", "2:34: UDP port 61000 is wanted by SIP in line 5 already"),
            ("cdr: {sqlite: }", "5:15: `sqlite` of `cdr` has no value"),
            ("cdr: {sqlit: x}", "5:7: `cdr` has no key `sqlit`; did you mean `sqlite`?"),
            ("state: here", "5:8: `state` cannot be `here`; write a path from the root"),
            ("state: /" + String(repeating: "x", count: 92), "5:8: `state` is too long by 1 octets"),
            (
                "log: {level: loud}",
                "5:14: `level` of `log` cannot be `loud`; write `debug`, `info`, `warning` or `error`"
            ),
            ("routes: {}", "5:9: `routes` must be a list"), ("routes: [5]", "5:10: route 1 must be a mapping"),
            ("routes: [{to: pbx}]", "5:10: route 1 lacks `from`"), ("routes: [{from: a}]", "5:10: route 1 lacks `to`"),
            (
                "routes: [{from: a, to: pbx, number: \"+1\", prefix: \"2\"}]",
                "5:10: route 1 has both `number` and `prefix`"
            ),
            ("routes: [{from: a, to: pbx, number: \"+12-345\"}]", "5:37: `number` of route 1, `+12-345`, is no range"),
            ("routes: [{from: a, to: pbx, prefix: 1x}]", "5:37: `prefix` of route 1, `1x`, has `x` in it"),
            ("routes: [{from: a, to: pbx, strip: -1}]", "5:36:"),
            ("routes: [{from: a, to: pbx, add: \"+44\"}]", "5:34:"),
            (
                "routes: [{from: a, to: pbx, type-of-number: natinal}]",
                "5:45: `type-of-number` of route 1 cannot be `natinal`; did you mean `national`?"
            ),
            ("routes: [{from: pbx, to: [a, pbx]}]", "5:30:"),
            ("routes: [{from: a, to: a}]", "5:24: route 1 sends calls back to where they came from, a"),
            (
                "routes:\n  - {from: a, to: pbx, number: \"100-199\"}\n  - {from: a, to: pbx, number: \"150\"}",
                "7:5: route 2 is for number 150 from a, some of which the route in line 6 has already"
            ),
            (
                "routes:\n  - {from: a, to: pbx}\n  - {from: a, to: pbx, prefix: \"\"}",
                "7:5: route 2 is for every number from a"
            ),
        ])
    func mistakes(yaml: String, expected: String) {
        let said = Self.problems(Self.base + yaml)
        #expect(said.contains { $0.hasPrefix("f:" + expected) }, "\(said)")
    }

    @Test(
        "Mistakes in spans and trunks too",
        arguments: [
            ("", "1:1: the file says nothing"), ("# nothing", "1:1: the file says nothing"),
            ("5", "1:1: the file must be a mapping"),
            ("trunks: {}", "1:1: there are no `spans`"), ("spans:", "1:7: `spans` must be a mapping"),
            ("spans: {}", "1:8: `spans` is empty"),
            ("spans: {a: }", "1:12: span a must be a mapping"),
            ("spans: {\"a b\": {driver: loop}}", "1:9: a span cannot be called `a b`"),
            ("spans: {a: {role: te}}", "1:9: span a lacks `driver`"),
            ("spans: {a: {role: te, driver: dahdi}}", "1:31: `driver` of span a: telephony cards cannot be used yet"),
            ("spans: {a: {role: te, driver: pseudowire, local: \"1.1.1.1:1\"}}", "1:12: span a lacks `remote`"),
            (
                "spans: {a: {role: te, driver: pseudowire, local: \"1.1.1.1\", remote: \"1.1.1.1:1\"}}",
                "1:50: `local` of span a cannot be `1.1.1.1`"
            ),
            (
                "spans: {a: {role: te, driver: pseudowire, local: \"1.1.1.1:1\", remote: \"1.1.1.1:1\"}}",
                "1:71: `remote` of span a is its own `local`"
            ),
            (
                "spans: {a: {role: te, driver: pseudowire, local: \"1.1.1.1:1\", remote: \"[::1]:1\"}}",
                "1:71: `local` and `remote` of span a must both be"
            ),
            ("spans: {a: {role: te, driver: loop, peer: a}}", "1:43: `peer` of span a is `a`, which is no other span"),
            (
                "spans: {a: {role: te, driver: loop, peer: b}, b: {role: te, driver: loop, peer: a}}",
                "1:9: span a and its peer `b` have the same role"
            ),
            (
                "spans: {a: {role: te, driver: loop, peer: b, local: x}, b: {role: nt, driver: loop, peer: a}}",
                "1:46: `local` means nothing to the driver of span a"
            ),
            ("spans: {a: {line: t1}}", "1:19: `line` of span a cannot be `t1`: T1 lines cannot be used yet"),
            ("spans: {a: {rôle: te}}", "1:13: span a has no key `rôle`; did you mean `role`?"),
            ("spans: {a: {role: master}}", "1:19: `role` of span a cannot be `master`; write `te` or `nt`"),
            ("spans: {a: {switch-type: ni2}}", "1:26: `switch-type` of span a cannot be `ni2`; write `euroisdn`"),
            (
                "spans: {a: {timers: {t301: 180}}}",
                "1:28: `t301` of `timers` cannot be `180`; write a time with its unit"
            ),
            ("spans: {a: {timers: {t302: 15s}}}", "1:22: `timers` has no key `t302`; did you mean `t301`?"),
            ("spans: {a: {country-code: +44}}", "1:27: `country-code` of span a"),
            ("spans: {a: {driver: pseudowire, packet: 6}}", "1:41: `packet` of span a cannot be `6`"),
            ("spans: {a: {driver: pseudowire, rtp-header: 7}}", "1:45: `rtp-header` of span a cannot be `7`"),
            (
                "spans: {a: {driver: pseudowire, impairment: {loss-permille: 1001}}}",
                "1:61: `loss-permille` of `impairment`"
            ),
            ("trunks: {t: {}}", "1:10: trunk t lacks `peer`"),
            ("trunks: {t: {register: accept}}", "1:10: trunk t lacks `allow`"),
            ("trunks: {t: {peer: registered}}", "1:20: `peer` of trunk t is `registered`, but nobody may"),
            ("trunks: {t: {peer: \"sip:1.1.1.1\", register: accept}}", "1:20: trunk t has both an address and"),
            (
                "trunks: {t: {peer: \"sip:pbx.example:5060\"}}",
                "1:20: `peer` of trunk t cannot be `sip:pbx.example:5060`; write a SIP URI with an IP address"
            ),
            ("trunks: {t: {peer: \"sip:1.1.1.1;transport=tls\"}}", "1:20:"),
            ("trunks: {t: {peer: \"sips:1.1.1.1\"}}", "1:20:"),
            ("trunks: {t: {peer: \"sip:u@1.1.1.1\"}}", "1:20:"), ("trunks: {t: {peer: \"sip:::1\"}}", "1:20:"),
            (
                "trunks: {t: {peer: \"sip:1.1.1.1\", allow: [1.1.1.1/33]}}",
                "1:43: `allow` of trunk t cannot have `1.1.1.1/33`"
            ),
            (
                "trunks: {t: {peer: \"sip:1.1.1.1\", allow: [10.0.0.1/8]}}",
                "1:43: `10.0.0.1/8` in `allow` of trunk t has bits set beyond its prefix; write 10.0.0.0/8"
            ),
            ("trunks: {t: {peer: \"sip:1.1.1.1\", allow: []}}", "1:42: `allow` of trunk t is empty"),
            (
                "trunks: {t: {peer: \"sip:1.1.1.1\", allow: [1.1.1.1, 1.1.1.1/32]}}",
                "1:52: `1.1.1.1` is allowed twice, here and in trunk t"
            ),
            (
                "trunks: {t: {peer: \"sip:1.1.1.1\", codecs: [pcma, pcma]}}",
                "1:50: `codecs` of trunk t has `pcma` twice"
            ),
            (
                "trunks: {t: {peer: \"sip:1.1.1.1\", codecs: [g729]}}",
                "1:44: `codecs` of trunk t cannot have `g729`; write `pcma` or `pcmu`"
            ),
            ("trunks: {t: {peer: \"sip:1.1.1.1\", codecs: []}}", "1:43: `codecs` of trunk t is empty"),
            (
                "trunks: {t: {peer: \"sip:1.1.1.1\", ptime: 25}}",
                "1:42: `ptime` of trunk t cannot be `25`; write a multiple of 10ms"
            ),
            ("trunks: {t: {peer: \"sip:1.1.1.1\", digits: info}}", "1:43: `digits` of trunk t cannot be `info`"),
            (
                "spans: {t: {role: te, driver: loop}}\ntrunks: {t: {peer: \"sip:1.1.1.1\"}}",
                "2:10: `t` is a span already"
            ),
        ])
    func spansAndTrunks(yaml: String, expected: String) {
        let said = Self.problems(yaml)
        #expect(said.contains { $0.hasPrefix("f:" + expected) }, "\(said)")
    }

    @Test("Two spans on one UDP port are told apart from two on different addresses")
    func sharedPorts() {
        func spans(_ first: String, _ second: String) -> [String] {
            Self.problems(
                """
                spans:
                  a: {driver: pseudowire, local: "\(first)", remote: "10.0.0.9:1", role: te}
                  b: {driver: pseudowire, local: "\(second)", remote: "10.0.0.9:1", role: te}
                """)
        }
        #expect(spans("10.0.0.1:61000", "10.0.0.2:61000") == [])
        #expect(spans("10.0.0.1:61000", "10.0.0.1:61001") == [])
        #expect(
            spans("10.0.0.1:61000", "10.0.0.1:61000")
                == ["f:3:34: UDP port 61000 is wanted by a pseudowire in line 2 already; choose another"])
        #expect(spans("0.0.0.0:61000", "10.0.0.1:61000").count == 1)
    }

    @Test("What is not YAML is said with its place, and a key given twice where it stands the second time")
    func syntax() {
        let said = Self.problems("spans:\n  a: [1, 2\n  b: 3\n")
        #expect(said.count == 1 && said[0].hasPrefix("f:") && said[0].contains("this is not YAML"))
        let twice = Self.problems(Self.base + "rtp: {ports: 20000-20100}\ntrunks: {}\n")
        #expect(twice == ["f:6:1: the key `trunks` is given twice; keep one of the two"])
        let inside = Self.problems("spans:\n  a:\n    role: te\n    line: e1\n    role: nt\n")
        #expect(inside == ["f:5:5: the key `role` is given twice; keep one of the two"])
    }

    @Test("The switch's file knows nothing of SIP")
    func switchSide() {
        #expect(throws: ConfigurationError.self) { try SwitchSettings(yaml: Self.base, file: "f") }
        do {
            _ = try SwitchSettings(yaml: Self.base, file: "f")
        } catch {
            #expect(error.description.hasPrefix("f:3:1: the switch's file has no key `trunks`; write `spans`, `state`"))
        }
    }

    @Test("However a good file is damaged, it is read or refused with a place inside it")
    func damaged() {
        var generator = SplitMix64(seed: 42)
        var refused = 0
        let good = Array(GatewaySettingsTests.contract.utf8)
        for _ in 0..<2_000 {
            var bytes = good
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes[place] = UInt8.random(in: 0x20...0x7E, using: &generator)
                case 1: bytes.remove(at: place)
                default: bytes.removeSubrange(place..<min(bytes.count, place + 40))
                }
            }
            do {
                _ = try GatewaySettings(yaml: String(decoding: bytes, as: UTF8.self), file: "f")
            } catch {
                refused += 1
                #expect(!error.problems.isEmpty)
                #expect(
                    error.problems.allSatisfy {
                        $0.line >= 1 && $0.line <= 25 && $0.column >= 1 && !$0.sentence.isEmpty
                    })
            }
        }
        #expect(refused > 500)
    }
}
