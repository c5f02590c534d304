// SPDX-License-Identifier: GPL-2.0-or-later
package import SDP

/// The body of a SIP message, as far as a leg cares.
package enum SessionBody: Hashable, Sendable {
    case none
    case description(SessionDescription)
    /// Something else, or not readable; the sentence says what.
    case unreadable(String)

    /// - Parameter isSDP: whether the message says `application/sdp`.
    package init(_ bytes: some Collection<UInt8>, isSDP: Bool = true) {
        if bytes.isEmpty {
            self = .none
        } else if isSDP {
            do throws(SDPParseError) {
                self = .description(try SessionDescription.parse(bytes))
            } catch {
                self = .unreadable("\(error)")
            }
        } else {
            self = .unreadable("the body is no session description")
        }
    }
}
