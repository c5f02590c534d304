// SPDX-License-Identifier: GPL-2.0-or-later
import ISDN
import LineProtocol
import Testing

/// Two built line programs, a call between them, and control programs that come and go.
@Suite("Two line programs over a pseudowire", .serialized, .timeLimit(.minutes(5)))
struct TwoProgramsTests {
    let leg = LegID(epoch: 1, counter: 1)
    let request = SetupRequest(
        spans: [SpanID(1)], called: PartyNumber(digits: "0100"), calling: PartyNumber(digits: "442071838750"))

    /// A call from the user side that the network side has answered. The leg is the network side's.
    func connect(_ pair: LinePair) throws -> LegID {
        try pair.te.send(.setup(leg, request))
        let (far, call) = try pair.nt.wait("the call") { event -> (LegID, IncomingCall)? in
            if case .incoming(let leg, let call) = event { (leg, call) } else { nil }
        }
        #expect(call.called.digits == "0100")
        #expect(call.calling?.digits == "442071838750")
        try pair.nt.send(.send(far, .proceeding([])), .send(far, .alerting([])), .send(far, .connect))
        try pair.te.wait("CONNECT") { if case .received(leg, .connect) = $0 { () } else { nil } }
        return far
    }

    @Test("A call is set up, carries audio to the far side's echo and back, and is cleared with its facts")
    func call() throws {
        let pair = try LinePair()
        let far = try connect(pair)
        let endpoint = try LinePair.granted(pair.te)
        let peer = try SpeechPeer(seed: 1)
        try pair.nt.send(.echo(far, delayMilliseconds: 100))
        try pair.te.send(
            .open(
                endpoint.endpoint,
                EndpointParameters(remote: peer.address, law: .aLaw, sendPayloadType: 8, receivePayloadType: 8)),
            .bridge(.channel(leg), .endpoint(endpoint.endpoint), .both))
        peer.talk(packets: 200, to: endpoint.port)
        // Two blocks of 10 ms in each packet; a busy machine may lose some to concealment.
        #expect(peer.blocksReturned() > 100)
        try pair.te.send(.clear(leg, .normalCallClearing))
        let report = try pair.te.wait("the end") { if case .ended(leg, let report) = $0 { report } else { nil } }
        #expect(report.cause == .normalCallClearing)
        #expect(report.initiator == .control)
        #expect(report.connectedWall != nil)
        #expect(report.media.packetsReceived > 100)
        #expect(report.media.packetsSent > 100)
        let theirs = try pair.nt.wait("their end") { if case .ended(far, let report) = $0 { report } else { nil } }
        #expect(theirs.cause == .normalCallClearing)
        #expect(theirs.initiator == .remote)
        try pair.te.send(.close(endpoint.endpoint))
    }

    @Test("A call outlives its control program: audio goes on, the next one finds leg, memo and endpoint, and ends it")
    func survival() throws {
        var pair = try LinePair()
        let far = try connect(pair)
        let endpoint = try LinePair.granted(pair.te)
        let peer = try SpeechPeer(seed: 2)
        try pair.nt.send(.echo(far, delayMilliseconds: 100))
        try pair.te.send(
            .open(
                endpoint.endpoint,
                EndpointParameters(remote: peer.address, law: .aLaw, sendPayloadType: 8, receivePayloadType: 8)),
            .bridge(.channel(leg), .endpoint(endpoint.endpoint), .both), .memo(leg, [4, 5, 6]))
        peer.talk(packets: 20, to: endpoint.port)

        // The control program dies: its socket closes without a word.
        pair.te.die()
        let before = peer.sent.count
        peer.talk(packets: 150, to: endpoint.port)
        #expect(peer.blocksReturned(from: before) > 75)

        pair.te = try LineDriver.attached(pair.ours.directory, epoch: 2)
        let snapshot = pair.te.heard.compactMap { event -> LegSnapshot? in
            if case .legSnapshot(let leg) = event.event { leg } else { nil }
        }
        #expect(snapshot.map(\.leg) == [leg])
        #expect(snapshot.first?.memo == [4, 5, 6])
        #expect(snapshot.first?.connected == true)
        #expect(snapshot.first?.endpoint == endpoint.endpoint)
        let states = pair.te.heard.compactMap { event -> SpanState? in
            if case .spanSnapshot(_, let state) = event.event { state } else { nil }
        }
        #expect(states.map(\.layer3Up) == [true])

        // New endpoints for the new control program; the old unused ones are closed.
        try pair.te.send(.wantEndpoints(2))
        let fresh = try pair.te.wait("new endpoints") { if case .granted(let all) = $0 { all } else { nil } }
        #expect(fresh.count == 2)

        try pair.nt.send(.clear(far, .userBusy))
        let report = try pair.te.wait("the end") { if case .ended(leg, let report) = $0 { report } else { nil } }
        #expect(report.cause == .userBusy)
        #expect(report.initiator == .remote)
        #expect(report.media.packetsReceived > 100)
    }

