// SPDX-License-Identifier: GPL-2.0-or-later

/// Why octets are not a SIP message, which header field is at fault, and what was read before that was found.
package struct SIPParseError: Error, Sendable, CustomStringConvertible {
    package enum Reason: String, Sendable, CaseIterable {
        /// Nothing like a start line: not SIP at all.
        case notSIP
        case malformedStartLine
        case malformedRequestURI
        /// "It is illegal for [headers] to appear in the Request-URI" (RFC 3261 19.1.1).
        case headersInRequestURI
        case unsupportedVersion
        /// The header section does not end, or a line in it has no name.
        case malformedHeaderSection
        case tooManyHeaderFields
        case malformedHeaderField
        case missingHeaderField
        case repeatedHeaderField
        /// The method of the start line is not that of CSeq (8.1.1.5).
        case methodMismatch
        /// Content-Length says more than there is (18.3).
        case truncatedBody
    }

    package let reason: Reason
    /// The header field at fault, by its full name.
    package let header: String?
    /// The start line and the header fields as far as they could be told apart, unchecked: what a response can be made
    /// from. `nil` when there is no start line.
    package let salvaged: SIPMessage?

    package init(_ reason: Reason, header: String? = nil, salvaged: SIPMessage? = nil) {
        self.reason = reason
        self.header = header
        self.salvaged = salvaged
    }

    /// What to answer; `nil` for a response and for what is no request at all: that is dropped.
    package var status: SIPStatus? {
        guard let salvaged, salvaged.isRequest, salvaged.method != .ack else { return nil }
        return reason == .unsupportedVersion ? 505 : 400
    }

    /// A reason phrase that tells the peer what is wrong (RFC 3261 21.4.1).
    package var description: String {
        switch reason {
        case .notSIP: "Not a SIP message"
        case .malformedStartLine: "Malformed start line"
        case .malformedRequestURI: "Malformed Request-URI"
        case .headersInRequestURI: "Header fields in the Request-URI"
        case .unsupportedVersion: "Version Not Supported"
        case .malformedHeaderSection: "Malformed header section"
        case .tooManyHeaderFields: "Too many header fields"
        case .malformedHeaderField: "Malformed \(header ?? "header field")"
        case .missingHeaderField: "Missing \(header ?? "header field")"
        case .repeatedHeaderField: "More than one \(header ?? "header field")"
        case .methodMismatch: "CSeq method is not that of the request"
        case .truncatedBody: "Content-Length is more than the body"
        }
    }
}
