// SPDX-License-Identifier: GPL-2.0-or-later
import Gateway
import ISDN
import LineProtocol
import Testing

@Suite("What the gateway knows of its lines")
struct StateTests {
    private static let span = SpanConfiguration(
        id: SpanID(0), name: "carrier-a", driver: .loop(peer: SpanID(1)), role: .te, hunt: .highest)

    @Test("each layer that is down is named by the lowest one", arguments: Layer1State.allCases, [false, true])
    func summaries(layer1: Layer1State, layer2Up: Bool) {
        var board = SpanBoard([Self.span])
        board.spanState(SpanID(0), SpanState(layer1: layer1, layer2Up: layer2Up, layer3Up: layer2Up))
        let view = board.spanViews()[0]
        #expect(view.layer2 == (layer2Up ? "up" : "down"))
        #expect((view.summary == "in service") == (layer1 == .up && layer2Up))
        #expect(view.layer1 == layer1.name)
    }

    @Test("channels are counted by state and forgotten with the line program")
    func channels() {
        var board = SpanBoard([Self.span])
        for (slot, state) in zip(UInt8(1)..., ChannelState.allCases) {
            board.channelState(ChannelID(span: SpanID(0), timeslot: slot), state, nil, at: 5)
        }
        #expect(board.spanViews()[0].channelsIdle == 1)
        #expect(board.spanViews()[0].channelsBusy == 3)
        #expect(board.channelViews { _ in nil }.map(\.state) == ChannelState.allCases.map(\.name))
        board.lineLost()
        #expect(board.channelViews { _ in nil }.isEmpty)
        #expect(board.spanViews()[0].layer1 == "loss-of-signal")
    }

    @Test("endpoints are taken in the order they were granted, each once")
    func endpoints() {
        var pool = EndpointPool(target: 2)
        #expect(pool.take() == nil)
        pool.granted([1, 2].map { GrantedEndpoint(endpoint: EndpointID($0), port: UInt16($0) * 2) })
        #expect(pool.take()?.endpoint == EndpointID(1))
        pool.granted([GrantedEndpoint(endpoint: EndpointID(3), port: 6)])
        #expect(pool.count == 2)
        #expect([pool.take(), pool.take(), pool.take()].map { $0?.port } == [4, 6, nil])
        pool.granted([GrantedEndpoint(endpoint: EndpointID(4), port: 8)])
        pool.reset()
        #expect(pool.take() == nil)
    }
}
