// SPDX-License-Identifier: GPL-2.0-or-later
import CLinux
package import LineProtocol

extension MediaEngine {
    /// Where endpoints are bound from now on. Those granted before keep their ports.
    package func rtp(bind: IPAddress, firstPort: UInt16, lastPort: UInt16) throws(MediaError) {
        guard let pool = EndpointPool(bind: bind, firstPort: firstPort, lastPort: lastPort) else {
            throw .badPorts(first: firstPort, last: lastPort)
        }
        self.pool = pool
    }

    /// Keeps that many endpoints bound and unused from now on. Answers those granted at once; later ones are events.
    package func want(_ count: Int) -> [GrantedEndpoint] {
        wantedEndpoints = max(0, count)
        return grant()
    }

    /// The endpoints that were granted and not opened yet, for the snapshot.
    package var unusedEndpoints: [GrantedEndpoint] {
        endpoints.filter { $0.value.open == nil }
            .map { GrantedEndpoint(endpoint: $0.key, port: $0.value.port) }
            .sorted { $0.endpoint < $1.endpoint }
    }

    private func grant() -> [GrantedEndpoint] {
        var granted: [GrantedEndpoint] = []
        var missing = wantedEndpoints - endpoints.values.count { $0.open == nil }
        // No more than can be opened: a socket that is granted shall be of use.
        missing = min(missing, capacity.endpoints - endpoints.count)
        while missing > 0, let (descriptor, port) = pool?.take() {
            lastEndpoint += 1
            let id = EndpointID(lastEndpoint)
            var isV6 = false
            if case .v6 = pool?.bind { isV6 = true }
            endpoints[id] = EndpointRecord(port: port, isV6: isV6, descriptor: descriptor)
            granted.append(GrantedEndpoint(endpoint: id, port: port))
            missing -= 1
        }
        if missing > 0, pool != nil { warn("no RTP port is free for another \(missing) endpoints: widen rtp.ports") }
        return granted
    }

    /// Opens an endpoint, or changes one that is open.
    package func open(_ endpoint: EndpointID, _ parameters: EndpointParameters) throws(MediaError) {
        guard var record = endpoints[endpoint] else { throw .unknownEndpoint(endpoint) }
        let packetTime = parameters.packetMilliseconds
        guard packetTime >= 10, packetTime <= 60, packetTime % 10 == 0 else { throw .badPacketTime(packetTime) }
        switch parameters.remote?.address {
        case .v4 where record.isV6: throw .addressFamily(endpoint)
        case .v6 where !record.isV6: throw .addressFamily(endpoint)
        case .v4, .v6, nil: break
        }

        if var open = record.open {
            open.parameters = parameters
            record.open = open
            endpoints[endpoint] = record
            post(.setEndpoint(open.reference, EndpointSettings(parameters)))
            post(.set(open.reference, PacketSettings(parameters)))
            return
        }
        takeNotices()
        guard let memory = EndpointMemory() else { throw .system("no memory for endpoint \(endpoint)") }
        // The media thread and the packet thread hold it.
        guard let reference = endpointSlots.take(for: endpoint, memory: memory, holders: 2) else {
            memory.deallocate()
            throw .noRoom("endpoint")
        }
        record.open = EndpointRecord.Open(reference: reference, memory: memory, parameters: parameters)
        let start = EndpointStart(
            synchronizationSource: .random(in: 1...UInt32.max), sequence: .random(in: 0...0x7FFF),
            timestamp: .random(in: 0...UInt32.max))
        post(.openEndpoint(reference, EndpointSettings(parameters), start, memory))
        post(
            .open(reference, descriptor: record.descriptor, PacketSettings(parameters), memory.facts))
        record.descriptor = -1
        endpoints[endpoint] = record
        replenish()
    }

    /// Has new endpoints granted in place of those that were opened, or closed without ever being opened.
    private func replenish() {
        let granted = grant()
        guard !granted.isEmpty else { return }
        if case .granted(let waiting)? = pendingEvents.last {
            pendingEvents[pendingEvents.count - 1] = .granted(waiting + granted)
        } else {
            pendingEvents.append(.granted(granted))
        }
        _ = cl_event_signal(wakeups.main)
    }

    /// Closes an endpoint, opened or only granted; its number is not used again.
    package func close(_ endpoint: EndpointID) throws(MediaError) {
        defer { replenish() }
        guard let record = endpoints[endpoint] else { throw .unknownEndpoint(endpoint) }
        guard let open = record.open else {
            Descriptor.close(record.descriptor)
            endpoints[endpoint] = nil
            return
        }
        if let leg = open.leg {
            legs[leg]?.closedFacts.add(facts(of: open))
            legs[leg]?.endpoint = nil
            legs[leg]?.countedEndpoint = nil
        }
        endpoints[endpoint] = nil
        post(.closeEndpoint(open.reference))
        post(.close(open.reference))
    }

    func facts(of open: EndpointRecord.Open) -> MediaFacts {
        func value(_ fact: EndpointFact) -> UInt64 { open.memory.facts.value(of: fact.rawValue) }
        var facts = MediaFacts()
        facts.packetsReceived = value(.packetsReceived)
        facts.packetsSent = value(.packetsSent)
        facts.packetsLost = value(.packetsLost) + value(.packetsMissing)
        facts.packetsLate = value(.packetsLate)
        facts.packetsDuplicate = value(.packetsDuplicate)
        facts.packetsReordered = value(.packetsReordered)
        facts.packetsMalformed = value(.packetsMalformed)
        facts.concealedMilliseconds = value(.concealedSamples) / 8
        facts.bufferResets = value(.bufferResets)
        facts.digitsFromRTP = value(.digitsFromRTP)
        return facts
    }
}

extension PacketSettings {
    init(_ parameters: EndpointParameters) {
        if let remote = parameters.remote {
            self.remote = cl_address(remote)
            hasRemote = true
        }
        audioType = parameters.receivePayloadType
        telephoneEventType = parameters.receiveTelephoneEventType ?? 255
    }
}

extension MediaFacts {
    mutating func add(_ other: MediaFacts) {
        packetsReceived &+= other.packetsReceived
        packetsSent &+= other.packetsSent
        packetsLost &+= other.packetsLost
        packetsLate &+= other.packetsLate
        packetsDuplicate &+= other.packetsDuplicate
        packetsReordered &+= other.packetsReordered
        packetsMalformed &+= other.packetsMalformed
        concealedMilliseconds &+= other.concealedMilliseconds
        bufferResets &+= other.bufferResets
        digitsFromLine &+= other.digitsFromLine
        digitsFromRTP &+= other.digitsFromRTP
    }
}
