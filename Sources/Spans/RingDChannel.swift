// SPDX-License-Identifier: GPL-2.0-or-later
import CLinux
import Glibc

/// A D channel whose frames cross between libpri's thread and the media thread in two rings.
///
/// Unchecked: each ring has one producer and one consumer, and the rest never changes.
package final class RingDChannel: DChannel, @unchecked Sendable {
    package let descriptor: Int32
    private let fromLine = FrameRing(capacity: 64)
    private let toLine = FrameRing(capacity: 64)
    private let status: SpanStatus

    package init(status: SpanStatus) throws(SpanError) {
        self.status = status
        descriptor = cl_event_create()
        guard descriptor >= 0 else {
            throw SpanError("no descriptor left for a D channel: raise the limit on open files")
        }
    }

    deinit {
        close(descriptor)
    }

    // MARK: libpri's thread

    package func receive(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
        while true {
            if let octets = unsafe take(into: buffer) {
                if octets > 0 { return octets }
                continue
            }
            // Drained only when the ring looks empty; a frame that comes in between signals again.
            guard cl_event_drain(descriptor) > 0 else { return nil }
        }
    }

    /// Zero for a frame that did not fit.
    private func take(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
        unsafe fromLine.pop { frame in
            guard frame.count <= buffer.count, let target = buffer.baseAddress, let source = frame.baseAddress else {
                status.count(.hdlcErrors)
                return 0
            }
            unsafe target.copyMemory(from: source, byteCount: frame.count)
            return frame.count
        }
    }

    package func send(_ frame: UnsafeRawBufferPointer) -> Bool {
        unsafe toLine.push(frame)
    }

    // MARK: The media thread

    /// A frame the line brought.
    func deliver(_ frame: UnsafeRawBufferPointer) {
        if unsafe fromLine.push(frame) {
            _ = cl_event_signal(descriptor)
        } else {
            status.count(.ringOverflows)
        }
    }

    /// The next frame for the line, lent to the body; nil when none waits.
    func nextForLine<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result? {
        unsafe toLine.pop(body)
    }
}
