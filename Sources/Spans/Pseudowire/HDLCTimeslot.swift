// SPDX-License-Identifier: GPL-2.0-or-later
import CSpanDSP

/// HDLC in one timeslot (Q.921 section 2): flags between frames, zero insertion, CRC-16; the first bit of a frame's octet is
/// its lowest, the first of a timeslot its highest, as on a real E1.
@safe final class HDLCTimeslot {
    private let channel: RingDChannel
    private let status: SpanStatus
    private let receiver: OpaquePointer
    private let transmitter: OpaquePointer
    private var sending = false

    /// The channel's frames on one side, the timeslot's octets on the other.
    init(channel: RingDChannel, status: SpanStatus) throws(SpanError) {
        self.channel = channel
        self.status = status
        guard let receiver = unsafe hdlc_rx_init(nil, 0, 1, 1, nil, nil),
            let transmitter = unsafe hdlc_tx_init(nil, 0, 1, 0, nil, nil)
        else {
            throw SpanError("no memory for the HDLC of a D channel")
        }
        unsafe self.receiver = receiver
        unsafe self.transmitter = transmitter
        // Both are called from within `receive` and `fill` alone, while this object lives.
        let me = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe hdlc_rx_set_frame_handler(
            receiver,
            { context, frame, length, valid in
                guard let context = unsafe context else { return }
                unsafe Unmanaged<HDLCTimeslot>.fromOpaque(context).takeUnretainedValue()
                    .frameEnded(frame, length, valid: valid != 0)
            }, me)
        unsafe hdlc_tx_init(
            transmitter, 0, 1, 0,
            { context in
                guard let context = unsafe context else { return }
                unsafe Unmanaged<HDLCTimeslot>.fromOpaque(context).takeUnretainedValue().frameSent()
            }, me)
    }

    deinit {
        unsafe hdlc_rx_free(receiver)
        unsafe hdlc_tx_free(transmitter)
    }

    func receive(_ octets: UnsafePointer<UInt8>, count: Int) {
        unsafe hdlc_rx_put(receiver, octets, Int32(count))
    }

    func fill(_ octets: UnsafeMutablePointer<UInt8>, count: Int) {
        if !sending { frameSent() }
        unsafe hdlc_tx_get(transmitter, octets, count)
    }

    /// Takes the next frame; the transmitter is at leave to take one.
    private func frameSent() {
        sending =
            unsafe channel.nextForLine { frame in
                unsafe hdlc_tx_frame(transmitter, frame.baseAddress?.assumingMemoryBound(to: UInt8.self), frame.count)
            } == 0
    }

    private func frameEnded(_ frame: UnsafePointer<UInt8>?, _ length: Int32, valid: Bool) {
        if length < 0 {
            // A state of the receiver, of which only an abort counts.
            if length == Int32(SIG_STATUS_ABORT) { status.count(.hdlcErrors) }
            return
        }
        guard valid, length > 0 else {
            status.count(.hdlcErrors)
            return
        }
        unsafe channel.deliver(UnsafeRawBufferPointer(start: frame, count: Int(length)))
    }
}
