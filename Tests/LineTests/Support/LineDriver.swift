// SPDX-License-Identifier: GPL-2.0-or-later
import Glibc
import LineProtocol

/// A control program of a few lines: blocking, one lane, everything heard is kept.
final class LineDriver {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    let epoch: UInt32
    private(set) var heard: [NumberedEvent] = []
    private(set) var records: [BulkRecord] = []
    private(set) var hasEnded = false
    private let descriptor: Int32
    private var framer = LaneFramer()
    private var place = 0

    /// Connects, waiting for the socket to be there. A bulk lane hears `BulkRecord`s instead of events.
    init(_ directory: String, lane: String = Lane.callSocketName, epoch: UInt32) throws {
        self.epoch = epoch
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) {
            unsafe $0.copyBytes(from: "\(directory)/\(lane)".utf8.prefix(107))
        }
        for _ in 0..<1_000 {
            let result = unsafe withUnsafeBytes(of: &address) { raw in
                unsafe raw.assumingMemoryBound(to: sockaddr.self).baseAddress.map {
                    unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
            if result == 0 { return }
            usleep(10_000)
        }
        throw Failure(description: "\(directory)/\(lane) does not answer")
    }

    deinit {
        close(descriptor)
    }

    /// A control program that is attached.
    static func attached(_ directory: String, epoch: UInt32, lastEvent: UInt64 = 0) throws -> LineDriver {
        let driver = try LineDriver(directory, epoch: epoch)
        try driver.send(.hello(versions: Lane.versions, epoch: epoch), .attach(lastEvent: lastEvent))
        _ = try driver.wait("the snapshot") { if case .snapshotEnd = $0 { true } else { nil } }
        return driver
    }

    /// Ends the lane without a word, as a killed program does.
    func die() {
        shutdown(descriptor, Int32(SHUT_RDWR))
    }

    func send(_ commands: LineCommand...) throws {
        for command in commands { try send(raw: command.framed()) }
    }

    func send(raw octets: [UInt8]) throws {
        var rest = octets[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, 0x4000) }
            guard count > 0 else { throw Failure(description: "the lane does not take octets") }
            rest = rest.dropFirst(count)
        }
    }

    /// The first event not looked at yet for which `pick` has an answer.
    func wait<Answer>(_ what: String, seconds: Int = 20, pick: (LineEvent) -> Answer?) throws -> Answer {
        for _ in 0..<seconds * 10 {
            while place < heard.count {
                let event = heard[place].event
                place += 1
                if let answer = pick(event) { return answer }
            }
            if hasEnded { break }
            try read(milliseconds: 100) { self.heard.append(try NumberedEvent(decoding: $0)) }
        }
        throw Failure(description: "waited for \(what) in vain; heard \(heard.suffix(8).map(\.event))")
    }

    /// The first record for which `pick` has an answer.
    func waitForRecord<Answer>(_ what: String, seconds: Int = 20, pick: (BulkRecord) -> Answer?) throws -> Answer {
        for _ in 0..<seconds * 10 {
            while place < records.count {
                let record = records[place]
                place += 1
                if let answer = pick(record) { return answer }
            }
            if hasEnded { break }
            try read(milliseconds: 100) { self.records.append(try BulkRecord(decoding: $0)) }
        }
        throw Failure(description: "waited for \(what) in vain")
    }

    func waitForEnd(seconds: Int = 20) throws {
        for _ in 0..<seconds * 10 where !hasEnded {
            try read(milliseconds: 100) { self.heard.append(try NumberedEvent(decoding: $0)) }
        }
        guard hasEnded else { throw Failure(description: "the lane did not end") }
    }

    private func read(milliseconds: Int32, _ take: ([UInt8]) throws -> Void) throws {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard unsafe poll(&waiting, 1, milliseconds) > 0 else { return }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else {
            hasEnded = true
            return
        }
        framer.append(buffer[..<count])
        while let frame = try framer.next() { try take(frame) }
    }
}
