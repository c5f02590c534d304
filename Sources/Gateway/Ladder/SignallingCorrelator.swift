// SPDX-License-Identifier: GPL-2.0-or-later
import ISDN
package import LineProtocol

/// Tells to which call a Q.931 message on a D channel belongs, and what to call it in the ladder.
///
/// Frames come over the bulk lane with a call reference; which leg got which channel comes over the call lane. The SETUP
/// names both call reference and channel, and whichever comes first waits for the other.
package struct SignallingCorrelator {
    private struct Reference: Hashable {
        var span: SpanID
        var value: UInt16
        /// Whether we chose the value: both sides count from 1.
        var ours: Bool
    }

    private struct Conversation {
        var call: UInt32?
        var timeslots: [UInt8] = []
        var waiting: [LadderEntry] = []
    }

    /// An interface has at most this many calls whose SETUP waits for its leg.
    private static let maximumConversations = 4_096

    private var conversations: [Reference: Conversation] = [:]
    private var expected: [ChannelID: UInt32] = [:]

    package init() {}

    /// The ladder's entry for a frame, with its call when that is known; nil for frames that carry no message of a call.
    package mutating func frame(
        _ span: SpanID, named name: String, _ direction: FrameDirection, _ octets: [UInt8], at wallNanoseconds: UInt64
    ) -> LadderEntry? {
        guard let frame = try? LAPDFrame(octets), frame.carriesCallControl,
            let message = try? Q931Message(octets[frame.informationOffset...]), !message.callReference.isGlobal,
            message.callReference.length > 0
        else { return nil }
        let sent = direction == .sent
        let reference = Reference(
            span: span, value: message.callReference.value, ours: sent != message.callReference.toOriginator)
        var entry = LadderEntry(
            call: nil, time: wallNanoseconds, kind: .q931, from: sent ? LadderEntry.gateway : name,
            to: sent ? name : LadderEntry.gateway, label: message.title, detail: message.detail)

        if message.type == .setup { conversations[reference] = nil }
        var conversation = conversations[reference] ?? Conversation()
        if conversation.call == nil, case .timeslots(let slots)? = message.channel?.selection {
            conversation.timeslots = slots
            conversation.call =
                slots.lazy.compactMap { [expected] in
                    expected[ChannelID(span: span, timeslot: $0)]
                }.first
        }
        if let call = conversation.call {
            entry.call = call
            // A binding that arrived first served its purpose; the channel's next SETUP is another call's.
            for slot in conversation.timeslots where expected[ChannelID(span: span, timeslot: slot)] == call {
                expected[ChannelID(span: span, timeslot: slot)] = nil
            }
        } else if conversation.waiting.count < 32 {
            conversation.waiting.append(entry)
        }
        if message.type == .releaseComplete {
            conversations[reference] = nil
        } else if conversations[reference] != nil || conversations.count < Self.maximumConversations {
            conversations[reference] = conversation
        }
        return entry.call == nil ? nil : entry
    }

    /// A call took a channel: what was said on it before is that call's.
    package mutating func bind(_ channel: ChannelID, to call: UInt32) -> [LadderEntry] {
        let found = conversations.first {
            $0.key.span == channel.span && $0.value.call == nil && $0.value.timeslots.contains(channel.timeslot)
        }
        guard let found else {
            expected[channel] = call
            return []
        }
        conversations[found.key]?.call = call
        conversations[found.key]?.waiting = []
        return found.value.waiting.map { entry in
            var entry = entry
            entry.call = call
            return entry
        }
    }

    /// The call is over; a late RELEASE COMPLETE still finds it.
    package mutating func ended(_ call: UInt32) {
        expected = expected.filter { $0.value != call }
    }

    /// The line program died: no call reference means anything any more.
    package mutating func reset() {
        conversations.removeAll()
        expected.removeAll()
    }
}
