// SPDX-License-Identifier: GPL-2.0-or-later
import LineProtocol
import Routing

extension GatewaySettings {
    /// Reads a configuration. The error holds everything wrong with it; `file` is only for that.
    package init(yaml: String, file: String) throws(ConfigurationError) {
        let problems = ProblemList(file: file)
        let keys = ["sip", "rtp", "spans", "trunks", "routes", "cdr"] + ProcessSettings.keys
        let root = YAMLDocument.root(yaml, problems: problems)
        let top = root.flatMap { Section($0, "the file", keys: keys, problems: problems) }
        let settings = top.map { GatewaySettings($0, problems) }
        if let error = problems.error { throw error }
        guard let settings else {
            throw ConfigurationError(
                problems: [ConfigurationProblem(file: file, line: 1, column: 1, sentence: "the file says nothing")])
        }
        self = settings
    }

    private init(_ top: Section, _ problems: ProblemList) {
        process = ProcessSettings(top)
        let sipSection = top.section("sip", keys: ["listen", "advertise"])
        let listeners = sipSection.map(Self.listeners) ?? []
        let standard = [SIPTransportKind.udp, .tcp].map {
            SIPListener(transport: $0, address: TransportAddress(.v4(0), port: 5060))
        }
        sip = SIPSettings(
            listen: listeners.isEmpty ? standard : listeners.map(\.value),
            advertise: sipSection?.address("advertise")?.value)
        let rtpSection = top.section("rtp", keys: ["ports", "listen", "jitter"])
        let ports = rtpSection.flatMap(Self.portRange)
        rtp = RTPSettings(
            address: rtpSection?.address("listen")?.value ?? Self.commonAddress(sip.listen),
            ports: ports?.value ?? 16_384...32_767,
            jitterMilliseconds: UInt16(
                truncatingIfNeeded: rtpSection?.milliseconds("jitter", 0...500, unit: false) ?? 40))
        let lines = SpanReader(problems: problems).read(top)
        spans = lines.spans
        trunks = TrunkReader(problems: problems).read(top, spans: lines.spans)
        routes = RouteReader(problems: problems, spans: lines.spans, trunks: trunks).read(top)
        let records = top.section("cdr", keys: ["sqlite"])
        callRecordDatabase = records?.text("sqlite")?.value ?? "cdr.db"

        let udp = listeners.filter { $0.value.transport == .udp }
        let sockets =
            udp.map { PortCheck.Socket(what: "SIP", address: $0.value.address, place: $0.place) }
            + lines.ports.map { PortCheck.Socket(what: "a pseudowire", address: $0.value, place: $0.place) }
        PortCheck(problems: problems).check(sockets, rtp: rtp, rtpPlace: ports?.place)
    }

    private static func listeners(_ sip: Section) -> [Located<SIPListener>] {
        var listeners: [Located<SIPListener>] = []
        for text in sip.texts("listen") ?? [] {
            guard let listener = listener(text.value) else {
                sip.report(
                    text.place,
                    "`listen` of `sip` cannot have `\(text.value)`; "
                        + "write udp:// or tcp://, an IP address and a port from "
                        + "1 to 65535, such as udp://0.0.0.0:5060")
                continue
            }
            if listeners.contains(where: { $0.value == listener }) {
                sip.report(text.place, "`listen` of `sip` has `\(text.value)` twice; take one out")
            }
            listeners.append(Located(value: listener, place: text.place))
        }
        return listeners
    }

    private static func listener(_ text: String) -> SIPListener? {
        for transport in SIPTransportKind.allCases where text.hasPrefix(transport.rawValue + "://") {
            let address = TransportAddress(text: String(text.dropFirst(transport.rawValue.count + 3)))
            guard let address, address.port > 0 else { return nil }
            return SIPListener(transport: transport, address: address)
        }
        return nil
    }

    private static func portRange(_ rtp: Section) -> Located<ClosedRange<UInt16>>? {
        guard let text = rtp.text("ports") else { return nil }
        let ends = text.value.split(separator: "-", omittingEmptySubsequences: false).map { UInt16($0) }
        if ends.count == 2, let first = ends[0], let last = ends[1], first >= 1_024, first < last {
            return Located(value: first...last, place: text.place)
        }
        rtp.report(
            text.place,
            "`ports` of `rtp` cannot be `\(text.value)`; "
                + "write the first and the last port, from 1024 to 65535, such as 16384-32767"
        )
        return nil
    }

    /// The one address SIP listens on; with several, every address of the family.
    private static func commonAddress(_ listeners: [SIPListener]) -> IPAddress {
        let addresses = Set(listeners.map(\.address.address))
        if addresses.count == 1, let only = addresses.first { return only }
        let v6 = addresses.contains { if case .v6 = $0 { true } else { false } }
        return v6 ? .v6(0, 0) : .v4(0)
    }
}
