// SPDX-License-Identifier: GPL-2.0-or-later

extension SIPMessage {
    /// The message as it goes on the wire. Content-Length always says the length of the body.
    package func encoded() -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count + 64)
        switch startLine {
        case .request(let method, let uri):
            out += method.name.utf8
            out.append(0x20)
            out += bytes[uri]
            out += " SIP/2.0\r\n".utf8
        case .response(let status, let reason):
            out += "SIP/2.0 \(status.code) ".utf8
            out += bytes[reason]
            Self.endLine(&out)
        }
        var hasLength = false
        for field in fields {
            if field.known == .contentLength {
                guard !hasLength else { continue }
                hasLength = true
                out += bytes[field.name]
                out += ": \(bodyRange.count)\r\n".utf8
                continue
            }
            out += bytes[field.name]
            out += ": ".utf8
            out += bytes[field.value]
            Self.endLine(&out)
        }
        if !hasLength { out += "Content-Length: \(bodyRange.count)\r\n".utf8 }
        Self.endLine(&out)
        out += bytes[bodyRange]
        return out
    }

    private static func endLine(_ out: inout [UInt8]) {
        out.append(0x0D)
        out.append(0x0A)
    }
}
