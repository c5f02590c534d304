// SPDX-License-Identifier: GPL-2.0-or-later
import Glibc

/// CPU time of the calling thread: the machine may be shared, what a piece of work costs is not.
enum Stopwatch {
    static func nanoseconds() -> Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// Nanoseconds one call of the body takes: the best of five rounds of at least 100 ms.
    static func cost(of body: () throws -> Void) rethrows -> Double {
        var best = Double.infinity
        for _ in 0..<5 {
            var calls = 0
            let start = nanoseconds()
            var end = start
            while end - start < 100_000_000 {
                for _ in 0..<64 { try body() }
                calls += 64
                end = nanoseconds()
            }
            best = min(best, Double(end - start) / Double(calls))
        }
        return best
    }
}

/// Lines of the report.
enum Report {
    /// What one costs, and how many a core does in a second.
    static func line(_ what: String, nanoseconds: Double) {
        let each = nanoseconds < 10_000 ? "\(Int(nanoseconds)) ns" : "\(Int(nanoseconds / 1_000)) µs"
        let rate = Int(1_000_000_000 / max(nanoseconds, 1))
        print(padded(what, 62) + String(repeating: " ", count: max(1, 9 - each.count)) + each + right("\(rate)/s", 14))
    }

    static func note(_ what: String, _ value: String) {
        print(padded(what, 62) + right(value, 9))
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    private static func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(1, width - text.count)) + text
    }
}
