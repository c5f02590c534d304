// SPDX-License-Identifier: GPL-2.0-or-later

extension SIPMessage {
    /// A response to this request as RFC 3261 8.2.6 wants it.
    ///
    /// "The From field of the response MUST equal the From header field of the request. The Call-ID header field of the
    /// response MUST equal the Call-ID header field of the request. The CSeq header field of the response MUST equal the
    /// CSeq field of the request. The Via header field values in the response MUST equal the Via header field values in
    /// the request and MUST maintain the same ordering." Record-Route is copied for the responses that make or may make
    /// a dialog (12.1.1).
    ///
    /// - Parameter toTag: put on To unless the request's has one already; never on a 100.
    package func response(_ status: SIPStatus, reason: String? = nil, toTag: String? = nil) -> SIPMessage {
        var response = SIPMessage(status: status, reason: reason)
        response.copy(.via, from: self)
        response.copy(.from, from: self)
        if let toTag, status != 100, to.tag == nil, has(.to) {
            var to = to
            to.tag = toTag
            response.append(.to, to)
        } else {
            response.copy(.to, from: self)
        }
        response.copy(.callID, from: self)
        response.copy(.cSeq, from: self)
        // "If there was a Timestamp header field in the request, the response to it must echo it" (8.2.6.1).
        if status == 100 { response.copy(.timestamp, from: self) }
        if status.code > 100, status.code < 300 { response.copy(.recordRoute, from: self) }
        return response
    }
}
