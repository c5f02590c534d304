// SPDX-License-Identifier: GPL-2.0-or-later

/// What an endpoint needs beside its slot; made and freed by the thread that opens and closes it.
struct EndpointMemory: BitwiseCopyable {
    let jitterOctets = Block<UInt8>(repeating: 0, count: JitterBuffer.capacity)
    let jitterFilled = Block<UInt8>(repeating: 0, count: JitterBuffer.capacity)
    /// One tick of audio from RTP, and which of it came.
    let received = Block<UInt8>(repeating: 0, count: 80)
    let present = Block<UInt8>(repeating: 0, count: 80)
    /// One tick of audio towards RTP.
    let sent = Block<UInt8>(repeating: 0, count: 80)
    let samples = Block<Int16>(repeating: 0, count: 80)
    let assembly = Block<UInt8>(repeating: 0, count: 640)
    let facts = Cells(count: EndpointFact.allCases.count)
    var concealer: Concealer

    /// Nil when there is no memory left.
    init?() {
        guard let concealer = Concealer() else { return nil }
        self.concealer = concealer
    }

    func deallocate() {
        jitterOctets.deallocate()
        jitterFilled.deallocate()
        received.deallocate()
        present.deallocate()
        sent.deallocate()
        samples.deallocate()
        assembly.deallocate()
        facts.deallocate()
        concealer.deallocate()
    }
}

/// What a B channel needs beside its slot.
struct ChannelMemory: BitwiseCopyable {
    static var echoCapacity: Int { @_noAllocation @_noLocks get { 8_192 } }

    let samples = Block<Int16>(repeating: 0, count: 80)
    /// One tick of audio towards the endpoint.
    let toEndpoint = Block<UInt8>(repeating: 0, count: 80)
    /// The 20 ms by which audio is held back where digits have a carrier of their own.
    let delay = Block<UInt8>(repeating: 0, count: 160)
    let echo = Block<UInt8>(repeating: 0, count: ChannelMemory.echoCapacity)
    let facts = Cells(count: ChannelFact.allCases.count)
    var detector: DigitDetector

    /// Nil when there is no memory left.
    init?() {
        guard let detector = DigitDetector() else { return nil }
        self.detector = detector
    }

    func deallocate() {
        samples.deallocate()
        toEndpoint.deallocate()
        delay.deallocate()
        echo.deallocate()
        facts.deallocate()
        detector.deallocate()
    }
}

/// What is counted for each endpoint; `MediaFacts` says what each is.
enum EndpointFact: Int, CaseIterable {
    case packetsReceived, packetsSent, packetsLost, packetsLate, packetsDuplicate, packetsReordered
    /// Among the last 64, missing so far: lost unless they still come.
    case packetsMissing
    /// By the packet thread.
    case packetsMalformed
    case concealedSamples, bufferResets, digitsFromRTP
    /// Ticks since a packet came, or since the peer was last on hold.
    case silentTicks
}

enum ChannelFact: Int, CaseIterable {
    case digitsFromLine
}
