// SPDX-License-Identifier: GPL-2.0-or-later

/// Header fields as values. Those that every message has are not optional: a parsed message was checked to have them,
/// and one being built that lacks them gives a placeholder at `invalid.invalid`.
extension SIPMessage {
    package var via: Via { firstVia ?? Via(transport: "UDP", host: "invalid.invalid", branch: "") }

    /// The topmost Via; `nil` in a message being built, or salvaged, that has none that can be read.
    package var firstVia: Via? {
        guard let range = first(.via) else { return nil }
        var cursor = ByteCursor(bytes, range)
        return Via.Layout(&cursor).map { Via(bytes, $0) }
    }

    package var vias: [Via] { list(.via) { cursor in Via.Layout(&cursor).map { Via(bytes, $0) } } }

    package var from: NameAddress { address(.from) ?? Self.placeholder }

    package var to: NameAddress { address(.to) ?? Self.placeholder }

    package var callID: String { first(.callID).map(bytes.text) ?? "" }

    package var cSeq: CSeq { first(.cSeq).flatMap { CSeq(bytes, $0) } ?? CSeq(0, .other("")) }

    /// `nil` when absent; more than 255 is read as 255.
    package var maxForwards: UInt8? {
        guard let range = first(.maxForwards) else { return nil }
        return ByteCursor.value(bytes[range], upTo: 255).map { UInt8(truncatingIfNeeded: $0) } ?? 255
    }

    package var contentLength: Int? {
        guard let range = first(.contentLength) else { return nil }
        return ByteCursor.value(bytes[range], upTo: UInt64(Int32.max)).map(Int.init)
    }

    package var contentType: MediaType? {
        guard let range = first(.contentType) else { return nil }
        var cursor = ByteCursor(bytes, range)
        return MediaType(&cursor)
    }

    package enum Contacts: Hashable, Sendable {
        /// `Contact: *`, which removes every registration (RFC 3261 10.2.2).
        case all
        case list([NameAddress])
    }

    package var contacts: Contacts {
        if let range = first(.contact), bytes[range].elementsEqual([0x2A]) { return .all }
        return .list(addresses(.contact))
    }

    /// The first Contact that is an address.
    package var contact: NameAddress? {
        if case .list(let addresses) = contacts { return addresses.first }
        return nil
    }

    package var routes: [NameAddress] { addresses(.route) }

    package var recordRoutes: [NameAddress] { addresses(.recordRoute) }

    package var supported: [String] { tokens(.supported) }
    package var required: [String] { tokens(.require) }
    package var proxyRequired: [String] { tokens(.proxyRequire) }
    package var unsupported: [String] { tokens(.unsupported) }
    package var allow: [SIPMethod] { tokens(.allow).map { SIPMethod($0) } }

    /// Seconds; more than fits in 32 bits is read as the greatest value (RFC 4475 3.1.2.4).
    package var expires: UInt32? { seconds(.expires) }

    /// Seconds, without comment and parameters.
    package var retryAfter: UInt32? { seconds(.retryAfter) }

    package var reasons: [ReasonValue] { list(.reason) { ReasonValue(&$0) } }

    package var warnings: [WarningValue] { list(.warning) { WarningValue(&$0) } }

    package var accept: [MediaType] { list(.accept) { MediaType(&$0) } }

    package var pAssertedIdentities: [NameAddress] { addresses(.pAssertedIdentity) }

    package var pPreferredIdentities: [NameAddress] { addresses(.pPreferredIdentity) }

    /// `id`, `user`, `header`, `none`, … in lower case (RFC 3323, RFC 3325).
    package var privacy: [String] {
        text(.privacy).map { $0.split(separator: ";").map { $0.trimmed.lowercased() } } ?? []
    }

    /// Every address in every field of that name, in order; those that cannot be read are left out.
    package func addresses(_ name: SIPHeaderName) -> [NameAddress] {
        list(name) { cursor in NameAddress.Layout(&cursor).map { NameAddress(bytes, $0) } }
    }

    /// Every token of a comma-separated list.
    package func tokens(_ name: SIPHeaderName) -> [String] {
        list(name) { cursor in
            cursor.skipWhitespace()
            return cursor.token().map(bytes.text)
        }
    }

    private func address(_ name: SIPHeaderName) -> NameAddress? {
        guard let range = first(name) else { return nil }
        var cursor = ByteCursor(bytes, range)
        return NameAddress.Layout(&cursor).map { NameAddress(bytes, $0) }
    }

    private func seconds(_ name: SIPHeaderName) -> UInt32? {
        guard let range = first(name) else { return nil }
        var cursor = ByteCursor(bytes, range)
        guard let digits = cursor.run(while: \.isDigit) else { return nil }
        return ByteCursor.value(bytes[digits], upTo: UInt64(UInt32.max)).map { UInt32(truncatingIfNeeded: $0) } ?? .max
    }

    func first(_ name: SIPHeaderName) -> Range<Int>? { fields.first { $0.known == name }?.value }

    private func list<Value>(_ name: SIPHeaderName, _ read: (inout ByteCursor) -> Value?) -> [Value] {
        var values: [Value] = []
        for field in fields where field.known == name {
            var cursor = ByteCursor(bytes, field.value)
            repeat {
                guard let value = read(&cursor) else { break }
                values.append(value)
            } while cursor.consumeSeparator(0x2C)
        }
        return values
    }

    private static var placeholder: NameAddress { NameAddress(SIPURI(host: "invalid.invalid")) }
}

extension Substring {
    var trimmed: Substring {
        var text = self
        while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return text
    }
}
