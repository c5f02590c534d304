// SPDX-License-Identifier: GPL-2.0-or-later
import ISDN
import TestSupport
import Testing

@Suite("Q.931 messages")
struct Q931MessageTests {
    static func message(_ frame: [UInt8]) throws -> Q931Message {
        try Q931Message(frame[(try LAPDFrame(frame)).informationOffset...])
    }

    /// A STATUS with call reference 1 and these elements.
    static func elements(_ octets: [UInt8]) throws -> Q931Message {
        try Q931Message([0x08, 0x02, 0x00, 0x01, 0x7D] + octets)
    }

    static let setup: [UInt8] = [
        0x08, 0x02, 0x04, 0x02, 0x05, 0x04, 0x03, 0x80, 0x90, 0xA3, 0x18, 0x03, 0xA9, 0x83, 0x91,
        0x70, 0x0D, 0x91, 0x34, 0x34, 0x32, 0x30, 0x37, 0x31, 0x38, 0x33, 0x38, 0x37, 0x35, 0x30, 0xA1,
    ]

    @Test("A SETUP reads as a line of the ladder")
    func setup() throws {
        let message = try Q931Message(Self.setup[...])
        #expect(message.title == "SETUP")
        #expect(message.detail == "0402 channel 17, called 442071838750 (international), sending complete")
        #expect(message.callReference == CallReference(value: 0x0402, toOriginator: false))
        #expect(message.called == PartyNumber(digits: "442071838750", type: .international))
        #expect(message.channel == ChannelIdentification(selection: .timeslots([17])))
        #expect(message.sendingComplete && message.flaws.isEmpty)
        #expect(message.elements.first == .bearer(BearerCapability(transfer: .speech, law: .aLaw)))
    }

