// SPDX-License-Identifier: GPL-2.0-or-later
import Glibc
import NIOCore

/// Why there is no connection to a line program. The description is a sentence for the operator.
package enum LineClientError: Error, Hashable, CustomStringConvertible {
    case socketPathTooLong(path: String, octets: Int)
    case noLineProgram(socket: String)
    /// The socket is there, nobody listens.
    case connectionRefused(socket: String)
    case notPermitted(socket: String)
    case connectFailed(socket: String, reason: String)
    /// The answer to hello: another version, or a newer control program.
    case refused(reason: String)
    case noAnswer(socket: String)
    case lost(LineLoss)
    case epochFile(path: String, reason: String)
    case executableMissing(searched: [String])
    case startFailed(executable: String, reason: String)
    /// It was started and ended before its sockets answered.
    case endedAtStart(executable: String, status: String, log: String)

    package var description: String {
        switch self {
        case .socketPathTooLong(let path, let octets):
            "\(path) is \(octets) octets long and a socket's path may have 107: choose a shorter state directory"
        case .noLineProgram(let socket):
            "no line program at \(socket): start trunkgate-line --state with this directory"
        case .connectionRefused(let socket):
            "nobody listens at \(socket): the line program has ended; start trunkgate-line --state with this directory"
        case .notPermitted(let socket):
            "\(socket) may not be opened: run as the user that runs trunkgate-line"
        case .connectFailed(let socket, let reason): "connecting to \(socket) failed: \(reason)"
        case .refused(let reason): "the line program refused us: \(reason)"
        case .noAnswer(let socket): "the line program at \(socket) does not answer: look at its log, or restart it"
        case .lost(let loss): loss.description
        case .epochFile(let path, let reason): "\(path): \(reason)"
        case .executableMissing(let searched):
            "trunkgate-line was not found (looked in \(searched.joined(separator: ", "))): install it beside trunkgate"
        case .startFailed(let executable, let reason): "\(executable) could not be started: \(reason)"
        case .endedAtStart(let executable, let status, let log):
            "\(executable) ended at once (\(status))" + (log.isEmpty ? "" : ": \(log)")
        }
    }
}

extension LineClientError {
    /// What a failed connect means.
    init(connecting socket: String, _ error: any Error) {
        switch (error as? IOError)?.errnoCode {
        case ENOENT: self = .noLineProgram(socket: socket)
        case ECONNREFUSED: self = .connectionRefused(socket: socket)
        case EACCES, EPERM: self = .notPermitted(socket: socket)
        case .some(let number): self = .connectFailed(socket: socket, reason: errorText(number))
        case nil: self = .connectFailed(socket: socket, reason: "\(error)")
        }
    }
}
