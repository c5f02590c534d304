// SPDX-License-Identifier: GPL-2.0-or-later
import Gateway

/// A gateway that says what it was told to.
actor FakeGateway: GatewayOperating {
    var book = LadderBook()
    private(set) var hungUp: [UInt32] = []

    static let call = CallView(
        call: 7, state: "connected", from: "phone", to: "carrier-a", caller: "100", called: "90100",
        channel: "carrier-a/31",
        codec: "PCMA", started: 1_795_000_000_000_000_000, answered: 1_795_000_001_000_000_000)
    static let span = SpanView(
        name: "carrier-a", driver: "pseudowire", role: "te", layer1: "up", layer2: "down", layer3: "down",
        summary: "layer 2 is down: no calls", channelsIdle: 0, channelsBusy: 30)
    static let channel = ChannelView(span: "carrier-a", timeslot: 31, state: "connected", call: 7, since: 5)
    static let counter = CounterView(name: "calls.glare", value: .max, sentence: "glare")

    func write(_ entry: LadderEntry) { book.append(entry) }
    func write(_ message: CapturedMessage) { book.capture(message) }

    func status() -> GatewayStatus {
        GatewayStatus(
            version: "1", processID: 42, started: 1, draining: false, listen: ["udp://127.0.0.1:5060"],
            lineProgram: "attached")
    }

    func calls() -> [CallView] { [FakeGateway.call] }
    func spans() -> [SpanView] { [FakeGateway.span] }
    func channels() -> [ChannelView] { [FakeGateway.channel] }
    func counters() -> [CounterView] { [FakeGateway.counter] }

    func hangup(call: UInt32) -> Bool {
        hungUp.append(call)
        return call == 7
    }

    func ladder(_ selection: LadderSelection, after: UInt64) -> LadderPage { book.page(selection, after: after) }
    func capture(_ selection: LadderSelection) -> [CapturedMessage] { book.messages(selection) }
}
