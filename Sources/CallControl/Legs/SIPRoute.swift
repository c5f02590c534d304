// SPDX-License-Identifier: GPL-2.0-or-later

/// Where a call goes over SIP: the verdict of routing, with the endpoint its audio will use.
package struct SIPRoute: Hashable, Sendable {
    /// The Request-URI.
    package var target: String
    package var media: MediaGrant

    package init(target: String, media: MediaGrant) {
        self.target = target
        self.media = media
    }
}
