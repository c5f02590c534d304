// SPDX-License-Identifier: GPL-2.0-or-later
import Logging
import Operations
import Synchronization
import Testing

@Suite("Log lines")
struct LineLogHandlerTests {
    private final class Lines: Sendable {
        let text = Mutex("")
    }

    @Test("A line has the time, the level, the message and the metadata in order; nothing in it drives a terminal")
    func line() {
        let lines = Lines()
        var logger = Logger(label: "t") { _ in
            LineLogHandler(level: .info) { line in lines.text.withLock { $0 += line } }
        }
        logger[metadataKey: "b"] = "two words"
        logger.notice("call\u{1B}[2J ended", metadata: ["a": "1", "c": ""])
        logger.debug("not this")
        let text = lines.text.withLock { $0 }
        #expect(text.dropFirst(24) == "notice   call?[2J ended a=1 b=\"two words\" c=\"\"\n")
    }
}
