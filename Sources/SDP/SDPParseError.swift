// SPDX-License-Identifier: GPL-2.0-or-later

/// Why octets are no session description, and in which line (from 1).
package struct SDPParseError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Reason: String, Hashable, Sendable, CaseIterable {
        case tooLong, notUTF8, malformedLine, unsupportedVersion, missingOrigin
        case malformedOrigin, malformedConnection, malformedMedia, tooManyMedia
    }

    package let reason: Reason
    package let line: Int

    package init(_ reason: Reason, line: Int) {
        self.reason = reason
        self.line = line
    }

    package var description: String {
        let what =
            switch reason {
            case .tooLong: "is longer than any description has to be"
            case .notUTF8: "is not UTF-8"
            case .malformedLine: "is not of the form x=value"
            case .unsupportedVersion: "should be v=0"
            case .missingOrigin: "should be followed by o="
            case .malformedOrigin: "should be o=name id version IN IP4|IP6 address"
            case .malformedConnection: "should be c=IN IP4|IP6 address"
            case .malformedMedia: "should be m=media port protocol formats"
            case .tooManyMedia: "is one m= too many"
            }
        return "session description, line \(line): \(what)"
    }
}
