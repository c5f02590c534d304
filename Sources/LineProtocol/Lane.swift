// SPDX-License-Identifier: GPL-2.0-or-later

/// The two Unix stream sockets in the state directory, and the framing they share.
///
/// A frame is a 32-bit length in network order, then that many octets: one encoded value.
package enum Lane {
    package static let callSocketName = "line.sock"
    package static let bulkSocketName = "line-bulk.sock"
    package static let maximumFrameOctets = 65_536
    package static let maximumMemoOctets = 8_192
    /// A control program that leaves the call lane unread this long counts as dead.
    package static let drainLimitMilliseconds: UInt64 = 2_000
    /// The versions of this protocol that this build speaks.
    package static let versions: [UInt16] = [1]
}
