// SPDX-License-Identifier: GPL-2.0-or-later

/// A SIP request or response (RFC 3261 section 7): one array of octets and ranges into it.
///
/// Parsing copies nothing. A change appends its text to the array and moves the range of the field, so a message that
/// was received can be amended and printed without being taken apart. Text and typed values are made when asked for.
package struct SIPMessage: Sendable, Equatable, CustomStringConvertible {
    /// One header field line, whose value may hold several values separated by commas.
    struct Field: Sendable {
        var known: SIPHeaderName?
        var name: Range<Int>
        var value: Range<Int>
    }

    enum StartLine: Sendable {
        case request(SIPMethod, uri: Range<Int>)
        case response(SIPStatus, reason: Range<Int>)
    }

    var bytes: [UInt8]
    var startLine: StartLine
    var fields: [Field]
    var bodyRange: Range<Int>

    init(bytes: [UInt8], startLine: StartLine, fields: [Field] = [], bodyRange: Range<Int> = 0..<0) {
        self.bytes = bytes
        self.startLine = startLine
        self.fields = fields
        self.bodyRange = bodyRange
    }

    /// A request without any header field yet.
    package init(method: SIPMethod, uri: SIPURI) {
        let text = Array(uri.description.utf8)
        self.init(bytes: text, startLine: .request(method, uri: 0..<text.count))
    }

    /// A response without any header field yet. `reason` is the phrase; the registered one when `nil`.
    package init(status: SIPStatus, reason: String? = nil) {
        let text = Self.singleLine(reason ?? status.reasonPhrase)
        self.init(bytes: text, startLine: .response(status, reason: 0..<text.count))
    }

    package var isRequest: Bool {
        if case .request = startLine { return true }
        return false
    }

    /// Of the start line; of CSeq in a response.
    package var method: SIPMethod {
        switch startLine {
        case .request(let method, _): method
        case .response: cSeq.method
        }
    }

    /// `nil` in a request.
    package var status: SIPStatus? {
        if case .response(let status, _) = startLine { return status }
        return nil
    }

    /// `nil` in a request.
    package var reasonPhrase: String? {
        if case .response(_, let range) = startLine { return bytes.text(range) }
        return nil
    }

    /// `nil` in a response.
    package var requestURI: SIPURI? {
        get {
            guard case .request(_, let range) = startLine else { return nil }
            return SIPURI(bytes, range) ?? SIPURI(host: "invalid.invalid")
        }
        set {
            guard case .request(let method, _) = startLine, let newValue else { return }
            startLine = .request(method, uri: store(Array(newValue.description.utf8)))
        }
    }

    package var body: ArraySlice<UInt8> { bytes[bodyRange] }

    /// The message as text, for traces.
    package var description: String { String(decoding: encoded(), as: UTF8.self) }

    /// The first line, for ladders and logs: `INVITE sip:0100@gw SIP/2.0`, `200 OK`.
    package var summary: String {
        switch startLine {
        case .request(let method, let uri): "\(method) \(bytes.text(uri))"
        case .response(let status, let reason): "\(status.code) \(bytes.text(reason))"
        }
    }

    package static func == (a: SIPMessage, b: SIPMessage) -> Bool { a.encoded() == b.encoded() }

    /// Puts octets at the end of the array and says where.
    mutating func store(_ text: [UInt8]) -> Range<Int> {
        let start = bytes.count
        bytes += text
        return start..<bytes.count
    }

    /// Text for one line: a line end becomes a space, so that no value can begin a header field of its own.
    static func singleLine(_ text: String) -> [UInt8] {
        text.utf8.map { $0 == 0x0D || $0 == 0x0A ? 0x20 : $0 }
    }
}