    @Test("The messages of the corpus read as they were sent")
    func corpus() throws {
        let wholes = try FrameCorpus.messages.map { try Q931Message($0[...]) }
        #expect(wholes.map(\.title) == ["SETUP", "PROGRESS", "SETUP", "FACILITY"])
        #expect(wholes.map(\.flaws) == [[], [], [], []])
        #expect(wholes[0].detail == "0022 channel 1 preferred, calling 03012342111 (subscriber)")
        #expect(wholes[1].callReference == CallReference(value: 8, toOriginator: true))
        #expect(wholes[2].called?.digits == "2002" && wholes[2].calling?.digits == "1001")
        let linkbit = try Self.message(FrameCorpus.frames[8])
        #expect(
            linkbit.detail == "0032 channel 5, progress 8 (in-band information), calling 2222205 (national), "
                + "called 1111105 (national), sending complete")
        let setups = FrameCorpus.frames.compactMap { try? Self.message($0) }.filter { $0.type == .setup }
        #expect(setups.count == 4)
        #expect(setups.allSatisfy { $0.called != nil && $0.flaws.isEmpty })
    }

    @Test("Causes come with their location, with and without octet 3a")
    func causes() throws {
        let message = try Self.elements([
            0x08, 0x02, 0x82, 0x91, 0x08, 0x03, 0x00, 0x83, 0xAC, 0x08, 0x04, 0x8A, 0xD8, 1, 2,
        ])
        #expect(
            message.elements == [
                .cause(.userBusy, .publicNetworkLocal), .cause(.requestedCircuitNotAvailable, .user),
                .cause(.incompatibleDestination, .beyondInterworkingPoint),
            ])
        #expect(message.causes.count == 3)
        #expect(
            message.detail.hasPrefix("0001 cause 17 user busy (public network of the local user), cause 44 requested"))
    }

    @Test("Every cause and location is read from its octets")
    func everyCause() throws {
        for cause in Cause.allCases {
            for location in CauseLocation.allCases {
                let message = try Self.elements([0x08, 0x02, 0x80 | location.rawValue, 0x80 | cause.rawValue])
                #expect(message.elements == [.cause(cause, location)])
            }
        }
    }

    @Test("A slot map names the timeslots of its bits, channel numbers their own")
    func channels() throws {
        let map = try Self.elements([0x18, 0x06, 0xA9, 0x93, 0x80, 0x02, 0x00, 0x02])
        #expect(map.channel == ChannelIdentification(selection: .timeslots([1, 17, 31])))
        let numbers = try Self.elements([0x18, 0x04, 0xA1, 0x83, 0x1F, 0x82])
        #expect(numbers.channel == ChannelIdentification(selection: .timeslots([2, 31]), exclusive: false))
        #expect(numbers.detail == "0001 channels 2 31 preferred")
        let unclosed = try Self.elements([0x18, 0x03, 0xA9, 0x83, 0x05])
        #expect(unclosed.channel == ChannelIdentification(selection: .timeslots([5])))
        let interface = try Self.elements([0x18, 0x04, 0xE9, 0x81, 0x83, 0x85])
        #expect(interface.channel == ChannelIdentification(selection: .timeslots([5]), interface: 1))
        #expect(try Self.elements([0x18, 0x01, 0xA3]).channel?.selection == .any)
        #expect(try Self.elements([0x18, 0x01, 0xA8]).channel?.selection == ChannelIdentification.Selection.none)
        #expect(try Self.elements([0x18, 0x01, 0x8A]).channel?.selection == .basicRate(2))
    }

    @Test("Numbers carry type, plan, presentation and screening; the reserved presentation hides the number")
    func numbers() throws {
        let message = try Self.elements([
            0x6C, 0x05, 0x21, 0xA3, 0x31, 0x2A, 0x23, 0x74, 0x05, 0x00, 0x03, 0x8F, 0x39, 0x39,
            0x4C, 0x03, 0x41, 0xE0, 0x37, 0x70, 0x01, 0x80,
        ])
        #expect(
            message.elements == [
                .calling(
                    PartyNumber(
                        digits: "1*#", type: .national, plan: .isdn, presentation: .restricted,
                        screening: .networkProvided)),
                .redirecting(
                    PartyNumber(digits: "99", type: .unknown, plan: .unknown, screening: .networkProvided)),
                .connected(
                    PartyNumber(digits: "7", type: .subscriber, plan: .isdn, presentation: .restricted)),
                .called(PartyNumber(digits: "", type: .unknown, plan: .unknown)),
            ])
    }

    @Test("A restart says what it restarts")
    func restart() throws {
        let message = try Q931Message([0x08, 0x02, 0x00, 0x00, 0x46, 0x18, 0x03, 0xA9, 0x83, 0x83, 0x79, 0x01, 0x80])
        #expect(message.callReference.isGlobal)
        #expect(message.title == "RESTART" && message.detail == "0000 channel 3")
        let interface = try Q931Message([0x08, 0x02, 0x80, 0x00, 0x4E, 0x79, 0x01, 0x87])
        #expect(interface.title == "RESTART ACKNOWLEDGE" && interface.detail == "0000 all interfaces")
    }

    @Test("Shifted elements are kept but not read; a shift for one element holds for one")
    func shifts() throws {
        let once = try Self.elements([0x9E, 0x70, 0x02, 0x80, 0x31, 0x70, 0x02, 0x80, 0x32])
        #expect(once.elements.first == .other(codeset: 6, identifier: 0x70, contents: [0x80, 0x31]))
        #expect(once.called?.digits == "2")
        let locked = try Self.elements([0x96, 0x70, 0x02, 0x80, 0x31, 0xA1, 0x9F, 0xA1, 0x91])
        #expect(
            locked.elements == [
                .other(codeset: 6, identifier: 0x70, contents: [0x80, 0x31]),
                .other(codeset: 6, identifier: 0xA1, contents: []),
                .other(codeset: 7, identifier: 0xA1, contents: []),
            ])
        #expect(locked.flaws == [.badShift(codeset: 1)])
    }

    @Test("An empty element counts as absent, an element that runs past the end ends the message")
    func lengths() throws {
        let message = try Self.elements([0x70, 0x00, 0x08, 0x02, 0x80, 0x90, 0x6C, 0x05, 0x80])
        #expect(message.elements == [.cause(.normalCallClearing, .user)])
        #expect(message.flaws == [.runsPastEnd(identifier: 0x6C)])
        #expect(message.detail.hasSuffix("element 6c runs past the end"))
        #expect(try Self.elements([0x70]).flaws == [.runsPastEnd(identifier: 0x70)])
    }

    @Test(
        "Contents that break their rules are flagged and kept",
        arguments: [
            [0x04, 0x01, 0x80], [0x04, 0x02, 0x81, 0x90], [0x08, 0x01, 0x80], [0x08, 0x02, 0x80, 0x80],
            [0x08, 0x02, 0x00, 0x90], [0x18, 0x03, 0xA9, 0x83, 0xA0], [0x18, 0x04, 0xA9, 0x93, 0, 0],
            [0x18, 0x06, 0xA9, 0x93, 0, 0, 0, 0], [0x18, 0x02, 0xE9, 0x01], [0x1E, 0x02, 0x86, 0x88],
            [0x1E, 0x02, 0x81, 0x89], [0x28, 0x02, 0x41, 0x07], [0x6C, 0x02, 0x21, 0x03], [0x70, 0x02, 0x80, 0xB1],
            [0x79, 0x01, 0x81],
        ] as [[UInt8]])
    func badContents(element: [UInt8]) throws {
        let message = try Self.elements(element)
        #expect(message.flaws == [.badContents(identifier: element[0])])
        #expect(
            message.elements == [.other(codeset: 0, identifier: element[0], contents: Array(element.dropFirst(2)))])
    }

    @Test("Call references of no, one and two octets")
    func callReferences() throws {
        #expect(try Q931Message([0x08, 0x00, 0x7B]).callReference.description == "dummy")
        #expect(try Q931Message([0x08, 0x01, 0x81, 0x0D]).callReference.description == "01")
        #expect(try Q931Message([0x08, 0x02, 0xFF, 0xFF, 0x0D]).callReference.value == 0x7FFF)
        #expect(
            try Q931Message([0x08, 0x0F] + [UInt8](repeating: 0xFF, count: 15) + [0x0D]).callReference.value == 0xFFFF)
    }

    @Test("What is no message of call control is refused for its reason")
    func refusals() {
        #expect(throws: Q931Message.Refusal.tooShort) { try Q931Message([]) }
        #expect(throws: Q931Message.Refusal.tooShort) { try Q931Message([0x08]) }
        #expect(throws: Q931Message.Refusal.tooShort) { try Q931Message([0x08, 0x02, 0x00, 0x01]) }
        #expect(throws: Q931Message.Refusal.tooShort) { try Q931Message([0x08, 0x0F, 0x00, 0x01, 0x05]) }
        #expect(throws: Q931Message.Refusal.otherProtocol(0x43)) { try Q931Message([0x43, 0x02, 0x00, 0x01, 0x05]) }
    }

    @Test("Every message type of Q.931's table has its name, any other its number")
    func names() throws {
        let named = (UInt8.min...0x7F).compactMap { Q931MessageType(rawValue: $0).name }
        #expect(named.count == 33 && Set(named).count == 33)
        #expect(try Q931Message([0x08, 0x00, 0x11]).title == "message 11")
    }

    @Test("A hundred thousand mutilated frames neither trap nor go undescribed")
    func fuzz() {
        var generator = SplitMix64(seed: 0x0931)
        var read = 0
        for _ in 0..<100_000 {
            let octets = FrameCorpus.allFrames.mutilated(using: &generator)
            guard let frame = try? LAPDFrame(octets), let message = try? Self.message(octets) else { continue }
            read += 1
            if frame.title.isEmpty || message.title.isEmpty || message.detail.isEmpty {
                Issue.record("no description of \(octets)")
            }
        }
        #expect(read > 10_000)
    }
}

extension [[UInt8]] {
    /// One of them with octets changed, put in, taken out or cut off.
    func mutilated(using generator: inout SplitMix64) -> [UInt8] {
        var octets = randomElement(using: &generator) ?? []
        for _ in 0..<Int.random(in: 1...4, using: &generator) where !octets.isEmpty {
            let place = Int.random(in: 0..<octets.count, using: &generator)
            switch Int.random(in: 0..<5, using: &generator) {
            case 0: octets[place] = UInt8.random(in: .min ... .max, using: &generator)
            case 1: octets[place] ^= 1 << UInt8.random(in: 0...7, using: &generator)
            case 2: octets.insert(UInt8.random(in: .min ... .max, using: &generator), at: place)
            case 3: octets.remove(at: place)
            default: octets.removeLast(Int.random(in: 0...octets.count - place - 1, using: &generator))
            }
        }
        return octets
    }
}
