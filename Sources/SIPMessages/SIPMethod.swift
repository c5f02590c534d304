// SPDX-License-Identifier: GPL-2.0-or-later

/// A request method: RFC 3261 and its extensions. Names are case-sensitive (RFC 3261 7.1).
package enum SIPMethod: Hashable, Sendable, CustomStringConvertible {
    case invite, ack, bye, cancel, options, register
    case prack, update, info, refer, notify, subscribe, message, publish
    case other(String)

    package static let named: [SIPMethod] = [
        .invite, .ack, .bye, .cancel, .options, .register, .prack, .update, .info, .refer, .notify, .subscribe,
        .message, .publish,
    ]

    package init(_ name: String) {
        self = Self.named.first { $0.name == name } ?? .other(name)
    }

    init(_ bytes: [UInt8], _ range: Range<Int>) {
        let text = bytes[range]
        self = Self.named.first { text.elementsEqual($0.name.utf8) } ?? .other(bytes.text(range))
    }

    package var name: String {
        switch self {
        case .invite: "INVITE"
        case .ack: "ACK"
        case .bye: "BYE"
        case .cancel: "CANCEL"
        case .options: "OPTIONS"
        case .register: "REGISTER"
        case .prack: "PRACK"
        case .update: "UPDATE"
        case .info: "INFO"
        case .refer: "REFER"
        case .notify: "NOTIFY"
        case .subscribe: "SUBSCRIBE"
        case .message: "MESSAGE"
        case .publish: "PUBLISH"
        case .other(let name): name
        }
    }

    package var description: String { name }
}
