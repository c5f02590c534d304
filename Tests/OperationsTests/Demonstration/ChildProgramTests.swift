// SPDX-License-Identifier: GPL-2.0-or-later
import Foundation
import Operations
import Testing

@Suite("ChildProgram")
struct ChildProgramTests {
    @Test("A child's end and the end of its output are known")
    func ended() async throws {
        try await withStateDirectory { directory in
            // The program that runs the tests ends at once with an argument it does not know, or with its list of tests.
            let child = try ChildProgram(arguments: ["--help"], log: directory.path + "/log")
            var how: String?
            while how == nil {
                how = child.ended()
                await Task.yield()
            }
            #expect(how?.contains("exit code") == true)
            #expect(child.ended() != nil)
            #expect(!child.lastLines(1).contains("\n\n"))
        }
    }
}
