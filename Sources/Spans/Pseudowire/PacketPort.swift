// SPDX-License-Identifier: GPL-2.0-or-later

/// Where a pseudowire's packets go and come from: a socket, or a test's wire.
package protocol PacketPort: AnyObject {
    var descriptors: [Int32] { get }
    /// The next packet, copied into the buffer.
    func receive(into buffer: UnsafeMutableRawBufferPointer) -> PacketArrival
    /// False when it could not be sent; it is lost, as on a network.
    @discardableResult
    func send(_ packet: UnsafeRawBufferPointer) -> Bool
}

package enum PacketArrival: Equatable {
    case none
    case packet(octets: Int)
    /// The peer did not send it.
    case foreign
    case tooLong
}
