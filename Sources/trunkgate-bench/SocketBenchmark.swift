// SPDX-License-Identifier: GPL-2.0-or-later
import CLinux
import Glibc

/// The floor under the media benchmark: the same datagrams with nothing done to them, 50 received and 50 sent a second.
enum SocketBenchmark {
    private struct NoSocket: Error {}

    /// CPU nanoseconds for one second of one call.
    static func run(seconds: Int, channels: Int = 30) throws -> Double {
        var sockets: [Int32] = []
        var addresses: [cl_address] = []
        defer { for socket in sockets { close(socket) } }
        for _ in 0...channels {
            var local = cl_address(high: 0, low: 0x7F00_0001, port: 0, is_v6: 0)
            let socket = unsafe cl_udp_bind(&local)
            guard socket >= 0 else { throw NoSocket() }
            sockets.append(socket)
            _ = unsafe cl_socket_address(socket, &local)
            addresses.append(local)
        }
        var packet = [UInt8](repeating: 0, count: 172)
        var from = cl_address()
        var spent: Int64 = 0
        for _ in 0..<(seconds * 50) {
            for index in 0..<channels { _ = unsafe cl_udp_send(sockets[channels], packet, 172, &addresses[index]) }
            let start = Stopwatch.nanoseconds()
            for index in 0..<channels {
                // The second finds nothing, as the packet thread's does.
                for _ in 0..<2 { _ = unsafe cl_udp_receive(sockets[index], &packet, packet.count, &from) }
                _ = unsafe cl_udp_send(sockets[index], packet, 172, &addresses[channels])
            }
            spent += Stopwatch.nanoseconds() - start
        }
        return Double(spent) / Double(seconds * channels)
    }
}
