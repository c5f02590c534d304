// SPDX-License-Identifier: GPL-2.0-or-later
import CLinux
import Glibc
import LineProtocol

/// A connected, non-blocking Unix socket, read in frames.
final class LaneSocket {
    enum Reading {
        case frames([[UInt8]])
        /// It ended, after these.
        case end([[UInt8]])
    }

    let descriptor: Int32
    private var framer = LaneFramer()
    private var buffer = [UInt8](repeating: 0, count: 65_536)

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Accepts one peer of the same user, or of root. Nil when nobody waits.
    static func accept(on listener: Int32, refused: (String) -> Void) -> LaneSocket? {
        while true {
            let descriptor = cl_accept(listener)
            guard descriptor >= 0 else { return nil }
            var peer = cl_peer()
            if unsafe cl_peer(descriptor, &peer) == 0, peer.user == geteuid() || peer.user == 0 {
                return LaneSocket(descriptor)
            }
            refused("a process of user \(peer.user) tried to connect and was turned away")
            Glibc.close(descriptor)
        }
    }

    /// What has come, bounded per call; the rest is readable still.
    func read() -> Reading {
        var frames: [[UInt8]] = []
        for _ in 0..<8 {
            let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
            if count == 0 { return .end(frames) }
            if count < 0 { return errno == EAGAIN || errno == EINTR ? .frames(frames) : .end(frames) }
            framer.append(buffer[..<count])
            do throws(LaneError) {
                while let frame = try framer.next() { frames.append(frame) }
            } catch {
                return .end(frames)
            }
        }
        return .frames(frames)
    }

    /// How many octets were taken; nil when the socket is of no use any more.
    func write(_ octets: ArraySlice<UInt8>) -> Int? {
        let count = unsafe octets.withUnsafeBytes { raw in
            unsafe send(descriptor, raw.baseAddress, raw.count, Int32(MSG_NOSIGNAL))
        }
        if count >= 0 { return count }
        return errno == EAGAIN || errno == EINTR ? 0 : nil
    }

    func close() {
        // What came and was not read would reach the peer as a reset, ahead of our last words.
        shutdown(descriptor, Int32(SHUT_RD))
        for _ in 0..<64 where unsafe recv(descriptor, &buffer, buffer.count, 0) > 0 {}
        Glibc.close(descriptor)
    }
}
