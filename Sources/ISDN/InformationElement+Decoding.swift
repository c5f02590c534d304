// SPDX-License-Identifier: GPL-2.0-or-later

extension InformationElement {
    /// Decodes an element of codeset 0; nil when its contents break the rules of its section, or say what we have no word for.
    static func decode(identifier: UInt8, contents: ArraySlice<UInt8>) -> InformationElement? {
        switch identifier {
        case 0x04: bearer(contents)
        case 0x08: cause(contents)
        case 0x14: contents.first.map { .callState($0 & 0x3F) }
        case 0x18: ChannelIdentification(contents).map(InformationElement.channel)
        case 0x1E: progress(contents)
        case 0x27: contents.first.map { .notification($0 & 0x7F) }
        case 0x28: text(contents).map(InformationElement.display)
        case 0x2C: text(contents).map(InformationElement.keypad)
        case 0x4C: PartyNumber(contents).map(InformationElement.connected)
        case 0x6C: PartyNumber(contents).map(InformationElement.calling)
        case 0x70: PartyNumber(contents).map(InformationElement.called)
        case 0x74: PartyNumber(contents).map(InformationElement.redirecting)
        case 0x79: contents.first.flatMap { RestartClass(rawValue: $0 & 7) }.map(InformationElement.restartIndicator)
        default: nil
        }
    }

    /// The identifiers `decode` knows: with one of these, nil means malformed.
    static func isKnown(_ identifier: UInt8) -> Bool {
        switch identifier {
        case 0x04, 0x08, 0x14, 0x18, 0x1E, 0x27, 0x28, 0x2C, 0x4C, 0x6C, 0x70, 0x74, 0x79: true
        default: false
        }
    }

    /// Section 4.5.5, ITU-T coding. Octet 4.1 follows only a multirate transfer rate.
    private static func bearer(_ contents: ArraySlice<UInt8>) -> InformationElement? {
        var rest = contents
        guard let capability = rest.popFirst(), capability & 0x60 == 0,
            let transfer = TransferCapability(rawValue: capability & 0x1F), let rate = rest.popFirst()
        else { return nil }
        if rate & 0x1F == 0x18 { _ = rest.popFirst() }
        var law: G711Law?
        if let layer1 = rest.first, layer1 & 0x60 == 0x20 {
            law =
                switch layer1 & 0x1F {
                case 2: .muLaw
                case 3: .aLaw
                default: nil
                }
        }
        return .bearer(BearerCapability(transfer: transfer, law: law))
    }

    /// Q.850 section 2.1: octet 3a is there when octet 3 does not close.
    private static func cause(_ contents: ArraySlice<UInt8>) -> InformationElement? {
        var rest = contents
        guard let first = rest.popFirst() else { return nil }
        if first & 0x80 == 0 { _ = rest.popFirst() }
        guard let value = rest.first, let cause = Cause(rawValue: value & 0x7F) else { return nil }
        return .cause(cause, CauseLocation(rawValue: first & 0x0F))
    }

    /// Section 4.5.23.
    private static func progress(_ contents: ArraySlice<UInt8>) -> InformationElement? {
        var rest = contents
        guard let first = rest.popFirst(), let location = CauseLocation(rawValue: first & 0x0F),
            let second = rest.popFirst(), let description = ProgressDescription(rawValue: second & 0x7F)
        else { return nil }
        return .progress(ProgressIndicator(description, location: location))
    }

    /// Characters of IA5; a first octet with bit 8 set names a character set, as some networks send it in Display.
    private static func text(_ contents: ArraySlice<UInt8>) -> String? {
        var rest = contents
        if let first = rest.first, first & 0x80 != 0 { rest.removeFirst() }
        return printable(rest)
    }

    /// Nil when an octet is no printable character of IA5.
    static func printable(_ octets: ArraySlice<UInt8>) -> String? {
        guard octets.allSatisfy({ (0x20...0x7E).contains($0) }) else { return nil }
        return String(decoding: octets, as: UTF8.self)
    }
}

extension PartyNumber {
    /// Sections 4.5.8 and 4.5.10: octet 3, up to two more while the extension bit is clear, then the digits.
    fileprivate init?(_ contents: ArraySlice<UInt8>) {
        var rest = contents
        guard let first = rest.popFirst() else { return nil }
        var presentation = Presentation.allowed
        var screening = Screening.userProvidedNotScreened
        if first & 0x80 == 0 {
            guard var octet = rest.popFirst() else { return nil }
            // The reserved value 3 hides the number: what may be secret is treated so.
            presentation = Presentation(rawValue: octet >> 5 & 3) ?? .restricted
            screening = Screening(rawValue: octet & 3) ?? .userProvidedNotScreened
            while octet & 0x80 == 0 {
                guard let next = rest.popFirst() else { return nil }
                octet = next
            }
        }
        guard let digits = InformationElement.printable(rest) else { return nil }
        self.init(
            digits: digits, type: TypeOfNumber(rawValue: first >> 4 & 7) ?? .unknown,
            plan: NumberingPlan(rawValue: first & 0x0F) ?? .unknown, presentation: presentation, screening: screening)
    }
}

extension ChannelIdentification {
    /// Section 4.5.13: octet 3, the interface when it says so, then channel numbers or an E1 slot map of four octets.
    fileprivate init?(_ contents: ArraySlice<UInt8>) {
        var rest = contents
        guard let first = rest.popFirst() else { return nil }
        exclusive = first & 0x08 != 0
        interface = nil
        if first & 0x40 != 0 {
            guard var octet = rest.popFirst() else { return nil }
            interface = octet & 0x7F
            while octet & 0x80 == 0 {
                guard let next = rest.popFirst() else { return nil }
                octet = next
            }
        }
        let choice = first & 0x03
        if choice == 0 || choice == 3 {
            selection = choice == 0 ? .none : .any
            return
        }
        guard first & 0x20 != 0 else {
            selection = .basicRate(choice)
            return
        }
        guard choice == 1 else { return nil }
        guard let format = rest.popFirst() else {
            selection = .timeslots([])
            return
        }
        let numbers =
            format & 0x10 != 0 ? PrimaryRateE1.timeslots(inMap: rest) : PrimaryRateE1.timeslots(inNumbers: rest)
        guard let numbers else { return nil }
        selection = .timeslots(numbers)
    }
}

extension PrimaryRateE1 {
    /// A slot map: bit 8 of the first octet is timeslot 31, bit 1 of the fourth timeslot 0 (figure 4-18).
    fileprivate static func timeslots(inMap octets: ArraySlice<UInt8>) -> [UInt8]? {
        guard octets.count == 4 else { return nil }
        let map = octets.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        let slots = timeslots.filter { map >> UInt32($0) & 1 != 0 }
        return slots.isEmpty || map & 1 != 0 ? nil : slots
    }

    /// Channel numbers, the last with bit 8 set; that it is missing from the only one is forgiven.
    fileprivate static func timeslots(inNumbers octets: ArraySlice<UInt8>) -> [UInt8]? {
        var slots: [UInt8] = []
        for octet in octets {
            guard timeslots.contains(octet & 0x7F) else { return nil }
            slots.append(octet & 0x7F)
            if octet & 0x80 != 0 { break }
        }
        return slots.isEmpty ? nil : slots.sorted()
    }
}
