// SPDX-License-Identifier: GPL-2.0-or-later
package import LineProtocol

extension MediaEngine {
    /// Gives a leg the audio of its B channel. Saying it again for the same channel changes nothing.
    package func openChannel(_ leg: LegID, _ channel: ChannelID) throws(MediaError) {
        if let record = legs[leg] {
            guard record.channel == channel else { throw .legHasChannel(leg, record.channel) }
            return
        }
        guard let span = spans[channel.span] else { throw .unknownSpan(channel.span) }
        guard channel.timeslot > 0, Int(channel.timeslot) <= span.timeslots else { throw .noSuchTimeslot(channel) }
        if let other = legs.first(where: { $0.value.channel == channel })?.key {
            throw .channelInUse(channel, by: other)
        }
        takeNotices()
        guard let memory = ChannelMemory() else { throw .system("no memory for channel \(channel)") }
        guard let reference = channelSlots.take(for: leg, memory: memory, holders: 1) else {
            memory.deallocate()
            throw .noRoom("channel")
        }
        legs[leg] = LegRecord(reference: reference, channel: channel, memory: memory)
        post(.openChannel(reference, span: span.index, timeslot: Int32(channel.timeslot), memory))
    }

    /// Takes the channel's audio from the leg, whatever it was doing, and answers the leg's last facts.
    @discardableResult
    package func closeChannel(_ leg: LegID) throws(MediaError) -> MediaFacts {
        let facts = try facts(leg)
        guard let record = legs.removeValue(forKey: leg) else { throw .unknownLeg(leg) }
        for endpoint in [record.endpoint, record.countedEndpoint] {
            guard let endpoint, endpoints[endpoint]?.open?.leg == leg else { continue }
            endpoints[endpoint]?.open?.leg = nil
        }
        post(.closeChannel(record.reference))
        return facts
    }

    /// Joins a channel and an endpoint, in either order; whatever either was joined to before is left.
    package func bridge(_ first: MediaPort, _ second: MediaPort, _ direction: BridgeDirection) throws(MediaError) {
        let leg: LegID
        let endpoint: EndpointID
        let firstIsChannel: Bool
        switch (first, second) {
        case (.channel(let channel), .endpoint(let other)): (leg, endpoint, firstIsChannel) = (channel, other, true)
        case (.endpoint(let other), .channel(let channel)): (leg, endpoint, firstIsChannel) = (channel, other, false)
        case (.channel, .channel), (.endpoint, .endpoint): throw .unsupportedBridge
        }
        guard let record = legs[leg] else { throw .unknownLeg(leg) }
        let open = try opened(endpoint)

        if let before = record.endpoint, before != endpoint { leave(leg) }
        if let before = open.leg, before != leg {
            leave(before)
            legs[before]?.closedFacts.add(facts(of: open))
            legs[before]?.countedEndpoint = nil
        }
        if let counted = record.countedEndpoint, counted != endpoint, let other = endpoints[counted]?.open {
            legs[leg]?.closedFacts.add(facts(of: other))
            endpoints[counted]?.open?.leg = nil
        }
        legs[leg]?.endpoint = endpoint
        legs[leg]?.countedEndpoint = endpoint
        endpoints[endpoint]?.open?.leg = leg
        let forwards = direction != .secondToFirst
        let backwards = direction != .firstToSecond
        post(
            .bridge(
                channel: record.reference, endpoint: open.reference,
                toEndpoint: firstIsChannel ? forwards : backwards, toChannel: firstIsChannel ? backwards : forwards))
    }

    /// Parts whatever is joined to the port; nothing when nothing is.
    package func unbridge(_ port: MediaPort) throws(MediaError) {
        switch port {
        case .channel(let leg):
            guard legs[leg] != nil else { throw .unknownLeg(leg) }
            leave(leg)
        case .endpoint(let endpoint):
            if let leg = try opened(endpoint).leg { leave(leg) }
        }
    }

    /// The bridge is gone; the endpoint's facts stay the leg's.
    private func leave(_ leg: LegID) {
        guard let record = legs[leg], record.endpoint != nil else { return }
        legs[leg]?.endpoint = nil
        post(.unbridge(channel: record.reference))
    }

    /// Plays into a port in place of what comes over its bridge.
    package func play(_ port: MediaPort, _ playback: Playback) throws(MediaError) {
        let reference = try reference(port)
        switch playback {
        case .none: post(.play(reference, .none))
        case .tone(let tone): post(.play(reference, .tone(tone)))
        case .file(let path, let repeats):
            try play(port, samples: try WaveFile.samples(ofFile: path), repeats: repeats)
        }
    }

    /// Plays samples at 8 kHz; `played` follows when they have been played once and do not repeat.
    package func play(_ port: MediaPort, samples: [Int16], repeats: Bool) throws(MediaError) {
        let reference = try reference(port)
        guard !samples.isEmpty else { throw .file(path: "samples", reason: "there is no audio in it") }
        lastSamples &+= 1
        let block = Block<Int16>(repeating: 0, count: samples.count)
        for (index, sample) in samples.enumerated() { block[index] = sample }
        self.samples[lastSamples] = block
        post(.play(reference, .samples(block, number: lastSamples, repeats: repeats)))
    }

    /// Sends digits in a channel's audio, or as telephone events on an endpoint; `played` follows at their end.
    package func digits(_ port: MediaPort, _ digits: String) throws(MediaError) {
        let reference = try reference(port)
        if case .endpoint(let endpoint) = port, try opened(endpoint).parameters.sendTelephoneEventType == nil {
            throw .noTelephoneEvents(endpoint)
        }
        guard let string = DigitString(digits) else { throw .badDigits(digits) }
        post(.digits(reference, string))
    }

    /// Whether digits in a channel's audio are reported with no bridge needing them.
    package func detectDigits(_ leg: LegID, _ detects: Bool) throws(MediaError) {
        guard let record = legs[leg] else { throw .unknownLeg(leg) }
        post(.detectDigits(record.reference, detects))
    }

    /// Sends a channel's audio back after up to 1,000 ms; 0 ends it.
    package func echo(_ leg: LegID, delayMilliseconds: UInt16) throws(MediaError) {
        guard let record = legs[leg] else { throw .unknownLeg(leg) }
        post(.echo(record.reference, samples: Int32(min(delayMilliseconds, 1_000)) * 8))
    }

    private func opened(_ endpoint: EndpointID) throws(MediaError) -> EndpointRecord.Open {
        guard let record = endpoints[endpoint] else { throw .unknownEndpoint(endpoint) }
        guard let open = record.open else { throw .endpointNotOpen(endpoint) }
        return open
    }

    private func reference(_ port: MediaPort) throws(MediaError) -> PortReference {
        switch port {
        case .channel(let leg):
            guard let record = legs[leg] else { throw .unknownLeg(leg) }
            return .channel(record.reference)
        case .endpoint(let endpoint):
            return .endpoint(try opened(endpoint).reference)
        }
    }
}
