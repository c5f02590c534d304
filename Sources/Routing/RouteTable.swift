// SPDX-License-Identifier: GPL-2.0-or-later
package import ISDN

/// The dial plan. Of the routes that match, the closest decides, wherever it stands in the file: a whole number or range before
/// a prefix, a longer prefix before a shorter; of equals the first.
package struct RouteTable: Hashable, Sendable {
    package let routes: [Route]

    package init(_ routes: [Route]) {
        self.routes = routes
    }

    package func route(_ number: DialledNumber, from trunk: TrunkName) -> RoutingVerdict {
        var best: (index: Int, closeness: Int)?
        for (index, route) in routes.enumerated() where route.from == trunk && route.pattern.matches(number) {
            if route.pattern.closeness > best?.closeness ?? -1 {
                best = (index, route.pattern.closeness)
            }
        }
        guard let best else {
            let known = routes.contains { $0.from == trunk }
            return .refused(
                known
                    ? RoutingRefusal(
                        cause: .unallocatedNumber, sentence: "no route from \(trunk) is for \(number)")
                    : RoutingRefusal(cause: .noRouteToDestination, sentence: "there is no route from \(trunk)"))
        }
        let route = routes[best.index]
        guard let sent = route.number(for: number) else {
            return .refused(
                RoutingRefusal(
                    cause: .invalidNumberFormat,
                    sentence: "\(number) has too few digits for the route \(route)"))
        }
        return .routed(RoutingDecision(targets: route.to, number: sent, route: best.index))
    }
}

package enum RoutingVerdict: Hashable, Sendable {
    case routed(RoutingDecision)
    case refused(RoutingRefusal)
}

/// Where a call goes.
package struct RoutingDecision: Hashable, Sendable {
    /// One SIP trunk, or spans to be tried in this order; never empty.
    package var targets: [TrunkName]
    /// To send on.
    package var number: PartyNumber
    /// Which rule decided, as an index into the table.
    package var route: Int

    package init(targets: [TrunkName], number: PartyNumber, route: Int) {
        self.targets = targets
        self.number = number
        self.route = route
    }

    /// The number as the user part of a SIP URI.
    package var sipUser: String { number.type == .international ? "+" + number.digits : number.digits }
}

/// Why a call goes nowhere: the cause to clear it with, and a sentence for the trace.
package struct RoutingRefusal: Error, Hashable, Sendable {
    package var cause: Cause
    package var sentence: String

    package init(cause: Cause, sentence: String) {
        self.cause = cause
        self.sentence = sentence
    }
}
