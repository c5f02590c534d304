// SPDX-License-Identifier: GPL-2.0-or-later
package import Gateway
package import Hummingbird

/// `/api/v1` of a gateway. The commands use it over the control socket.
package struct GatewayRoutes: Sendable {
    private let gateway: any GatewayOperating
    private let records: CallRecordStore?

    /// Without a store there is no `cdr`.
    package init(gateway: any GatewayOperating, records: CallRecordStore?) {
        self.gateway = gateway
        self.records = records
    }

    package func router() -> Router<BasicRequestContext> {
        let router = Router()
        let api = router.group("api/v1")
        api.get("status") { _, _ in try JSONAnswer.of(await gateway.status()) }
        api.get("calls") { _, _ in try JSONAnswer.of(await gateway.calls()) }
        api.get("spans") { _, _ in try JSONAnswer.of(await gateway.spans()) }
        api.get("channels") { _, _ in try JSONAnswer.of(await gateway.channels()) }
        api.get("counters") { _, _ in try JSONAnswer.of(await gateway.counters()) }
        api.get("ladder") { request, _ in
            guard let selection = selection(request) else { return try noSelection() }
            guard let after = number(request, "after", or: 0 as UInt64) else { return try noNumber("after") }
            return try JSONAnswer.of(await gateway.ladder(selection, after: after))
        }
        api.get("capture") { request, _ in
            guard let selection = selection(request) else { return try noSelection() }
            return try JSONAnswer.of(await gateway.capture(selection))
        }
        api.post("hangup") { request, _ in
            guard let call = number(request, "call", or: nil as UInt32?) else { return try noNumber("call") }
            guard await gateway.hangup(call: call) else {
                return try JSONAnswer.error(.notFound, "there is no call \(call); `trunkgate show calls` lists them")
            }
            return try JSONAnswer.of(HungUp(call: call))
        }
        api.get("cdr") { request, _ in try await callRecords(request) }
        return router
    }

    private func callRecords(_ request: Request) async throws -> Response {
        guard let records else {
            return try JSONAnswer.error(.notFound, "this gateway keeps no call records: its configuration has no cdr")
        }
        guard let since = number(request, "since", or: 0 as UInt64) else { return try noNumber("since") }
        guard let after = number(request, "after", or: 0 as Int64) else { return try noNumber("after") }
        guard let limit = number(request, "limit", or: 1000 as UInt16) else { return try noNumber("limit") }
        do {
            return try JSONAnswer.of(await records.records(since: since, after: after, limit: Int(limit)))
        } catch {
            return try JSONAnswer.error(
                .internalServerError, "the call records cannot be read: \(CallRecordStore.why(error))")
        }
    }

    private func selection(_ request: Request) -> LadderSelection? {
        LadderSelection(query: request.uri.queryParameters["call"].map { String($0) } ?? "last")
    }

    /// Nil when it is there and not a number.
    private func number<Number: LosslessStringConvertible>(_ request: Request, _ name: String, or: Number?) -> Number? {
        guard let text = request.uri.queryParameters[name[...]] else { return or }
        return Number(String(text))
    }

    private func noSelection() throws -> Response {
        try JSONAnswer.error(.badRequest, "call must be a call's number, \"last\" or \"all\"")
    }

    private func noNumber(_ name: String) throws -> Response {
        try JSONAnswer.error(.badRequest, "\(name) must be a number")
    }
}

package struct HungUp: Sendable, Codable, Hashable {
    package var call: UInt32
}
