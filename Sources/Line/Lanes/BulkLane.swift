// SPDX-License-Identifier: GPL-2.0-or-later
import CLinux
import LineProtocol

/// The bulk lane: its queue, and the one reader it has when there is a control program.
struct BulkLane {
    private var queue = BulkQueue()
    /// Connections that have not said hello yet, by token.
    private var strangers: [UInt64: LaneSocket] = [:]
    private var reader: (token: UInt64, epoch: UInt32, socket: LaneSocket)?
    private var nextToken: UInt64
    private var isWaiting = false
    /// More than these are not kept.
    private static let strangersLimit = 8

    init(firstToken: UInt64) {
        nextToken = firstToken
    }

    mutating func append(_ record: BulkRecord) {
        queue.append(record)
    }

    mutating func accept(on listener: Int32, epoll: Int32, refused: (String) -> Void) {
        while let socket = LaneSocket.accept(on: listener, refused: refused) {
            guard strangers.count < Self.strangersLimit else {
                socket.close()
                continue
            }
            strangers[nextToken] = socket
            _ = cl_epoll_set(epoll, socket.descriptor, UInt32(CL_READABLE), nextToken)
            nextToken += 1
        }
    }

    /// Something is readable or writable. The first frame must be the hello of the control program there is.
    mutating func handle(_ event: cl_ready, epoll: Int32, epoch: UInt32?) {
        if let reader, reader.token == event.token {
            if event.interest & UInt32(CL_READABLE | CL_HANGUP) != 0, case .end = reader.socket.read() {
                closeReader(epoll)
            }
            return
        }
        guard let socket = strangers[event.token] else { return }
        let (frames, ended) =
            switch socket.read() {
            case .frames(let frames): (frames, false)
            case .end(let frames): (frames, true)
            }
        guard !frames.isEmpty || ended else { return }
        strangers[event.token] = nil
        guard !ended, let epoch, let frame = frames.first,
            case .hello(_, epoch)? = try? LineCommand(decoding: frame)
        else {
            _ = cl_epoll_remove(epoll, socket.descriptor)
            socket.close()
            return
        }
        closeReader(epoll)
        reader = (event.token, epoch, socket)
    }

    /// Sends what the reader takes; a reader of an older control program is closed.
    mutating func settle(epoll: Int32, epoch: UInt32?) {
        guard let reader else { return }
        guard reader.epoch == epoch else { return closeReader(epoll) }
        while let octets = queue.next() {
            guard let count = reader.socket.write(octets) else { return closeReader(epoll) }
            if count == 0 { break }
            queue.advance(count)
        }
        guard isWaiting == queue.isEmpty else { return }
        isWaiting = !queue.isEmpty
        let interest = isWaiting ? CL_READABLE | CL_WRITABLE : CL_READABLE
        _ = cl_epoll_set(epoll, reader.socket.descriptor, UInt32(interest), reader.token)
    }

    mutating func closeAll() {
        reader?.socket.close()
        reader = nil
        strangers.values.forEach { $0.close() }
        strangers = [:]
    }

    private mutating func closeReader(_ epoll: Int32) {
        guard let reader else { return }
        _ = cl_epoll_remove(epoll, reader.socket.descriptor)
        reader.socket.close()
        self.reader = nil
        isWaiting = false
        queue.restart()
    }
}
