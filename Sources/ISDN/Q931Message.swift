// SPDX-License-Identifier: GPL-2.0-or-later

/// A message of layer 3 as it lies in an I or UI frame (ITU-T Q.931 section 4), read for the ladder and for tests.
///
/// libpri runs the calls; this decoder says what went over the line, and more of it than libpri reports. It takes whatever
/// comes: what is broken is listed in `flaws` and left out, never guessed.
package struct Q931Message: Hashable, Sendable {
    package var callReference: CallReference
    package var type: Q931MessageType
    /// In the order they came.
    package var elements: [InformationElement]
    package var flaws: [Flaw]

    package enum Refusal: Error, Hashable, Sendable {
        /// Too short for protocol discriminator, call reference and message type.
        case tooShort
        /// Not call control: the discriminator is not 8.
        case otherProtocol(UInt8)
    }

    package enum Flaw: Hashable, Sendable {
        /// The contents of this element break its rules.
        case badContents(identifier: UInt8)
        /// This element says it is longer than what is left of the message.
        case runsPastEnd(identifier: UInt8)
        /// A locking shift to a codeset no higher than the active one (section 4.5.2).
        case badShift(codeset: UInt8)
    }

    /// Reads a message from its protocol discriminator on.
    package init(_ octets: ArraySlice<UInt8>) throws(Refusal) {
        var rest = octets
        guard let discriminator = rest.popFirst() else { throw .tooShort }
        guard discriminator == 0x08 else { throw .otherProtocol(discriminator) }
        guard let lengthOctet = rest.popFirst() else { throw .tooShort }
        let length = Int(lengthOctet & 0x0F)
        guard rest.count > length else { throw .tooShort }
        callReference = CallReference(rest.prefix(length))
        rest = rest.dropFirst(length)
        guard let type = rest.popFirst() else { throw .tooShort }
        self.type = Q931MessageType(rawValue: type & 0x7F)
        elements = []
        flaws = []
        readElements(rest)
    }

    private mutating func readElements(_ octets: ArraySlice<UInt8>) {
        var rest = octets
        var locked: UInt8 = 0
        var once: UInt8?
        while let identifier = rest.popFirst() {
            let codeset = once ?? locked
            if identifier & 0xF0 == 0x90 {
                let shifted = identifier & 0x07
                once = nil
                if identifier & 0x08 != 0 {
                    once = shifted
                } else if shifted > locked {
                    locked = shifted
                } else {
                    flaws.append(.badShift(codeset: shifted))
                }
                continue
            }
            once = nil
            if identifier & 0x80 != 0 {
                let sendingComplete = codeset == 0 && identifier == 0xA1
                elements.append(
                    sendingComplete
                        ? .sendingComplete : .other(codeset: codeset, identifier: identifier, contents: []))
                continue
            }
            guard let length = rest.popFirst(), rest.count >= Int(length) else {
                flaws.append(.runsPastEnd(identifier: identifier))
                return
            }
            let contents = rest.prefix(Int(length))
            rest = rest.dropFirst(Int(length))
            // An empty element counts as absent (section 4.5.1).
            if contents.isEmpty { continue }
            append(identifier: identifier, codeset: codeset, contents: contents)
        }
    }

    private mutating func append(identifier: UInt8, codeset: UInt8, contents: ArraySlice<UInt8>) {
        if codeset == 0, let element = InformationElement.decode(identifier: identifier, contents: contents) {
            elements.append(element)
            return
        }
        if codeset == 0, InformationElement.isKnown(identifier) {
            flaws.append(.badContents(identifier: identifier))
        }
        elements.append(.other(codeset: codeset, identifier: identifier, contents: Array(contents)))
    }
}

/// The number that names a call on one D channel (Q.931 section 4.3).
package struct CallReference: Hashable, Sendable {
    /// Without the flag. Values of more than two octets, which no standard has, keep their last two.
    package var value: UInt16
    /// The flag bit: the message goes to the side that chose the value.
    package var toOriginator: Bool
    /// Octets: 2 on a primary rate, 1 on a basic rate, 0 for the dummy call reference.
    package var length: UInt8

    package init(value: UInt16, toOriginator: Bool, length: UInt8 = 2) {
        self.value = value
        self.toOriginator = toOriginator
        self.length = length
    }

    fileprivate init(_ octets: ArraySlice<UInt8>) {
        length = UInt8(truncatingIfNeeded: octets.count)
        toOriginator = (octets.first ?? 0) & 0x80 != 0
        var digits = Array(octets)
        if !digits.isEmpty { digits[0] &= 0x7F }
        value = digits.reduce(0) { $0 << 8 | UInt16($1) }
    }

    /// Value 0 of the right length: RESTART and what belongs to the interface, not to a call.
    package var isGlobal: Bool { length > 0 && value == 0 }
}
