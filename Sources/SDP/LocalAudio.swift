// SPDX-License-Identifier: GPL-2.0-or-later

/// What our end of an audio stream can do: where it receives and what it may be asked to send.
package struct LocalAudio: Hashable, Sendable {
    /// A numeric address.
    package var address: String
    package var port: UInt16
    /// In order of preference; at least one.
    package var codecs: [AudioCodec]
    /// Milliseconds per packet.
    package var ptime: Int
    /// The payload type under which we offer `telephone-event`; `nil` to carry digits in the audio.
    package var telephoneEvent: UInt8?

    package init(address: String, port: UInt16, codecs: [AudioCodec], ptime: Int = 20, telephoneEvent: UInt8? = 101) {
        self.address = address
        self.port = port
        self.codecs = codecs
        self.ptime = ptime
        self.telephoneEvent = telephoneEvent
    }
}
