// SPDX-License-Identifier: GPL-2.0-or-later

/// The signalling half of a span, owned by libpri's thread: whole LAPD frames, without flags, stuffing or FCS.
package protocol DChannel: AnyObject, Sendable {
    /// Readable (POLLIN or POLLPRI) when `receive` has something to say.
    var descriptor: Int32 { get }
    /// The next frame, copied into the buffer; nil when none waits. A frame that does not fit is dropped and counted.
    func receive(into buffer: UnsafeMutableRawBufferPointer) -> Int?
    /// Queues a frame. False when the queue is full: the frame is lost, as on a line.
    func send(_ frame: UnsafeRawBufferPointer) -> Bool
}
