// SPDX-License-Identifier: GPL-2.0-or-later
import Glibc
import ISDN
import LineProtocol
import Media
import RTP
import Testing

@Suite("What is played into a port")
struct PlaybackTests {
    @Test("a milliwatt is 1,004 Hz at 0 dBm0 on the line", arguments: G711Law.allCases)
    func milliwattOnLine(law: G711Law) throws {
        let rig = try Rig(law: law)
        let leg = try rig.leg(timeslot: 3)
        try rig.engine.play(.channel(leg), .tone(.milliwatt))
        rig.tick(2)
        rig.heard[3] = []
        rig.tick(200)
        let heard = samples(rig.heard[3] ?? [], law)
        #expect(abs(level(heard, law)) < 0.1)
        #expect(abs(level(of: 1_004, in: heard, law)) < 0.1)
        // Nothing to speak of a few hertz beside it: the frequency is exact.
        #expect(level(of: 1_000, in: heard, law) < -40)
        #expect(level(of: 1_008, in: heard, law) < -40)
    }

    @Test("a milliwatt is 0 dBm0 towards RTP too, with no bridge at all", arguments: G711Law.allCases)
    func milliwattToRTP(law: G711Law) throws {
        let rig = try Rig()
        let peer = try Peer()
        let endpoint = try rig.endpoint(peer, parameters(law))
        try rig.engine.play(.endpoint(endpoint), .tone(.milliwatt))
        rig.tick(100)
        let packets = peer.receive()
        let sent = samples(packets.flatMap(\.payload), law)
        #expect(packets.count == 50)
        #expect(abs(level(of: 1_004, in: sent, law)) < 0.1)
        try rig.engine.play(.endpoint(endpoint), .none)
        rig.tick(20)
        #expect(peer.receive().isEmpty)
    }

    @Test(
        "a tone has its cadence, and gives way to the bridge again",
        arguments: [(Tone.ringback, 100, 400), (.busy, 50, 50), (.congestion, 25, 25)])
    func cadence(tone: Tone, sound: Int, silence: Int) throws {
        let call = try Call()
        func talk(_ tick: Int) {
            if tick % 2 == 0 { call.peer.send(audio: frame(tick / 2)) }
        }
        call.rig.tick(20, before: talk)
        try call.rig.engine.play(.channel(call.leg), .tone(tone))
        call.rig.tick(2, before: talk)
        call.rig.heard[1] = []
        call.rig.tick(1_000, before: talk)
        let loud = stride(from: 0, to: 80_000, by: 80).map { start in
            call.heard[start..<(start + 80)].contains { $0 != ALaw.idle }
        }
        // Heard from its second tick on.
        let expected = (0..<1_000).map { ($0 + 1) % (sound + silence) < sound }
        let differing = zip(loud, expected).count { $0 != $1 }
        #expect(differing <= 1_000 / (sound + silence) + 1)
        #expect(abs(level(of: 425, in: samples(call.heard[0..<1_600])) + 10) < 0.2)
        try call.rig.engine.play(.channel(call.leg), .none)
        call.rig.tick(2, before: talk)
        call.rig.heard[1] = []
        call.rig.tick(20, before: talk)
        #expect(position(of: (0..<10).flatMap(pattern)[0..<800], in: call.heard) != nil)
    }

    @Test("an echo comes back octet for octet, exactly so late", arguments: [10, 125, 500, 1_000] as [UInt16])
    func echo(milliseconds: UInt16) throws {
        let rig = try Rig()
        let leg = try rig.leg(timeslot: 4)
        try rig.engine.echo(leg, delayMilliseconds: milliseconds)
        rig.says[4] = pattern
        rig.heard[4] = []
        rig.tick(250)
        let heard = rig.heard[4] ?? []
        let said = (0..<250).flatMap(pattern)
        let start = position(of: said[0..<8_000], in: heard)
        // A tick of the looped span each way.
        #expect(start == Int(milliseconds) * 8 + 160)
        try rig.engine.echo(leg, delayMilliseconds: 0)
        rig.tick(3)
        rig.heard[4] = []
        rig.tick(10)
        #expect((rig.heard[4] ?? []).allSatisfy { $0 == ALaw.idle })
    }

