// SPDX-License-Identifier: GPL-2.0-or-later
import AsyncHTTPClient
import Foundation
package import Gateway
import NIOCore
import NIOHTTP1

/// Speaks HTTP to a running program over its control socket.
package struct ControlClient: Sendable {
    /// The largest answer taken: a capture of every call.
    private static let largestAnswer = 512 << 20

    package let directory: StateDirectory

    package init(_ directory: StateDirectory) {
        self.directory = directory
    }

    /// The first of the directories where somebody answers.
    ///
    /// - Throws: `CommandFailure` (unreachable) with what was tried.
    package static func find(_ candidates: [StateDirectory], what: String, advice: String) throws -> ControlClient {
        var tried: [String] = []
        for candidate in candidates {
            if let complaint = candidate.complaint { throw CommandFailure(.unreachable, complaint) }
            guard let failure = UnixSocket.failure(candidate.controlSocket) else { return ControlClient(candidate) }
            tried.append("\(candidate.controlSocket) (\(failure))")
        }
        throw CommandFailure(.unreachable, "no \(what) answers at \(tried.joined(separator: " or ")); \(advice)")
    }

    package static func gateway(_ asked: String?, locator: StateLocator = .current) throws -> ControlClient {
        try find(
            locator.gatewayCandidates(asked), what: "gateway",
            advice:
                "start one with `trunkgate run --config FILE` or `trunkgate demo`, or name its state directory with --state"
        )
    }

    package func status() async throws -> GatewayStatus { try await get("/api/v1/status") }
    package func calls() async throws -> [CallView] { try await get("/api/v1/calls") }
    package func spans() async throws -> [SpanView] { try await get("/api/v1/spans") }
    package func channels() async throws -> [ChannelView] { try await get("/api/v1/channels") }
    package func counters() async throws -> [CounterView] { try await get("/api/v1/counters") }

    package func ladder(_ selection: LadderSelection, after: UInt64 = 0) async throws -> LadderPage {
        try await get("/api/v1/ladder?call=\(selection.query)&after=\(after)")
    }

    package func capture(_ selection: LadderSelection) async throws -> [CapturedMessage] {
        try await get("/api/v1/capture?call=\(selection.query)")
    }

    package func hangup(call: UInt32) async throws {
        _ = try await send(.POST, "/api/v1/hangup?call=\(call)")
    }

    package func callRecords(since: UInt64, after: Int64 = 0) async throws -> CallRecordPage {
        try await get("/api/v1/cdr?since=\(since)&after=\(after)&limit=5000")
    }

    package func post<Answer: Decodable>(_ uri: String, _ body: some Encodable) async throws -> Answer {
        try decode(await send(.POST, uri, body: ByteBuffer(bytes: JSONEncoder().encode(body))))
    }

    package func get<Answer: Decodable>(_ uri: String) async throws -> Answer {
        try decode(await send(.GET, uri))
    }

    /// Posts, and hands each line of the answer over as it comes; empty lines only say that it goes on.
    package func lines<Line: Decodable>(
        _ uri: String, _ body: some Encodable, _ handle: (Line) throws -> Void
    ) async throws {
        let response = try await execute(
            .POST, uri, body: ByteBuffer(bytes: JSONEncoder().encode(body)), timeout: .hours(24))
        var pending = ByteBuffer()
        do {
            for try await piece in response.body {
                pending.writeImmutableBuffer(piece)
                while let end = pending.readableBytesView.firstIndex(of: 10) {
                    let line = pending.readSlice(length: end - pending.readerIndex) ?? ByteBuffer()
                    pending.moveReaderIndex(forwardBy: 1)
                    if line.readableBytes > 0 { try handle(decode(line)) }
                }
            }
        } catch let error as HTTPClientError {
            throw CommandFailure(.unreachable, "\(directory.controlSocket): \(ControlClient.why(error))")
        }
    }

    private func decode<Answer: Decodable>(_ body: ByteBuffer) throws -> Answer {
        do {
            return try JSONDecoder().decode(Answer.self, from: Data(body.readableBytesView))
        } catch {
            throw CommandFailure(
                .wrong,
                "the answer from \(directory.controlSocket) cannot be read: is another version of trunkgate running there?"
            )
        }
    }

    private func send(_ method: HTTPMethod, _ uri: String, body: ByteBuffer? = nil) async throws -> ByteBuffer {
        let response = try await execute(method, uri, body: body, timeout: .seconds(60))
        do {
            return try await response.body.collect(upTo: ControlClient.largestAnswer)
        } catch {
            throw CommandFailure(
                .unreachable, "the answer from \(directory.controlSocket) broke off: \(ControlClient.why(error))")
        }
    }

    /// A response with a good status.
    private func execute(
        _ method: HTTPMethod, _ uri: String, body: ByteBuffer?, timeout: TimeAmount
    ) async throws -> HTTPClientResponse {
        if let complaint = directory.complaint { throw CommandFailure(.unreachable, complaint) }
        if let failure = UnixSocket.failure(directory.controlSocket) {
            throw CommandFailure(.unreachable, "nothing answers at \(directory.controlSocket): \(failure)")
        }
        guard let url = URL(httpURLWithSocketPath: directory.controlSocket, uri: uri) else {
            throw CommandFailure(.unreachable, "\(directory.controlSocket) cannot be the path of a socket")
        }
        var request = HTTPClientRequest(url: url.absoluteString)
        request.method = method
        // A connection a question: none that waits for the next one when the program ends.
        request.headers.add(name: "connection", value: "close")
        if let body {
            request.headers.add(name: "content-type", value: "application/json")
            request.body = .bytes(body)
        }
        let response: HTTPClientResponse
        do {
            response = try await HTTPClient.shared.execute(request, timeout: timeout)
            if (200..<300).contains(Int(response.status.code)) { return response }
            let answer = try await response.body.collect(upTo: ControlClient.largestAnswer)
            let sentence = try? JSONDecoder().decode(APIError.self, from: Data(answer.readableBytesView)).error
            throw CommandFailure(
                .wrong, sentence ?? "\(directory.controlSocket) answers \(response.status) to \(uri)")
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw CommandFailure(
                .unreachable, "nothing answers at \(directory.controlSocket): \(ControlClient.why(error))")
        }
    }

    private static func why(_ error: any Error) -> String {
        if let error = error as? IOError { return unsafe String(cString: strerror(error.errnoCode)) }
        if let error = error as? HTTPClientError, error == .connectTimeout || error == .deadlineExceeded {
            return "no answer in time"
        }
        return "\(error)"
    }
}
