// SPDX-License-Identifier: GPL-2.0-or-later
package import SIPMessages

/// Where the phones behind the gateway are: address of record to contacts (RFC 3261 section 10), in memory.
///
/// Time is monotonic nanoseconds.
package struct LocationTable {
    package struct Binding: Equatable {
        package var contact: SIPURI
        /// Where the REGISTER came from, which a phone behind a NAT can be reached at.
        package var source: RegistrationSource
        package var expires: UInt64
        package var callID: String
        package var cSeq: UInt32
    }

    /// The longest a binding is kept, and the shortest that is accepted (RFC 3261 section 10.3 step 7).
    package static let maximumSeconds: UInt32 = 3_600
    package static let minimumSeconds: UInt32 = 30
    package static let maximumBindings = 1_000
    package static let maximumBindingsPerAddress = 10

    private var bindings: [String: [Binding]] = [:]

    package init() {}

    package enum Outcome: Equatable {
        /// 200 with these contacts and the seconds each has left.
        case accepted([(contact: SIPURI, seconds: UInt32)])
        /// 423 with Min-Expires.
        case tooBrief
        /// 400: `*` with an Expires that is not 0, or no usable contact.
        case badRequest
        /// 500: an older REGISTER of the same call.
        case outOfOrder
        /// 503: the table is full.
        case full

        package static func == (a: Outcome, b: Outcome) -> Bool {
            switch (a, b) {
            case (.accepted(let x), .accepted(let y)): x.elementsEqual(y) { $0 == $1 }
            case (.tooBrief, .tooBrief), (.badRequest, .badRequest), (.outOfOrder, .outOfOrder), (.full, .full): true
            case (.accepted, _), (.tooBrief, _), (.badRequest, _), (.outOfOrder, _), (.full, _): false
            }
        }
    }

    /// Steps 6 to 8 of RFC 3261 section 10.3; who may register was decided before.
    package mutating func register(_ request: SIPMessage, from source: RegistrationSource, now: UInt64) -> Outcome {
        let key = LocationTable.key(request.to.uri)
        purge(now)
        var current = bindings[key] ?? []
        let (callID, cSeq) = (request.callID, request.cSeq.number)
        switch request.contacts {
        case .all:
            // "If the request has additional Contact fields or an expiration time other than zero, [400]."
            guard request.expires == 0 else { return .badRequest }
            guard !current.contains(where: { $0.callID == callID && $0.cSeq >= cSeq }) else { return .outOfOrder }
            current = []
        case .list(let addresses):
            for address in addresses {
                let asked =
                    address.parameters["expires"].flatMap { UInt32($0) } ?? request.expires
                    ?? LocationTable.maximumSeconds
                guard asked == 0 || asked >= LocationTable.minimumSeconds else { return .tooBrief }
                guard address.uri.isSIP else { return .badRequest }
                let old = current.firstIndex { $0.contact.isEquivalent(to: address.uri) }
                if let old, current[old].callID == callID, current[old].cSeq >= cSeq { return .outOfOrder }
                if let old { current.remove(at: old) }
                guard asked > 0 else { continue }
                let seconds = min(asked, LocationTable.maximumSeconds)
                current.append(
                    Binding(
                        contact: address.uri, source: source, expires: now &+ UInt64(seconds) * 1_000_000_000,
                        callID: callID, cSeq: cSeq))
            }
        }
        guard current.count <= LocationTable.maximumBindingsPerAddress,
            current.isEmpty || bindings[key] != nil || bindings.count < LocationTable.maximumBindings
        else { return .full }
        bindings[key] = current.isEmpty ? nil : current
        return .accepted(current.map { ($0.contact, UInt32(($0.expires - min(now, $0.expires)) / 1_000_000_000)) })
    }

    /// The newest binding of a user, or of anybody when the number is nobody's name: a demonstration's one phone rings.
    package func find(user: String, now: UInt64) -> Binding? {
        let alive = bindings.mapValues { $0.filter { $0.expires > now } }
        if let own = alive.first(where: { $0.key.hasPrefix(user + "@") })?.value.last { return own }
        return alive.values.flatMap { $0 }.max { $0.expires < $1.expires }
    }

    package func count(now: UInt64) -> Int {
        bindings.values.reduce(0) { $0 + $1.filter { $0.expires > now }.count }
    }

    private mutating func purge(_ now: UInt64) {
        bindings = bindings.compactMapValues { list in
            let alive = list.filter { $0.expires > now }
            return alive.isEmpty ? nil : alive
        }
    }

    private static func key(_ uri: SIPURI) -> String { "\(uri.user ?? "")@\(uri.host.lowercased())" }
}

/// Where a REGISTER came from.
package struct RegistrationSource: Equatable, Sendable {
    package var transport: String
    package var address: String
    package var port: UInt16
    /// The connection it came by, where the transport has them.
    package var connection: UInt64?

    package init(transport: String, address: String, port: UInt16, connection: UInt64? = nil) {
        self.transport = transport
        self.address = address
        self.port = port
        self.connection = connection
    }
}