    @Test(
        "With nobody there a call being set up is cleared with cause 41, a new one held 2 s and refused with cause 42")
    func detached() throws {
        let pair = try LinePair()
        // Nobody answers at the network side: its control program goes as the call comes.
        try pair.te.send(.setup(leg, request))
        try pair.nt.wait("the call") { if case .incoming = $0 { () } else { nil } }
        try pair.nt.send(.detach)
        try pair.nt.waitForEnd()
        let first = try pair.te.wait("the end") { if case .ended(leg, let report) = $0 { report } else { nil } }
        #expect(first.cause == .temporaryFailure)

        let second = LegID(epoch: 1, counter: 2)
        try pair.te.send(.setup(second, request))
        let report = try pair.te.wait("the end") { if case .ended(second, let report) = $0 { report } else { nil } }
        #expect(report.cause == .switchingEquipmentCongestion)

        let nt = try LineDriver.attached(pair.theirs.directory, epoch: 2)
        func nextEnd() throws -> EndReport {
            try nt.wait("their end") { if case .ended(_, let report) = $0 { report } else { nil } }
        }
        let ends = [try nextEnd(), try nextEnd()]
        #expect(ends.map(\.initiator) == [.line, .line])
        #expect(ends.map(\.cause) == [.temporaryFailure, .switchingEquipmentCongestion])
    }

    @Test("D-channel frames go to the bulk lane; a port in use, an unknown endpoint and a changed driver are refused")
    func refusalsAndFrames() throws {
        let pair = try LinePair()
        let bulk = try LineDriver(pair.ours.directory, lane: Lane.bulkSocketName, epoch: 1)
        try bulk.send(.hello(versions: [1], epoch: 1))
        _ = try connect(pair)
        let setup = try bulk.waitForRecord("a SETUP") { record -> [UInt8]? in
            // Q.921 header of an I frame, then protocol discriminator, call reference of 2 octets, message type.
            if case .frame(_, .sent, _, let octets) = record, octets.count > 8, octets[4] == 8, octets[8] == 5 {
                octets
            } else {
                nil
            }
        }
        #expect(setup.count > 20)

        func refusal(_ command: LineCommand) throws -> String {
            try pair.te.send(command)
            return try pair.te.wait("a refusal") { if case .refused(_, let reason) = $0 { reason } else { nil } }
        }
        let (_, taken) = try UDPSocket.bind()
        var second = LinePair.span(taken, 1, .te, .lowest)
        second.id = SpanID(2)
        #expect(try refusal(.configure(second)).contains("\(taken)"))
        #expect(try refusal(.configure(LinePair.span(1, 2, .te, .lowest))).contains("cannot change"))
        let parameters = EndpointParameters(law: .aLaw, sendPayloadType: 8, receivePayloadType: 8)
        #expect(try refusal(.open(EndpointID(9_999), parameters)).contains("9999"))
        #expect(try refusal(.play(.channel(leg), .file(path: "/nowhere.wav", repeats: false))).contains("/nowhere.wav"))
        #expect(try refusal(.setup(LegID(epoch: 9, counter: 1), request)).contains("epoch 1"))
    }
}
