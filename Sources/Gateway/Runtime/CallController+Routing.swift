// SPDX-License-Identifier: GPL-2.0-or-later
import CallControl
import GatewayConfiguration
import ISDN
import LineProtocol
import Routing
import SIPCore
import SIPMessages
import SIPTransport

/// Where a call goes: the route table's verdict, turned into a leg that can be set up.
extension CallController {
    func route(_ offer: CallOffer, for number: UInt32) {
        guard let from = calls[number]?.engine.record.from else { return }
        guard !isDraining else { return step(number, .refused(.draining)) }
        guard let called = offer.number else {
            let text = "\"\(offer.called)\" is no telephone number"
            return step(number, .refused(Release(.invalidNumberFormat, initiator: .gateway, text: text)))
        }
        let dialled = DialledNumber(called, countryCode: settings.span(TrunkName(from))?.countryCode)
        switch settings.routes.route(dialled, from: TrunkName(from)) {
        case .refused(let refusal):
            step(number, .refused(Release(refusal.cause, initiator: .gateway, text: refusal.sentence)))
        case .routed(let decision):
            if let trunk = decision.targets.first.flatMap({ settings.trunk($0) }) {
                routeToSIP(decision, trunk, for: number)
            } else {
                routeToLine(decision, for: number)
            }
        }
    }

    private func routeToLine(_ decision: RoutingDecision, for number: UInt32) {
        let targets = decision.targets.compactMap { spans.span(named: $0.text) }
        let name = decision.targets.map(\.text).joined(separator: ", ")
        // "D channel down: new calls get 503 with cause 38 at once": a SETUP would fail only after 29 seconds.
        guard line != nil, targets.contains(where: { spans.state(of: $0)?.layer2Up == true }) else {
            return step(number, .refused(line == nil ? .lineProgramLost : .dChannelDown(name)))
        }
        let leg = newLeg()
        callOfLeg[leg] = number
        let timers = targets.first.flatMap { settings.span($0) }?.timers ?? CallTimers()
        let route = ISDNRoute(spans: targets, called: decision.number, timers: timers)
        step(
            number,
            .routed(CallDestination(name: name, dialled: decision.sipUser, way: .isdn(leg, route))))
    }

    private func routeToSIP(_ decision: RoutingDecision, _ trunk: SIPTrunk, for number: UInt32) {
        guard let target = target(trunk, decision.sipUser) else {
            return step(
                number,
                .refused(
                    Release(
                        .subscriberAbsent, initiator: .gateway, text: "no phone has registered with \(trunk.name)")))
        }
        guard let endpoint = endpoints.take() else { return step(number, .refused(.noEndpoint)) }
        let address = sip.localAddress(towards: SIPDestination(target))?.host ?? "127.0.0.1"
        calls[number]?.peer = trunk.name.text
        let media = grant(endpoint, trunk: trunk, address: address)
        step(
            number,
            .routed(
                CallDestination(
                    name: trunk.name.text, dialled: decision.sipUser,
                    way: .sip(SIPRoute(target: target.description, media: media))
                )))
    }

    /// The Request-URI: the number at the trunk's address, or where a phone registered from.
    private func target(_ trunk: SIPTrunk, _ user: String) -> SIPURI? {
        switch trunk.peer {
        case .registered: return locations.find(user: user, now: monotonicClock())?.contact
        case .address(let address, let transport):
            var uri = SIPURI(user: user, host: address.address.description, port: address.port)
            if transport == .tcp { uri.parameters.set("transport", "tcp") }
            return uri
        }
    }
}