    @Test("samples are played once and their end is told, or again and again")
    func samplesOnce() throws {
        let rig = try Rig()
        let leg = try rig.leg(timeslot: 4)
        let audio = (0..<1_000).map { Int16(truncatingIfNeeded: $0 * 61 - 30_000) }
        let encoded = audio.map { ALaw.encode($0) }
        try rig.engine.play(.channel(leg), samples: audio, repeats: false)
        rig.heard[4] = []
        rig.tick(30)
        let once = position(of: encoded[0...], in: rig.heard[4] ?? [])
        #expect(once != nil)
        #expect(rig.events == [.played(.channel(leg))])
        #expect((rig.heard[4] ?? []).suffix(800).allSatisfy { $0 == ALaw.idle })

        try rig.engine.play(.channel(leg), samples: audio, repeats: true)
        rig.heard[4] = []
        rig.tick(60)
        let often = position(of: (encoded + encoded + encoded)[0...], in: rig.heard[4] ?? [])
        #expect(often != nil)
        #expect(rig.events.count == 1)
    }

    @Test(
        "digits on a channel sound 100 ms each with 100 ms between, and their end is told", arguments: G711Law.allCases)
    func digits(law: G711Law) throws {
        let rig = try Rig(law: law)
        let leg = try rig.leg(timeslot: 4)
        try rig.engine.digits(.channel(leg), "0123456789")
        try rig.engine.digits(.channel(leg), "*#ABCD")
        rig.heard[4] = []
        rig.tick(400)
        let heard = rig.heard[4] ?? []
        #expect(digitsHeard(in: samples(heard, law)) == "0123456789*#ABCD")
        let idle = law == .aLaw ? ALaw.idle : MuLaw.idle
        let loud = stride(from: 80, to: 80 + 320 * 80, by: 80).map { start in
            heard[start..<(start + 80)].contains { $0 != idle }
        }
        let asTimed = loud == (0..<320).map { $0 % 20 < 10 }
        #expect(asTimed)
        #expect(rig.events.contains(.played(.channel(leg))))
        // −9 and −7 dBm0.
        #expect(abs(level(of: 941, in: samples(heard[80..<880], law), law) + 9) < 0.3)
        #expect(abs(level(of: 1_336, in: samples(heard[80..<880], law), law) + 7) < 0.3)
    }

    @Test("a WAV file of 8 kHz, mono, 16 bits is played; anything else is refused with the reason")
    func waveFiles() throws {
        let path = "/tmp/trunkgate-media-tests-\(getpid()).wav"
        defer { unsafe unlink(path) }
        func write(_ bytes: [UInt8]) throws {
            guard let file = unsafe fopen(path, "w") else { throw MediaError.system(path) }
            unsafe fwrite(bytes, 1, bytes.count, file)
            unsafe fclose(file)
        }
        func wave(rate: UInt16 = 8_000, channels: UInt8 = 1, bits: UInt8 = 16, data: [UInt8]) -> [UInt8] {
            func long(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
            let format: [UInt8] =
                [1, 0, channels, 0] + long(Int(rate)) + long(Int(rate) * 2) + [2, 0, bits, 0]
            return Array("RIFF".utf8) + long(36 + data.count) + Array("WAVEfmt ".utf8) + long(16) + format
                + Array("LIST".utf8) + long(3) + [1, 2, 3, 0] + Array("data".utf8) + long(data.count) + data
        }
        let rig = try Rig()
        let leg = try rig.leg(timeslot: 4)
        let audio = (0..<400).map { Int16($0 * 50) }
        let data = audio.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
        try write(wave(data: data))
        try rig.engine.play(.channel(leg), .file(path: path, repeats: false))
        rig.heard[4] = []
        rig.tick(10)
        let found = position(of: audio.map { ALaw.encode($0) }[0...], in: rig.heard[4] ?? [])
        #expect(found != nil)

        for bad in [
            wave(rate: 16_000, data: data), wave(channels: 2, data: data), wave(bits: 8, data: data),
            wave(data: []), [], Array("RIFF".utf8), Array(wave(data: data).prefix(50)),
        ] {
            try write(bad)
            #expect(throws: MediaError.self) {
                try rig.engine.play(.channel(leg), .file(path: path, repeats: false))
            }
        }
        #expect(throws: MediaError.file(path: "/nowhere.wav", reason: "No such file or directory")) {
            try rig.engine.play(.channel(leg), .file(path: "/nowhere.wav", repeats: false))
        }
    }
}
