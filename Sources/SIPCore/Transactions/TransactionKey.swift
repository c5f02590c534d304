// SPDX-License-Identifier: GPL-2.0-or-later
import SIPMessages

/// What makes a response belong to a client transaction (RFC 3261 17.1.3).
///
/// "The response has the same value of the branch parameter in the top Via header field as the branch parameter in the
/// top Via header field of the request" and "the method parameter in the CSeq header field matches the method of the
/// request".
struct ClientTransactionKey: Hashable, Sendable {
    let branch: String
    let method: SIPMethod

    init(branch: String, method: SIPMethod) {
        self.branch = branch
        self.method = method
    }

    init?(response: SIPMessage) {
        guard let branch = response.firstVia?.branch else { return nil }
        self.init(branch: branch, method: response.cSeq.method)
    }
}

/// What makes a request belong to a server transaction (RFC 3261 17.2.3).
enum ServerTransactionKey: Hashable, Sendable {
    /// By branch, sent-by and method: the peer speaks RFC 3261.
    case branch(String, sentBy: String, method: SIPMethod)
    /// Without a branch that means anything: by what RFC 2543 had. The To tag is not part of it, since an ACK has that of
    /// the response; whoever matches an ACK compares it.
    case fields(uri: String, fromTag: String?, callID: String, number: UInt32, via: String, method: SIPMethod)

    /// - Parameter method: that of the transaction looked for: `.invite` for an ACK or a CANCEL.
    init(_ request: SIPMessage, method: SIPMethod) {
        let via = request.via
        if let branch = via.uniqueBranch {
            let host = via.host.lowercased()
            self = .branch(branch, sentBy: via.port.map { "\(host):\($0)" } ?? host, method: method)
        } else {
            // Parameters that we add to the Via ourselves would make a retransmission differ.
            var plain = via
            plain.parameters.remove("received")
            plain.parameters.remove("rport")
            self = .fields(
                uri: request.requestURI?.description ?? "", fromTag: request.from.tag, callID: request.callID,
                number: request.cSeq.number, via: plain.description, method: method)
        }
    }
}

/// What two requests share that are one request come over two paths (RFC 3261 8.2.2.2).
struct MergeKey: Hashable, Sendable {
    let fromTag: String?
    let callID: String
    let cSeq: CSeq

    init(_ request: SIPMessage) {
        fromTag = request.from.tag
        callID = request.callID
        cSeq = request.cSeq
    }
}
