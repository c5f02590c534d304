// SPDX-License-Identifier: GPL-2.0-or-later
import Hummingbird
import NIOCore
import Operations
import Testing

@Suite("Answers that come line by line")
struct LineStreamTests {
    private struct Number: Codable, Hashable {
        var value: Int
    }

    private func router(_ pieces: [String]) -> Router<BasicRequestContext> {
        let router = Router()
        router.post("numbers") { _, _ in
            Response(
                status: .ok,
                body: ResponseBody { writer in
                    for piece in pieces { try await writer.write(ByteBuffer(string: piece)) }
                    try await writer.finish(nil)
                })
        }
        return router
    }

    private func numbers(_ pieces: [String]) async throws -> [Int] {
        try await withStateDirectory { directory in
            try await withControlServer(directory, router(pieces)) { (client: ControlClient) async throws in
                var numbers: [Int] = []
                try await client.lines("/numbers", Number(value: 0)) { (line: Number) in numbers.append(line.value) }
                return numbers
            }
        }
    }

    @Test("Lines are taken apart wherever the pieces end, and empty ones are left out")
    func pieces() async throws {
        #expect(try await numbers(["{\"value\":1}\n\n{\"va", "lue\":2}", "\n", "\n\n{\"value\":3}\n"]) == [1, 2, 3])
        #expect(try await numbers([]) == [])
    }

    @Test("A line that is not what was expected is a failure with a sentence, not a crash")
    func nonsense() async throws {
        await #expect {
            _ = try await numbers(["what?\n"])
        } throws: { error in
            (error as? CommandFailure)?.exit == .wrong
        }
    }
}
