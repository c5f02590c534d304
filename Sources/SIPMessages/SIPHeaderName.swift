// SPDX-License-Identifier: GPL-2.0-or-later

/// The header fields this gateway has a name for. Any other is reached by its text.
package enum SIPHeaderName: UInt8, CaseIterable, Sendable {
    case via, from, to, callID, cSeq, contact, maxForwards, route, recordRoute
    case contentLength, contentType, contentEncoding, contentDisposition, accept, allow, supported, require
    case proxyRequire, unsupported, expires, minExpires, reason, warning, retryAfter, date, subject, timestamp
    case userAgent, server, organization, alertInfo, callInfo, errorInfo, inReplyTo, priority, replyTo
    case authorization, proxyAuthorization, wwwAuthenticate, proxyAuthenticate, authenticationInfo
    case pAssertedIdentity, pPreferredIdentity, privacy, remotePartyID, diversion, historyInfo
    case sessionExpires, minSE, rSeq, rAck, referTo, referredBy, replaces, event, allowEvents, subscriptionState
    case path, serviceRoute, userToUser, pEarlyMedia, mimeVersion

    package var text: String {
        switch self {
        case .via: "Via"
        case .from: "From"
        case .to: "To"
        case .callID: "Call-ID"
        case .cSeq: "CSeq"
        case .contact: "Contact"
        case .maxForwards: "Max-Forwards"
        case .route: "Route"
        case .recordRoute: "Record-Route"
        case .contentLength: "Content-Length"
        case .contentType: "Content-Type"
        case .contentEncoding: "Content-Encoding"
        case .contentDisposition: "Content-Disposition"
        case .accept: "Accept"
        case .allow: "Allow"
        case .supported: "Supported"
        case .require: "Require"
        case .proxyRequire: "Proxy-Require"
        case .unsupported: "Unsupported"
        case .expires: "Expires"
        case .minExpires: "Min-Expires"
        case .reason: "Reason"
        case .warning: "Warning"
        case .retryAfter: "Retry-After"
        case .date: "Date"
        case .subject: "Subject"
        case .timestamp: "Timestamp"
        case .userAgent: "User-Agent"
        case .server: "Server"
        case .organization: "Organization"
        case .alertInfo: "Alert-Info"
        case .callInfo: "Call-Info"
        case .errorInfo: "Error-Info"
        case .inReplyTo: "In-Reply-To"
        case .priority: "Priority"
        case .replyTo: "Reply-To"
        case .authorization: "Authorization"
        case .proxyAuthorization: "Proxy-Authorization"
        case .wwwAuthenticate: "WWW-Authenticate"
        case .proxyAuthenticate: "Proxy-Authenticate"
        case .authenticationInfo: "Authentication-Info"
        case .pAssertedIdentity: "P-Asserted-Identity"
        case .pPreferredIdentity: "P-Preferred-Identity"
        case .privacy: "Privacy"
        case .remotePartyID: "Remote-Party-ID"
        case .diversion: "Diversion"
        case .historyInfo: "History-Info"
        case .sessionExpires: "Session-Expires"
        case .minSE: "Min-SE"
        case .rSeq: "RSeq"
        case .rAck: "RAck"
        case .referTo: "Refer-To"
        case .referredBy: "Referred-By"
        case .replaces: "Replaces"
        case .event: "Event"
        case .allowEvents: "Allow-Events"
        case .subscriptionState: "Subscription-State"
        case .path: "Path"
        case .serviceRoute: "Service-Route"
        case .userToUser: "User-to-User"
        case .pEarlyMedia: "P-Early-Media"
        case .mimeVersion: "MIME-Version"
        }
    }

    /// The compact form (RFC 3261 7.3.3 and the registry), in lower case.
    package var compact: Character? {
        switch self {
        case .via: "v"
        case .from: "f"
        case .to: "t"
        case .callID: "i"
        case .contact: "m"
        case .contentLength: "l"
        case .contentType: "c"
        case .contentEncoding: "e"
        case .subject: "s"
        case .supported: "k"
        case .sessionExpires: "x"
        case .referTo: "r"
        case .referredBy: "b"
        case .event: "o"
        case .allowEvents: "u"
        default: nil
        }
    }

    /// One value per message (RFC 3261 7.3.1 lets only list headers repeat); a second one is refused.
    var isSingle: Bool {
        switch self {
        case .from, .to, .callID, .cSeq, .maxForwards, .contentLength, .contentType: true
        default: false
        }
    }

    /// One bit per name, for sets of them.
    var bit: UInt64 { 1 << UInt64(rawValue) }

    package init?(_ name: String) {
        let bytes = Array(name.utf8)
        self.init(bytes, 0..<bytes.count)
    }

    init?(_ bytes: [UInt8], _ range: Range<Int>) {
        if range.count == 1, let first = bytes[range].first {
            guard let match = Self.byCompact[first.lowercasedASCII] else { return nil }
            self = match
            return
        }
        guard range.count < Self.byLength.count else { return nil }
        let match = Self.byLength[range.count].first {
            zip(bytes[range], $0.lowered).allSatisfy { $0.lowercasedASCII == $1 }
        }
        guard let match else { return nil }
        self = match.name
    }

    private static let byCompact: [UInt8: SIPHeaderName] = {
        var table: [UInt8: SIPHeaderName] = [:]
        for name in allCases {
            if let compact = name.compact?.asciiValue { table[compact] = name }
        }
        return table
    }()

    private static let byLength: [[(lowered: [UInt8], name: SIPHeaderName)]] = {
        var table: [[(lowered: [UInt8], name: SIPHeaderName)]] = Array(repeating: [], count: 24)
        for name in allCases {
            let lowered = name.text.utf8.map(\.lowercasedASCII)
            table[lowered.count].append((lowered, name))
        }
        return table
    }()
}
