// SPDX-License-Identifier: GPL-2.0-or-later
import Foundation

/// baresip without a screen or a sound card: speech in from a file, what it hears out to a file.
struct Baresip {
    let folder: String
    let sipPort: Int
    let controlPort: Int

    init(folder: String, sipPort: Int, speech: String) throws {
        self.folder = folder
        self.sipPort = sipPort
        controlPort = sipPort + 5_000
        try FileManager.default.createDirectory(atPath: "\(folder)/dump", withIntermediateDirectories: true)
        try """
        poll_method epoll
        sip_listen 127.0.0.1:\(sipPort)
        call_local_timeout 120
        call_max_calls 4
        audio_path /usr/share/baresip
        audio_player aufile,\(folder)/play.wav
        audio_source aufile,\(speech)
        audio_alert aufile,/dev/null
        ausrc_srate 8000
        auplay_srate 8000
        ausrc_channels 1
        auplay_channels 1
        audio_txmode poll
        audio_buffer 20-160
        rtp_ports 20000-20100
        rtcp_mux no
        jitter_buffer_delay 5-10
        module_path /usr/lib/baresip/modules
        module stdio.so
        module g711.so
        module aufile.so
        module sndfile.so
        module_tmp account.so
        module_app menu.so
        module_app ctrl_tcp.so
        ctrl_tcp_listen 127.0.0.1:\(controlPort)
        snd_path \(folder)/dump
        net_interface 127.0.0.1

        """.write(toFile: "\(folder)/config", atomically: true, encoding: .utf8)
    }

    /// Registers with nobody and calls.
    func call(_ uri: String, seconds: Int) throws -> ChildProcess {
        try account(register: false, registrar: "")
        return try start(["-e", "/dial \(uri)", "-t", "\(seconds)"])
    }

    /// Registers with the gateway and answers what comes.
    func register(at registrar: String, user: String, seconds: Int) throws -> ChildProcess {
        try "<sip:\(user)@\(registrar)>;regint=60;auth_pass=none;answermode=auto;audio_codecs=PCMA/8000/1\n"
            .write(toFile: "\(folder)/accounts", atomically: true, encoding: .utf8)
        return try start(["-t", "\(seconds)"])
    }

    private func account(register: Bool, registrar: String) throws {
        try "<sip:alice@127.0.0.1:\(sipPort)>;regint=0;audio_codecs=PCMA/8000/1,PCMU/8000/1;dtmfmode=rtpevent\n"
            .write(toFile: "\(folder)/accounts", atomically: true, encoding: .utf8)
    }

    private func start(_ arguments: [String]) throws -> ChildProcess {
        try ChildProcess(Installation.program("baresip"), ["-f", folder, "-s"] + arguments, directory: folder)
    }

    /// The audio it heard.
    func heard() throws -> [Int16] {
        let files = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/dump").filter {
            $0.hasSuffix("-dec.wav")
        }
        guard let file = files.first else { return [] }
        return try Speech.samples(ofFile: "\(folder)/dump/\(file)")
    }

    /// One command over its control port: `sndcode 5`, `hangup`.
    func command(_ name: String, _ parameter: String = "") throws {
        let message = "{\"command\":\"\(name)\",\"params\":\"\(parameter)\",\"token\":\"t\"}"
        let socket = try TCPSocket(port: controlPort)
        socket.send(Data("\(message.utf8.count):\(message),".utf8))
        Thread.sleep(forTimeInterval: 0.1)
    }
}
