// SPDX-License-Identifier: GPL-2.0-or-later

/// `CSeq: 4711 INVITE` (RFC 3261 20.16).
package struct CSeq: Hashable, Sendable, CustomStringConvertible {
    package var number: UInt32
    package var method: SIPMethod

    package init(_ number: UInt32, _ method: SIPMethod) {
        self.number = number
        self.method = method
    }

    init?(_ bytes: [UInt8], _ range: Range<Int>) {
        var cursor = ByteCursor(bytes, range)
        cursor.skipWhitespace()
        guard let number = cursor.number(upTo: UInt64(UInt32.max)), cursor.peek?.isLinearWhitespace ?? false else {
            return nil
        }
        cursor.skipWhitespace()
        guard let method = cursor.token(), cursor.isDone else { return nil }
        self.number = UInt32(truncatingIfNeeded: number)
        self.method = SIPMethod(bytes, method)
    }

    package var description: String { "\(number) \(method)" }
}
