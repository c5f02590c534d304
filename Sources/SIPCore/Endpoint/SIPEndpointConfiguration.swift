// SPDX-License-Identifier: GPL-2.0-or-later
package import SIPMessages

/// What an endpoint says of itself and where its limits are.
package struct SIPEndpointConfiguration: Sendable {
    package var timers: SIPTimerValues
    /// `User-Agent` and `Server`.
    package var product: String
    package var allowedMethods: [SIPMethod]
    /// Option tags for Supported; a Require of any other is answered with 420.
    package var extensions: [String]
    /// Bodies an INVITE may have.
    package var acceptedBodies: [MediaType]
    /// Beyond this many, new requests get 503.
    package var maximumTransactions: Int
    /// What Via and Contact say instead of our own address: that of the translator we are behind.
    package var advertisedHost: String?

    package init(
        timers: SIPTimerValues = SIPTimerValues(), product: String = "Trunkgate",
        allowedMethods: [SIPMethod] = [.invite, .ack, .cancel, .bye, .options, .info, .register],
        extensions: [String] = [], acceptedBodies: [MediaType] = [.sdp], maximumTransactions: Int = 20_000,
        advertisedHost: String? = nil
    ) {
        self.advertisedHost = advertisedHost
        self.timers = timers
        self.product = product
        self.allowedMethods = allowedMethods
        self.extensions = extensions
        self.acceptedBodies = acceptedBodies
        self.maximumTransactions = maximumTransactions
    }

    var allow: String { allowedMethods.map(\.name).joined(separator: ", ") }
    var supported: String { extensions.joined(separator: ", ") }
    var accept: String { acceptedBodies.map(\.description).joined(separator: ", ") }
}
