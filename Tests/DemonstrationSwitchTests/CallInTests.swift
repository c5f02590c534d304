// SPDX-License-Identifier: GPL-2.0-or-later
import DemonstrationSwitch
import ISDN
import LineProtocol
import Testing

@Suite struct CallInTests {
    private static let channel = ChannelID(span: SpanID(0), timeslot: 1)

    private func makeCall(_ request: CallInRequest = CallInRequest(called: "100"), _ events: CallIn.Event...) -> CallIn
    {
        var call = CallIn(request)
        for event in events { _ = call.handle(event) }
        return call
    }

    private func makeEnd(_ cause: Cause, _ initiator: EndInitiator = .remote) -> EndReport {
        EndReport(cause: cause, location: .user, initiator: initiator)
    }

    @Test("A call that is answered reports each step and plays a tone until the far end hangs up")
    func answered() {
        var call = CallIn(CallInRequest(called: "100"))
        #expect(call.handle(.place) == [.setup])
        #expect(call.handle(.seized(Self.channel)) == [.report(.seized(Self.channel))])
        #expect(call.handle(.received(.proceeding([]))) == [.report(.proceeding)])
        #expect(call.handle(.received(.alerting([]))) == [.report(.ringing)])
        #expect(
            call.handle(.received(.connect))
                == [.report(.answered), .play(.tone(.milliwatt)), .startTimer(milliseconds: 60_000)])
        #expect(call.handle(.received(.disconnect(.normalCallClearing, .user))) == [.stopTimer])
        let end = CallInEnd(cause: .normalCallClearing, location: .user, initiator: .remote, answered: true)
        #expect(call.handle(.ended(makeEnd(.normalCallClearing))) == [.stopTimer, .report(.ended(end))])
    }

    @Test("A file is played once and then the call is cleared, however long it is")
    func file() {
        var call = makeCall(CallInRequest(called: "100", audioFile: "/a.wav"), .place)
        #expect(call.handle(.received(.connect)) == [.report(.answered), .play(.file(path: "/a.wav", repeats: false))])
        #expect(call.handle(.played) == [.report(.played), .stopTimer, .clear(.normalCallClearing)])
    }

    @Test("A time to hang up is kept although the file has ended")
    func fileAndTime() {
        let request = CallInRequest(called: "100", audioFile: "/a.wav", hangUpAfterMilliseconds: 7_000)
        var call = makeCall(request, .place)
        #expect(call.handle(.received(.connect)).last == .startTimer(milliseconds: 7_000))
        #expect(call.handle(.played) == [.report(.played)])
        #expect(call.handle(.timeout) == [.stopTimer, .clear(.normalCallClearing)])
    }

    @Test("A refused call reports its cause and where it came from")
    func refused() {
        var call = makeCall(CallInRequest(called: "100"), .place, .received(.disconnect(.userBusy, .user)))
        let end = CallInEnd(cause: .userBusy, location: .user, initiator: .remote, answered: false)
        #expect(call.handle(.ended(makeEnd(.userBusy))) == [.stopTimer, .report(.ended(end))])
    }

    @Test("A call nobody waits for any more is cleared")
    func abandoned() {
        var call = makeCall(CallInRequest(called: "100"), .place, .received(.alerting([])))
        #expect(call.handle(.abandoned) == [.stopTimer, .clear(.normalCallClearing)])
        #expect(call.handle(.abandoned) == [])
        #expect(call.state == .clearing)
    }

    @Test("A setup the line program refuses ends the call with its reason")
    func setupRefused() {
        var call = makeCall(CallInRequest(called: "100"), .place)
        let end = CallInEnd(cause: .temporaryFailure, initiator: .line, answered: false, reason: "no such span")
        #expect(call.handle(.refused("no such span")) == [.stopTimer, .report(.ended(end))])
    }

    @Test("A file that cannot be played clears the call")
    func fileRefused() {
        var call = makeCall(CallInRequest(called: "100", audioFile: "/none.wav"), .place, .received(.connect))
        #expect(call.handle(.refused("no such file")) == [.stopTimer, .clear(.temporaryFailure)])
    }

    @Test("In every state every event leaves the call whole, it ends once and is reported once")
    func everyStateEveryEvent() {
        let messages: [ReceivedCallMessage] = [
            .setupAcknowledge([]), .proceeding([]), .alerting([]), .progress([], nil), .connect, .connectAcknowledge,
            .disconnect(.normalCallClearing, nil),
        ]
        let events: [CallIn.Event] =
            messages.map { .received($0) } + [
                .place, .seized(Self.channel), .timeout, .played, .abandoned, .refused("x"),
                .ended(makeEnd(.normalCallClearing)),
            ]
        var seen: Set<CallIn> = [makeCall()]
        var fresh = seen
        while !fresh.isEmpty {
            var next: Set<CallIn> = []
            for call in fresh {
                for event in events {
                    var after = call
                    let effects = after.handle(event)
                    let ends = effects.filter { if case .report(.ended) = $0 { true } else { false } }
                    #expect(
                        ends.count == (after.state == .over && call.state != .over ? 1 : 0), "\(call.state) \(event)")
                    if call.state == .over { #expect(after.state == .over && effects.isEmpty) }
                    if call.state == .clearing { #expect(after.state == .clearing || after.state == .over) }
                    if seen.insert(after).inserted { next.insert(after) }
                }
            }
            fresh = next
        }
        #expect(Set(seen.map(\.state)) == Set(CallIn.State.allCases))
    }

    @Test("A number with a plus is international, any other is as it is")
    func numbers() {
        let request = CallInRequest(called: "+44 20 7183-8750", calling: "0789", callingName: "A")
        #expect(request.called.digits == "442071838750")
        #expect(request.called.type == .international)
        #expect(request.calling?.digits == "0789")
        #expect(request.calling?.type == .unknown)
    }
}
