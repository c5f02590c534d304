// SPDX-License-Identifier: GPL-2.0-or-later
import ISDN
import LineProtocol
import Spans

let millisecond: UInt64 = 1_000_000

/// Every octet tells its timeslot and its place in time.
func octet(slot: Int, frame: Int) -> UInt8 {
    var x = UInt64(slot) &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(frame) &* 0xBF58_476D_1CE4_E5B9
    x ^= x >> 29
    x = x &* 0x94D0_49BB_1331_11EB
    return UInt8(truncatingIfNeeded: x >> 40)
}

/// A span under test: sends the pattern of `octet` and keeps what comes.
final class DrivenSpan {
    let driver: any SpanDriver
    private(set) var ticks = 0
    private(set) var received: [[UInt8]] = Array(repeating: [], count: 31)

    init(_ driver: any SpanDriver) {
        self.driver = driver
    }

    @discardableResult
    func run(now: UInt64) -> Int {
        let due = driver.service(now: now)
        for _ in 0..<due { tick() }
        return due
    }

    private func tick() {
        driver.beginTick()
        for slot in 0..<31 {
            for i in 0..<octetsPerTick {
                unsafe received[slot].append(driver.received[slot * octetsPerTick + i])
                unsafe driver.transmit[slot * octetsPerTick + i] = octet(slot: slot, frame: ticks * octetsPerTick + i)
            }
        }
        driver.endTick()
        ticks += 1
    }

    /// The stretches of the pattern in what a slot received: where each begins there, where in the pattern, how long it is.
    func stretches(slot: Int, atLeast: Int = 16) -> [Stretch] {
        let heard = received[slot]
        let horizon = heard.count + 8_000
        var places: [UInt32: Int] = [:]
        func key(_ at: (Int) -> UInt8, _ start: Int) -> UInt32 {
            (0..<4).reduce(0) { $0 << 8 | UInt32(at(start + $1)) }
        }
        for frame in 0..<horizon where places[key({ octet(slot: slot, frame: $0) }, frame)] == nil {
            places[key({ octet(slot: slot, frame: $0) }, frame)] = frame
        }
        var found: [Stretch] = []
        var i = 0
        while i + 4 <= heard.count {
            guard let frame = places[key({ heard[$0] }, i)] else {
                i += 1
                continue
            }
            var length = 0
            while i + length < heard.count, heard[i + length] == octet(slot: slot, frame: frame + length) {
                length += 1
            }
            if length >= atLeast {
                found.append(Stretch(start: i, frame: frame, length: length))
                i += length
            } else {
                i += 1
            }
        }
        return found
    }
}

struct Stretch: Equatable {
    var start: Int
    var frame: Int
    var length: Int
}

extension DChannel {
    func send(_ frame: [UInt8]) -> Bool {
        unsafe frame.withUnsafeBytes { unsafe send($0) }
    }

    func receiveAll() -> [[UInt8]] {
        var frames: [[UInt8]] = []
        var buffer = [UInt8](repeating: 0, count: 512)
        while let octets = unsafe buffer.withUnsafeMutableBytes({ unsafe receive(into: $0) }) {
            frames.append(Array(buffer[..<octets]))
        }
        return frames
    }
}

extension SpanMonitor {
    func counter(_ counter: LineCounter) -> UInt64 {
        var counters = [UInt64](repeating: 0, count: LineCounter.allCases.count)
        addCounters(into: &counters)
        return counters[counter.rawValue]
    }

    var state: Layer1State? { Layer1State(rawValue: layer1) }
}
