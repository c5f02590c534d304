// SPDX-License-Identifier: GPL-2.0-or-later
import ISDN
import Line
import LineProtocol
import Testing
import TestSupport

@Suite("Line session: random walks")
struct SessionWalkTests {
    /// A few legs and endpoints, so that what is said often means something.
    static func command(_ random: inout SplitMix64, epoch: UInt32) -> LineCommand {
        let leg = LegID(
            epoch: UInt32.random(in: 0...max(1, epoch), using: &random), counter: .random(in: 0...3, using: &random))
        let endpoint = EndpointID(.random(in: 0...4, using: &random))
        switch Int.random(in: 0..<16, using: &random) {
        case 0: return .hello(versions: [1], epoch: epoch &+ .random(in: 0...2, using: &random))
        case 1, 2: return .attach(lastEvent: .random(in: 0...200, using: &random))
        case 3: return .acknowledge(event: .random(in: 0...200, using: &random))
        case 4: return .memo(leg, Array(repeating: 1, count: .random(in: 0...9_000, using: &random)))
        case 5: return .detach
        case 6, 7, 8: return .setup(leg, request)
        case 9: return .send(leg, .connect)
        case 10: return .clear(leg, .userBusy)
        case 11: return .open(endpoint, parameters)
        case 12: return .close(endpoint)
        case 13: return .bridge(.channel(leg), .endpoint(endpoint), .both)
        case 14: return .wantEndpoints(.random(in: 0...9, using: &random))
        default: return .unbridge(.endpoint(endpoint))
        }
    }

    static func event(_ random: inout SplitMix64, epoch: UInt32) -> LineEvent {
        let leg = LegID(
            epoch: UInt32.random(in: 0...max(1, epoch), using: &random), counter: .random(in: 0...3, using: &random))
        let endpoint = EndpointID(.random(in: 0...4, using: &random))
        switch Int.random(in: 0..<9, using: &random) {
        case 0: return .incoming(leg, call)
        case 1: return .received(leg, .connect)
        case 2: return .received(leg, .disconnect(.userBusy, nil))
        case 3, 4: return .ended(leg, EndReport(cause: .userBusy, initiator: .remote))
        case 5:
            return .granted([
                GrantedEndpoint(endpoint: endpoint, port: 1), GrantedEndpoint(endpoint: EndpointID(9), port: 2),
            ])
        case 6: return .channelState(channel, .idle, leg)
        case 7: return .digit(.endpoint(endpoint), digit: 0x31, milliseconds: 1, .inband)
        default: return .refused(.endpoint(endpoint), reason: "no")
        }
    }

    @Test(
        "Whatever happens in whatever order, numbers rise on a lane, and a closed lane hears nothing", arguments: 0..<40
    )
    func walk(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var bench = SessionBench()
        var lanes: [LaneID] = []
        var toldWhenClosed: [LaneID: Int] = [:]
        for step in 0..<1_000 {
            let closedBefore = Set(bench.closed)
            let lane = lanes.randomElement(using: &random)
            switch Int.random(in: 0..<10, using: &random) {
            case 0:
                lanes.append(LaneID(UInt64(step)))
                bench.open(LaneID(UInt64(step)))
            case 1:
                // As a control program does that means it.
                lanes.append(LaneID(UInt64(step)))
                bench.arrive(
                    LaneID(UInt64(step)), epoch: bench.session.epoch + 1, lastEvent: .random(in: 0...9, using: &random))
            case 2...5:
                if let lane { bench.say(Self.command(&random, epoch: bench.session.epoch), on: lane) }
            case 6, 7:
                bench.emit(Self.event(&random, epoch: bench.session.epoch))
            case 8:
                if let lane { bench.close(lane) }
            default:
                bench.pass(seconds: Double.random(in: 0...3, using: &random))
            }
            for lane in Set(bench.closed).subtracting(closedBefore) {
                toldWhenClosed[lane] = bench.heard[lane]?.count ?? 0
            }
            lanes.removeAll { bench.closed.contains($0) }
        }
        for (lane, count) in toldWhenClosed { #expect(bench.heard[lane]?.count ?? 0 == count) }
        for events in bench.heard.values {
            // After each snapshot numbers may begin again below, never within.
            var last: UInt64 = 0
            for event in events {
                if event.event == .snapshotEnd { last = 0 }
                guard event.sequence > 0 else { continue }
                #expect(event.sequence > last)
                last = event.sequence
            }
        }
        #expect(bench.heard.count > 10)
        // Nobody there for an hour: every call has been cleared or is being cleared by its own timers.
        if let lane = bench.session.lane { bench.close(lane) }
        bench.pass(seconds: 3_600)
        #expect(bench.session.nextDeadline(now: bench.now) == nil)
    }
}
