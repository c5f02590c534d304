// SPDX-License-Identifier: GPL-2.0-or-later
package import Gateway

extension LadderSelection {
    /// `last`, `all` or the number of a call.
    package init?(query: String) {
        switch query {
        case "last": self = .lastCall
        case "all": self = .everything
        default:
            guard let call = UInt32(query) else { return nil }
            self = .call(call)
        }
    }

    package var query: String {
        switch self {
        case .lastCall: "last"
        case .everything: "all"
        case .call(let call): "\(call)"
        }
    }
}
