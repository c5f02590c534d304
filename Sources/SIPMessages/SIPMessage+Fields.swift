// SPDX-License-Identifier: GPL-2.0-or-later

/// Header fields as text, and changing them.
extension SIPMessage {
    /// The value of the first field of that name, unfolded.
    package func text(_ name: SIPHeaderName) -> String? { first(name).map(bytes.text) }

    /// Any header field, by its name without regard to case; compact names are understood.
    package func text(named name: String) -> String? { texts(named: name).first }

    package func texts(_ name: SIPHeaderName) -> [String] {
        fields.filter { $0.known == name }.map { bytes.text($0.value) }
    }

    package func texts(named name: String) -> [String] {
        if let known = SIPHeaderName(name) { return texts(known) }
        return fields.filter { bytes.equalsIgnoringCase($0.name, name) }.map { bytes.text($0.value) }
    }

    package func has(_ name: SIPHeaderName) -> Bool { fields.contains { $0.known == name } }

    /// Every field in order, names as they were written.
    package var headerFields: [(name: String, value: String)] {
        fields.map { (bytes.text($0.name), bytes.text($0.value)) }
    }

    /// Adds a field behind the last.
    package mutating func append(_ name: SIPHeaderName, _ value: some CustomStringConvertible) {
        fields.append(makeField(name, value.description))
    }

    /// Adds a field before the first of that name, or before all: the place of a new Via or Route.
    package mutating func prepend(_ name: SIPHeaderName, _ value: some CustomStringConvertible) {
        let index = fields.firstIndex { $0.known == name } ?? 0
        fields.insert(makeField(name, value.description), at: index)
    }

    /// Replaces every field of that name by one, in the place of the first.
    package mutating func set(_ name: SIPHeaderName, _ value: some CustomStringConvertible) {
        let field = makeField(name, value.description)
        guard let index = fields.firstIndex(where: { $0.known == name }) else { return fields.append(field) }
        fields[index] = field
        var position = 0
        fields.removeAll { other in
            defer { position += 1 }
            return other.known == name && position != index
        }
    }

    package mutating func remove(_ name: SIPHeaderName) { fields.removeAll { $0.known == name } }

    /// Adds a field with any name. A name that is no token is ignored.
    package mutating func append(named name: String, _ value: String) {
        guard name.isToken else { return }
        if let known = SIPHeaderName(name) { return append(known, value) }
        let nameRange = store(Array(name.utf8))
        fields.append(Field(known: nil, name: nameRange, value: store(Self.singleLine(value))))
    }

    package mutating func remove(named name: String) {
        if let known = SIPHeaderName(name) { return remove(known) }
        let bytes = bytes
        fields.removeAll { bytes.equalsIgnoringCase($0.name, name) }
    }

    package mutating func append(_ headers: [SIPHeader]) {
        for header in headers { append(named: header.name, header.value) }
    }

    /// Takes over every field of that name from another message, unchanged and in order.
    package mutating func copy(_ name: SIPHeaderName, from other: SIPMessage) {
        for field in other.fields where field.known == name {
            let nameRange = store(Array(name.text.utf8))
            let value = store(Array(other.bytes.text(field.value).utf8))
            fields.append(Field(known: name, name: nameRange, value: value))
        }
    }

    /// Replaces the topmost Via value and leaves those behind it alone.
    package mutating func replaceFirstVia(_ via: Via) {
        let rest = vias.dropFirst()
        fields.removeAll { $0.known == .via }
        for value in [via] + rest { append(.via, value) }
        let count = rest.count + 1
        let moved = fields.suffix(count)
        fields.removeLast(count)
        fields.insert(contentsOf: moved, at: 0)
    }

    /// Sets the body; an empty one removes Content-Type.
    package mutating func setBody(_ body: [UInt8], type: MediaType) {
        bodyRange = store(body)
        if body.isEmpty { remove(.contentType) } else { set(.contentType, type) }
    }

    private mutating func makeField(_ name: SIPHeaderName, _ value: String) -> Field {
        let nameRange = store(Array(name.text.utf8))
        return Field(known: name, name: nameRange, value: store(Self.singleLine(value)))
    }
}
