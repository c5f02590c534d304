// SPDX-License-Identifier: GPL-2.0-or-later
package import DemonstrationSwitch
import Foundation
package import Hummingbird
import NIOCore

/// The API of a demonstration switch: that of a gateway as far as it goes, and `switch/call`.
package struct SwitchRoutes: Sendable {
    private let demonstrationSwitch: DemonstrationSwitch
    private let operating: SwitchOperating

    package init(_ demonstrationSwitch: DemonstrationSwitch, operating: SwitchOperating) {
        self.demonstrationSwitch = demonstrationSwitch
        self.operating = operating
    }

    package func router() -> Router<BasicRequestContext> {
        let router = GatewayRoutes(gateway: operating, records: nil).router()
        router.post("api/v1/switch/call") { request, _ in
            let body = try await request.body.collect(upTo: 65_536)
            guard let order = try? JSONDecoder().decode(SwitchCallOrder.self, from: Data(body.readableBytesView)) else {
                return try JSONAnswer.error(.badRequest, "the body must be JSON with a number in it")
            }
            guard order.number.contains(where: { $0.isASCII && $0.isWholeNumber }) else {
                return try JSONAnswer.error(.badRequest, "\"\(order.number)\" has no digits to call")
            }
            return Response(
                status: .ok, headers: [.contentType: "application/x-ndjson"],
                body: ResponseBody { writer in
                    for await line in lines(order) { try await writer.write(line) }
                    try await writer.finish(nil)
                })
        }
        return router
    }

    /// What becomes of the call, a line each, and an empty line every second: by it we notice that nobody listens any more,
    /// which ends the call.
    private func lines(_ order: SwitchCallOrder) -> AsyncStream<ByteBuffer> {
        AsyncStream { continuation in
            let calling = Task {
                let request = CallInRequest(
                    called: order.number, calling: order.from, callingName: order.name, audioFile: order.audio)
                for await progress in await demonstrationSwitch.callIn(request) {
                    let line = SwitchCallLine(progress, channelName: operating.name)
                    guard let json = try? JSONEncoder().encode(line) else { continue }
                    continuation.yield(ByteBuffer(bytes: json + [10]))
                }
                continuation.finish()
            }
            let ticking = Task {
                while !Task.isCancelled {
                    try? await Task.sleep(for: .seconds(1))
                    continuation.yield(ByteBuffer(string: "\n"))
                }
            }
            continuation.onTermination = { _ in
                calling.cancel()
                ticking.cancel()
            }
        }
    }
}
