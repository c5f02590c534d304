// SPDX-License-Identifier: GPL-2.0-or-later

extension Q931Message {
    /// The message's name, as on a ladder's arrow: "SETUP".
    package var title: String { type.name ?? "message \(hexadecimal(type.rawValue))" }

    /// What a ladder says beside it: "0402 called 442071838750 (international), channel 17".
    package var detail: String {
        let words = elements.compactMap(\.summary) + flaws.map(\.summary)
        return ([callReference.description] + (words.isEmpty ? [] : [words.joined(separator: ", ")]))
            .joined(separator: " ")
    }

    package var causes: [(cause: Cause, location: CauseLocation?)] {
        elements.compactMap { if case .cause(let cause, let location) = $0 { (cause, location) } else { nil } }
    }

    package var progress: [ProgressIndicator] {
        elements.compactMap { if case .progress(let indicator) = $0 { indicator } else { nil } }
    }

    package var called: PartyNumber? {
        for case .called(let number) in elements { return number }
        return nil
    }

    package var calling: PartyNumber? {
        for case .calling(let number) in elements { return number }
        return nil
    }

    package var channel: ChannelIdentification? {
        for case .channel(let channel) in elements { return channel }
        return nil
    }

    package var sendingComplete: Bool { elements.contains(.sendingComplete) }
}

extension CallReference: CustomStringConvertible {
    /// Hexadecimal, without the flag: both directions of a call show the same.
    package var description: String {
        switch length {
        case 0: "dummy"
        case 1: hexadecimal(UInt8(truncatingIfNeeded: value))
        default: hexadecimal(UInt8(truncatingIfNeeded: value >> 8)) + hexadecimal(UInt8(truncatingIfNeeded: value))
        }
    }
}

extension InformationElement {
    /// A few words, or nil for what a reader of ladders does not miss.
    fileprivate var summary: String? {
        switch self {
        case .sendingComplete: "sending complete"
        case .bearer(let bearer): bearer.transfer == .speech || bearer.transfer == .audio3k1 ? nil : "data"
        case .cause(let cause, let location):
            "cause \(cause)" + (location.map { " (\($0))" } ?? "")
        case .callState(let state): "call state \(state)"
        case .channel(let channel): channel.summary
        case .progress(let indicator): "progress \(indicator.description.rawValue) (\(indicator.description.summary))"
        case .notification(let value): "notification \(value)"
        case .display(let text): "display \"\(text)\""
        case .keypad(let text): "keypad \(text)"
        case .connected(let number): "connected \(number.summary)"
        case .calling(let number): "calling \(number.summary)"
        case .called(let number): "called \(number.summary)"
        case .redirecting(let number): "redirecting \(number.summary)"
        case .restartIndicator(.indicatedChannels): nil
        case .restartIndicator(.singleInterface): "the interface"
        case .restartIndicator(.allInterfaces): "all interfaces"
        case .other: nil
        }
    }
}

extension ChannelIdentification {
    fileprivate var summary: String {
        let what =
            switch selection {
            case .none: "no channel"
            case .any: "any channel"
            case .timeslots([]): "the interface"
            case .timeslots(let slots):
                (slots.count == 1 ? "channel " : "channels ") + slots.map { "\($0)" }.joined(separator: " ")
            case .basicRate(let channel): "channel B\(channel)"
            }
        return exclusive || selection == .none || selection == .any ? what : what + " preferred"
    }
}

extension PartyNumber {
    fileprivate var summary: String {
        var text = digits.isEmpty ? "nothing" : digits
        if type != .unknown { text += " (\(type.summary))" }
        switch presentation {
        case .allowed: break
        case .restricted: text += " restricted"
        case .notAvailable: text += " not available"
        }
        return text
    }
}

extension TypeOfNumber {
    fileprivate var summary: String {
        switch self {
        case .unknown: "unknown"
        case .international: "international"
        case .national: "national"
        case .networkSpecific: "network specific"
        case .subscriber: "subscriber"
        case .abbreviated: "abbreviated"
        }
    }
}

extension ProgressDescription {
    fileprivate var summary: String {
        switch self {
        case .notEndToEndISDN: "not end-to-end ISDN"
        case .destinationNotISDN: "destination is not ISDN"
        case .originNotISDN: "origin is not ISDN"
        case .returnedToISDN: "returned to ISDN"
        case .serviceChange: "service change"
        case .inbandInformation: "in-band information"
        }
    }
}

extension Q931Message.Flaw {
    fileprivate var summary: String {
        switch self {
        case .badContents(let identifier): "malformed element \(hexadecimal(identifier))"
        case .runsPastEnd(let identifier): "element \(hexadecimal(identifier)) runs past the end"
        case .badShift(let codeset): "shift back to codeset \(codeset)"
        }
    }
}

/// Two digits, lower case.
private func hexadecimal(_ octet: UInt8) -> String {
    let text = String(octet, radix: 16)
    return text.count == 1 ? "0" + text : text
}
