// SPDX-License-Identifier: GPL-2.0-or-later
package import Foundation
package import Gateway

/// The tables of `trunkgate show`: pure functions of what the gateway answers.
package enum ShowTables {
    package static func calls(_ calls: [CallView], now: UInt64, in zone: TimeZone = .current) -> String {
        guard !calls.isEmpty else { return "no calls\n" }
        var table = TextTable([
            .init("CALL", .right), .init("STATE"), .init("FROM"), .init("CALLER"), .init("TO"), .init("CALLED"),
            .init("CHANNEL"), .init("CODEC"), .init("STARTED"), .init("TALKING", .right),
        ])
        for call in calls {
            table.add([
                "\(call.call)", call.state, call.from, call.caller, call.to, call.called, call.channel, call.codec,
                TimeText.timeOfDay(call.started, in: zone),
                call.answered.map { TimeText.length(from: $0, to: now) } ?? "",
            ])
        }
        return table.text
    }

    package static func spans(_ spans: [SpanView]) -> String {
        guard !spans.isEmpty else { return "no spans: the configuration names none\n" }
        var table = TextTable([
            .init("SPAN"), .init("DRIVER"), .init("ROLE"), .init("LAYER 1"), .init("LAYER 2"), .init("LAYER 3"),
            .init("IDLE", .right), .init("BUSY", .right), .init("IN WORDS"),
        ])
        for span in spans {
            table.add([
                span.name, span.driver, span.role, span.layer1, span.layer2, span.layer3, "\(span.channelsIdle)",
                "\(span.channelsBusy)", span.summary,
            ])
        }
        return table.text
    }

    package static func channels(_ channels: [ChannelView], now: UInt64) -> String {
        guard !channels.isEmpty else { return "no channels: the configuration names no spans\n" }
        var table = TextTable([
            .init("CHANNEL"), .init("STATE"), .init("CALL", .right), .init("FOR", .right),
        ])
        for channel in channels {
            table.add([
                "\(channel.span)/\(channel.timeslot)", channel.state, channel.call.map { "\($0)" } ?? "",
                channel.since == 0 ? "" : TimeText.length(from: channel.since, to: now),
            ])
        }
        return table.text
    }

    /// Those that are 0 are left out unless `all`.
    package static func counters(_ counters: [CounterView], all: Bool) -> String {
        let shown = all ? counters : counters.filter { $0.value > 0 }
        guard !shown.isEmpty else { return "every counter is 0\n" }
        var table = TextTable([.init("COUNTER"), .init("VALUE", .right), .init("COUNTS")])
        for counter in shown { table.add([counter.name, "\(counter.value)", counter.sentence]) }
        return table.text
    }
}
