// SPDX-License-Identifier: GPL-2.0-or-later
import DemonstrationSwitch
import ISDN
import LineProtocol
import Testing

/// The whole switch in virtual time.
@Suite struct SwitchBoardTests {
    private let span = SpanID(3)
    private let second: UInt64 = 1_000_000_000

    private func makeBoard() -> SwitchBoard { SwitchBoard(epoch: 5, spans: [span]) }

    private func makeIncoming(_ number: String, timeslot: UInt8 = 1) -> IncomingCall {
        IncomingCall(
            channel: ChannelID(span: span, timeslot: timeslot), bearer: BearerCapability(),
            called: PartyNumber(digits: number), calling: PartyNumber(digits: "555"))
    }

    private func commands(_ outputs: [SwitchBoard.Output]) -> [LineCommand] {
        outputs.compactMap { if case .command(let command) = $0 { command } else { nil } }
    }

    private func progress(_ outputs: [SwitchBoard.Output]) -> [CallInProgress] {
        outputs.compactMap { if case .progress(_, let progress) = $0 { progress } else { nil } }
    }

    @Test("A call to 0100 goes through its steps in time")
    func echo() {
        var board = makeBoard()
        let leg = LegID(epoch: 0, counter: 1)
        #expect(
            commands(board.receive(.incoming(leg, makeIncoming("0100")), now: 10 * second)) == [
                .send(leg, .proceeding([]))
            ])
        #expect(board.nextTimeout == 10 * second + 200_000_000)
        #expect(board.handleTimeout(now: 10 * second + 199_999_999).isEmpty)
        #expect(commands(board.handleTimeout(now: 10 * second + 200_000_000)) == [.send(leg, .alerting([]))])
        #expect(
            commands(board.handleTimeout(now: 10 * second + 700_000_000))
                == [.send(leg, .connect), .echo(leg, delayMilliseconds: 500)])
        #expect(board.nextTimeout == nil)
        _ = board.receive(.received(leg, .disconnect(.normalCallClearing, .user)), now: 20 * second)
        _ = board.receive(.ended(leg, EndReport(cause: .normalCallClearing, initiator: .remote)), now: 20 * second)
        #expect(board.callCount == 0)
    }

    @Test("Thirty calls keep their own time and leave nothing behind")
    func manyCalls() {
        var board = makeBoard()
        let legs = (1...30).map { LegID(epoch: 0, counter: $0) }
        var now: UInt64 = 0
        for leg in legs {
            now += 1_000_000
            _ = board.receive(.incoming(leg, makeIncoming("0106", timeslot: UInt8(leg.counter))), now: now)
        }
        var cleared: [LegID] = []
        while let next = board.nextTimeout {
            #expect(next >= now)
            now = next
            for command in commands(board.handleTimeout(now: now)) {
                guard case .clear(let leg, .normalCallClearing) = command else { continue }
                #expect(now == UInt64(leg.counter) * 1_000_000 + 2_700_000_000)
                cleared.append(leg)
            }
        }
        #expect(cleared == legs)
        for leg in legs {
            _ = board.receive(.ended(leg, EndReport(cause: .normalCallClearing, initiator: .control)), now: now)
        }
        #expect(board.callCount == 0)
    }

    @Test("Digits and their echo go to the call they belong to")
    func digits() {
        var board = makeBoard()
        let legs = [LegID(epoch: 0, counter: 1), LegID(epoch: 0, counter: 2)]
        for leg in legs { _ = board.receive(.incoming(leg, makeIncoming("0105")), now: 0) }
        _ = board.handleTimeout(now: 200_000_000)
        #expect(
            commands(board.handleTimeout(now: 700_000_000))
                == legs.flatMap { [.send($0, .connect), .detectDigits($0, true)] })
        _ = board.receive(.digit(.channel(legs[1]), digit: UInt8(ascii: "7"), milliseconds: 80, .inband), now: second)
        let outputs = board.receive(
            .digit(.channel(legs[1]), digit: UInt8(ascii: "#"), milliseconds: 80, .inband), now: 2 * second)
        #expect(commands(outputs) == [.digits(.channel(legs[1]), "7")])
    }

    @Test("A call in goes out on the switch's spans with a leg of our epoch and tells of its progress")
    func callIn() {
        var board = makeBoard()
        let (leg, outputs) = board.call(CallInRequest(called: "8750", calling: "555", callingName: "Ann"), now: 0)
        #expect(leg == LegID(epoch: 5, counter: 1))
        guard case .setup(leg, let setup) = commands(outputs).first else {
            Issue.record("no setup")
            return
        }
        #expect(setup.spans == [span])
        #expect(setup.called.digits == "8750")
        #expect(setup.callingName == "Ann")
        #expect(progress(board.receive(.received(leg, .alerting([])), now: 1)) == [.ringing])
        let answered = board.receive(.received(leg, .connect), now: second)
        #expect(progress(answered) == [.answered])
        #expect(commands(answered) == [.play(.channel(leg), .tone(.milliwatt))])
        #expect(board.nextTimeout == 61 * second)
        #expect(commands(board.handleTimeout(now: 61 * second)) == [.clear(leg, .normalCallClearing)])
        let ended = board.receive(
            .ended(leg, EndReport(cause: .normalCallClearing, initiator: .control)), now: 62 * second)
        #expect(progress(ended).count == 1)
        #expect(board.callCount == 0)
    }

    @Test("When the line program is lost, everyone who asked for a call is told")
    func lineLost() {
        var board = makeBoard()
        _ = board.call(CallInRequest(called: "1"), now: 0)
        _ = board.receive(.incoming(LegID(epoch: 0, counter: 1), makeIncoming("0100")), now: 0)
        let told = progress(board.lineLost("killed"))
        #expect(
            told == [.ended(CallInEnd(cause: .temporaryFailure, initiator: .line, answered: false, reason: "killed"))])
        #expect(board.callCount == 0)
        #expect(board.nextTimeout == nil)
    }

    @Test("What a switch before us left is cleared, and a SETUP nobody has seen is taken")
    func leftovers() {
        var board = makeBoard()
        let talking = LegID(epoch: 0, counter: 1)
        let ringing = LegID(epoch: 4, counter: 9)
        let answering = LegID(epoch: 0, counter: 2)
        let new = LegID(epoch: 0, counter: 3)
        func snapshot(_ leg: LegID, incoming: Bool, connected: Bool) -> [LineCommand] {
            let snapshot = LegSnapshot(
                leg: leg, incoming: incoming, channel: nil, connected: connected, endpoint: nil, memo: [])
            return commands(board.receive(.legSnapshot(snapshot), now: 0))
        }
        #expect(snapshot(talking, incoming: true, connected: true) == [.clear(talking, .temporaryFailure)])
        #expect(snapshot(ringing, incoming: false, connected: false) == [.clear(ringing, .temporaryFailure)])
        #expect(snapshot(answering, incoming: true, connected: false) == [.clear(answering, .temporaryFailure)])
        #expect(commands(board.receive(.incoming(talking, makeIncoming("0100")), now: 0)) == [])
        #expect(commands(board.receive(.incoming(new, makeIncoming("0100")), now: 0)) == [.send(new, .proceeding([]))])
    }

    @Test("Events about calls it does not know are passed over")
    func unknown() {
        var board = makeBoard()
        let leg = LegID(epoch: 0, counter: 77)
        let events: [LineEvent] = [
            .received(leg, .connect), .digit(.channel(leg), digit: 0x31, milliseconds: 1, .inband),
            .played(.channel(leg)),
            .ended(leg, EndReport(cause: .normalCallClearing, initiator: .remote)), .timerExpired(leg, .t301),
            .seized(leg, ChannelID(span: span, timeslot: 1)), .played(.endpoint(EndpointID(1))), .snapshotEnd,
        ]
        for event in events { #expect(board.receive(event, now: 0).isEmpty) }
    }

    @Test("The last moment of the clock does not overflow")
    func lateClock() {
        var board = makeBoard()
        _ = board.receive(.incoming(LegID(epoch: 0, counter: 1), makeIncoming("0100")), now: .max - 5)
        #expect(board.nextTimeout == .max)
    }

    @Test("The calls are listed with their states, and one that is hung up ends with cause 16")
    func listAndHangUp() {
        var board = makeBoard()
        let leg = LegID(epoch: 0, counter: 7)
        _ = board.receive(.incoming(leg, makeIncoming("0100", timeslot: 31)), now: second)
        _ = board.call(CallInRequest(called: "+442071838750", calling: "02079460018"), now: 2 * second)
        #expect(board.callList.map(\.number) == [1, 2])
        #expect(board.callList.map(\.isIncoming) == [true, false])
        #expect(board.callList.map(\.called) == ["0100", "442071838750"])
        #expect(board.callList.map(\.state) == [.settingUp, .settingUp])
        #expect(board.callList.first?.channel?.timeslot == 31)
        _ = board.handleTimeout(now: 2 * second)
        #expect(board.callList.first?.state == .ringing)
        _ = board.handleTimeout(now: 3 * second)
        #expect(board.callList.first?.state == .connected)

        let first = board.hangUp(1, now: 4 * second)
        #expect(commands(first ?? []) == [.clear(leg, .normalCallClearing)])
        let placed = LegID(epoch: 5, counter: 1)
        let other = board.hangUp(2, now: 4 * second)
        #expect(commands(other ?? []) == [.clear(placed, .normalCallClearing)])
        #expect(board.hangUp(3, now: 4 * second) == nil)
        for leg in [leg, placed] {
            _ = board.receive(.ended(leg, EndReport(cause: .normalCallClearing, initiator: .control)), now: 5 * second)
        }
        #expect(board.callList.isEmpty)
        #expect(board.callCount == 0)
        #expect(board.hangUp(1, now: 5 * second) == nil)
    }
}
