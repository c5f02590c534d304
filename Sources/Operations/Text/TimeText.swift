// SPDX-License-Identifier: GPL-2.0-or-later
package import Foundation

/// How points in time and lengths of time are written for people.
package enum TimeText {
    /// Wall-clock nanoseconds since 1970 as `2026-11-21 17:45:03.120`.
    package static func moment(_ nanoseconds: UInt64, in zone: TimeZone = .current) -> String {
        let whole = Date(timeIntervalSince1970: Double(nanoseconds / 1_000_000_000))
        let style = Date.ISO8601FormatStyle(timeZone: zone).year().month().day()
            .dateTimeSeparator(.space).time(includingFractionalSeconds: false)
        let milliseconds = nanoseconds / 1_000_000 % 1000
        return whole.formatted(style) + "." + "\(1000 + milliseconds)".dropFirst()
    }

    /// The same without the day.
    package static func timeOfDay(_ nanoseconds: UInt64, in zone: TimeZone = .current) -> String {
        String(moment(nanoseconds, in: zone).dropFirst(11))
    }

    /// `0.4 s`, `59.9 s`, `2:05`, `1:02:03`.
    package static func length(nanoseconds: UInt64) -> String {
        let tenths = nanoseconds / 100_000_000
        if tenths < 600 { return "\(tenths / 10).\(tenths % 10) s" }
        let seconds = tenths / 10
        func two(_ value: UInt64) -> String { value < 10 ? "0\(value)" : "\(value)" }
        if seconds < 3600 { return "\(seconds / 60):\(two(seconds % 60))" }
        return "\(seconds / 3600):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
    }

    /// From `start` to `end`; nothing when the clock went back in between.
    package static func length(from start: UInt64, to end: UInt64) -> String {
        length(nanoseconds: end > start ? end - start : 0)
    }

    /// Milliseconds with one decimal, from `start` to `time`, which may be before it.
    package static func milliseconds(from start: UInt64, to time: UInt64) -> String {
        let late = time >= start
        let tenths = ((late ? time - start : start - time) + 50_000) / 100_000
        return (late || tenths == 0 ? "" : "-") + "\(tenths / 10).\(tenths % 10)"
    }

    package static var now: UInt64 {
        UInt64(max(0, Date().timeIntervalSince1970) * 1_000_000_000)
    }

    /// A point in time as people type it: `2026-11-21`, `2026-11-21 17:45`, `2026-11-21T17:45:03`, with `Z` or an offset
    /// if it is not local time, or how long ago: `90s`, `15m`, `2h`, `7d`. Nil when it is none of these.
    package static func parse(_ text: String, now: UInt64, in zone: TimeZone = .current) -> UInt64? {
        if let unit = text.last, let perUnit = ["s": 1, "m": 60, "h": 3600, "d": 86400][String(unit)] as UInt64?,
            let count = UInt64(text.dropLast())
        {
            let (seconds, over) = count.multipliedReportingOverflow(by: perUnit)
            let (back, tooFar) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
            return over || tooFar || back > now ? 0 : now - back
        }
        var body = text.replacing(" ", with: "T")
        if body.count == 10 { body += "T00:00:00" }
        if body.wholeMatch(of: /.{10}T[0-9]{2}:[0-9]{2}((Z|[+-][0-9:]+)?)/) != nil {
            body.insert(contentsOf: ":00", at: body.index(body.startIndex, offsetBy: 16))
        }
        let local = Date.ISO8601FormatStyle(timeZone: zone).year().month().day().time(includingFractionalSeconds: false)
        let date = (try? Date.ISO8601FormatStyle().parse(body)) ?? (try? local.parse(body))
        guard let seconds = date?.timeIntervalSince1970, seconds >= 0, seconds < 18_000_000_000 else { return nil }
        return UInt64(seconds) * 1_000_000_000
    }
}
