// SPDX-License-Identifier: GPL-2.0-or-later
import ISDN
import LineProtocol
import PRI
import Testing

@Suite struct ChannelTableTests {
    private func leg(_ n: UInt32) -> LegID { LegID(epoch: 1, counter: n) }

    @Test("hunting takes every B channel once, from its end, and never timeslot 16", arguments: HuntOrder.allCases)
    func hunting(order: HuntOrder) {
        var table = ChannelTable()
        #expect(table.free(order) == nil)
        table.isUp = true
        var taken: [UInt8] = []
        while let timeslot = table.free(order) {
            table.take(timeslot, for: leg(UInt32(taken.count)))
            taken.append(timeslot)
        }
        #expect(taken == (order == .lowest ? PrimaryRateE1.bChannels : PrimaryRateE1.bChannels.reversed()))
        table.release(20, by: leg(99))
        #expect(table.free(order) == nil)
        table.release(taken[4], by: leg(4))
        #expect(table.free(order) == taken[4])
    }

    @Test("channels are restarted one after another, those in use left out, and a call on one saves it")
    func restarts() {
        var table = ChannelTable()
        table.isUp = true
        table.take(3, for: leg(1))
        table.requestRestart(of: PrimaryRateE1.bChannels)
        table.requestRestart(of: PrimaryRateE1.bChannels)
        #expect(table.state(of: 4) == .restarting)
        #expect(table.nextRestart() == 1)
        #expect(table.nextRestart() == nil)
        table.restarted(9)
        #expect(table.restarting == 1)
        table.restarted(1)
        #expect(table.state(of: 1) == .idle)
        table.take(5, for: leg(2))
        var order: [UInt8] = []
        while let timeslot = table.nextRestart() {
            order.append(timeslot)
            table.restarted(timeslot)
        }
        #expect(order == PrimaryRateE1.bChannels.filter { ![1, 3, 5].contains($0) })
        #expect(!table.isRestarting)
    }

    @Test("an outage in the midst of a restart begins that channel's again, giving up frees all")
    func suspended() {
        var table = ChannelTable()
        table.isUp = true
        table.requestRestart(of: [7, 8])
        #expect(table.nextRestart() == 7)
        table.suspendRestarts()
        table.isUp = false
        #expect(table.nextRestart() == nil)
        #expect(table.state(of: 7) == .unavailable)
        table.isUp = true
        #expect(table.nextRestart() == 7)
        table.abandonRestarts()
        #expect(table.state(of: 7) == .idle)
        #expect(table.state(of: 8) == .idle)
    }

    @Test("each change is told once")
    func changes() {
        var table = ChannelTable()
        #expect(table.changes().count == 30)
        #expect(table.changes().isEmpty)
        table.isUp = true
        table.take(2, for: leg(1))
        #expect(table.changes().count == 30)
        table.set(.connected, of: 2, for: leg(1))
        table.set(.clearing, of: 2, for: leg(9))
        let changes = table.changes()
        #expect(changes.map(\.timeslot) == [2])
        #expect(changes.map(\.state) == [.connected])
        #expect(changes.map(\.leg) == [leg(1)])
    }
}
