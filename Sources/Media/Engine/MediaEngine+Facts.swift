// SPDX-License-Identifier: GPL-2.0-or-later
package import LineProtocol

extension MediaEngine {
    /// What the leg's media did so far: its channel, and every endpoint it was bridged to.
    package func facts(_ leg: LegID) throws(MediaError) -> MediaFacts {
        guard let record = legs[leg] else { throw .unknownLeg(leg) }
        var facts = record.closedFacts
        facts.digitsFromLine &+= record.memory.facts.value(of: ChannelFact.digitsFromLine.rawValue)
        if let endpoint = record.countedEndpoint, let open = endpoints[endpoint]?.open {
            facts.add(self.facts(of: open))
        }
        return facts
    }

    package func facts(_ endpoint: EndpointID) throws(MediaError) -> MediaFacts {
        guard let record = endpoints[endpoint] else { throw .unknownEndpoint(endpoint) }
        return record.open.map { facts(of: $0) } ?? MediaFacts()
    }

    /// The endpoint a leg is bridged to now.
    package func endpoint(of leg: LegID) -> EndpointID? { legs[leg]?.endpoint }

    /// The channel a leg has open.
    package func channel(of leg: LegID) -> ChannelID? { legs[leg]?.channel }

    /// The legs that are bridged now.
    package var bridgedLegs: [LegID] { legs.filter { $0.value.endpoint != nil }.map(\.key).sorted() }

    /// Slots that hold a channel or an endpoint, or are not yet let go of by the threads.
    package var slotsInUse: Int { channelSlots.inUse + endpointSlots.inUse }

    /// How long a bridged leg has heard no RTP while its peer was to send, counted from the opening of the endpoint, the
    /// last packet or the end of hold, whichever came last; nil with no bridge, on hold, or while no peer is known.
    package func silenceMilliseconds(_ leg: LegID) -> UInt64? {
        guard let endpoint = legs[leg]?.endpoint, let open = endpoints[endpoint]?.open,
            open.parameters.receiving, open.parameters.remote != nil
        else { return nil }
        return open.memory.facts.value(of: EndpointFact.silentTicks.rawValue) * 10
    }

    /// Adds what the media and packet threads counted to the values of `LineCounter.allCases`.
    package func addCounters(into counters: inout [UInt64]) {
        for counter in MediaCounter.allCases where counters.indices.contains(counter.counter.rawValue) {
            counters[counter.counter.rawValue] &+= context.counters.value(of: counter.rawValue)
        }
    }
}
