// SPDX-License-Identifier: GPL-2.0-or-later
import SIPMessages
import Testing

@Suite("The torture messages of RFC 4475 and RFC 5118")
struct TortureTests {
    enum Verdict: Equatable, CustomStringConvertible {
        case accepted
        /// Refused with this status; `nil` is dropped, as a response must be.
        case refused(SIPParseError.Reason, String?, status: Int?)

        var description: String {
            switch self {
            case .accepted: "accepted"
            case .refused(let reason, let header, let status): "\(reason) \(header ?? "") \(status ?? 0)"
            }
        }
    }

    /// What our parser says to each message it refuses; all others it accepts.
    static let refused: [String: Verdict] = [
        "badinv01.dat": .refused(.malformedHeaderField, "Via", status: 400),
        "clerr.dat": .refused(.truncatedBody, "Content-Length", status: 400),
        "ncl.dat": .refused(.malformedHeaderField, "Content-Length", status: 400),
        "scalar02.dat": .refused(.malformedHeaderField, "CSeq", status: 400),
        "scalarlg.dat": .refused(.malformedHeaderField, "CSeq", status: nil),
        "quotbal.dat": .refused(.malformedHeaderField, "To", status: 400),
        "ltgtruri.dat": .refused(.malformedRequestURI, nil, status: 400),
        "lwsruri.dat": .refused(.malformedRequestURI, nil, status: 400),
        "lwsstart.dat": .refused(.malformedRequestURI, nil, status: 400),
        "trws.dat": .refused(.malformedStartLine, nil, status: 400),
        "escruri.dat": .refused(.headersInRequestURI, nil, status: 400),
        "regbadct.dat": .refused(.malformedHeaderField, "Contact", status: 400),
        "badaspec.dat": .refused(.malformedHeaderField, "To", status: 400),
        // Its header section does not end either.
        "baddn.dat": .refused(.malformedHeaderSection, nil, status: 400),
        "badvers.dat": .refused(.unsupportedVersion, nil, status: 505),
        "mismatch01.dat": .refused(.methodMismatch, "CSeq", status: 400),
        "mismatch02.dat": .refused(.methodMismatch, "CSeq", status: 400),
        "bigcode.dat": .refused(.malformedStartLine, nil, status: nil),
        // Semantic in the manifest: what a parser may leave to the layers above, and ours does not.
        "insuf.dat": .refused(.missingHeaderField, "From", status: 400),
        "multi01.dat": .refused(.repeatedHeaderField, "CSeq", status: 400),
        "mcl01.dat": .refused(.repeatedHeaderField, "Content-Length", status: 400),
        "ipv6-bad.dat": .refused(.malformedRequestURI, nil, status: 400),
    ]

    /// Invalid by the manifest, "400-or-ignore": a Date that cannot be read is no reason to lose a call.
    static let liberal: Set<String> = ["baddate.dat"]

    static func verdict(_ bytes: [UInt8]) -> Verdict {
        do {
            _ = try SIPMessage.parse(bytes)
            return .accepted
        } catch {
            return .refused(error.reason, error.header, status: error.status?.code)
        }
    }

    @Test("the corpus is whole")
    func count() {
        #expect(Corpus.torture.count == 61)
        #expect(Corpus.torture.allSatisfy { !$0.bytes.isEmpty })
        #expect(Set(Self.refused.keys).isSubset(of: Corpus.torture.map(\.file)))
    }

    @Test("each message has the verdict of the table", arguments: Corpus.torture)
    func verdicts(_ entry: Corpus.Entry) {
        #expect(Self.verdict(entry.bytes) == Self.refused[entry.file] ?? .accepted)
    }

    @Test("the table agrees with the manifest", arguments: Corpus.torture)
    func manifest(_ entry: Corpus.Entry) {
        let isAccepted = Self.refused[entry.file] == nil
        switch entry.verdict {
        case "valid", "tolerate": #expect(isAccepted)
        case "invalid": #expect(!isAccepted || Self.liberal.contains(entry.file))
        default: #expect(entry.verdict == "semantic")
        }
    }

    @Test("what is accepted and printed is read again as the same", arguments: Corpus.torture)
    func roundTrip(_ entry: Corpus.Entry) throws {
        guard Self.refused[entry.file] == nil else { return }
        let first = try SIPMessage.parse(entry.bytes)
        let second = try SIPMessage.parse(first.encoded())
        #expect(first.encoded() == second.encoded())
        #expect(first.vias == second.vias)
        #expect(first.from == second.from && first.to == second.to)
        #expect(first.callID == second.callID && first.cSeq == second.cSeq)
        #expect(first.contacts == second.contacts)
        #expect(first.requestURI == second.requestURI)
        #expect(Array(first.body) == Array(second.body))
        #expect(first.headerFields.map(\.name) == second.headerFields.prefix(first.headerFields.count).map(\.name))
    }
}
