// SPDX-License-Identifier: GPL-2.0-or-later
import Foundation
import Glibc

/// The folder where a running program keeps its sockets, its lock and its records.
package struct StateDirectory: Hashable, Sendable {
    package let path: String

    /// A relative path is taken from the working directory.
    package init(_ path: String) {
        self.path = URL(fileURLWithPath: path).standardizedFileURL.path
    }

    /// The API, for the commands.
    package var controlSocket: String { path + "/control.sock" }
    /// The line program's call lane and bulk lane.
    package var lineSocket: String { path + "/line.sock" }
    package var lineBulkSocket: String { path + "/line-bulk.sock" }
    package var lock: String { path + "/lock" }

    /// `sun_path` holds 108 octets, the last one zero (unix(7)).
    package static let longestSocketPath = 107

    /// What is wrong with the path, as a sentence; nil when nothing is.
    package var complaint: String? {
        let longest = lineBulkSocket
        guard longest.utf8.count > StateDirectory.longestSocketPath else { return nil }
        let room = StateDirectory.longestSocketPath - (longest.utf8.count - path.utf8.count)
        return "the state directory's path is \(path.utf8.count) bytes long and at most \(room) fit in the name of a "
            + "Unix socket: \(path); use a shorter one with --state or $TRUNKGATE_STATE"
    }

    /// Makes the folder, readable by its owner alone, unless it is there.
    package func create() throws {
        if let complaint { throw CommandFailure(.wrong, complaint) }
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw CommandFailure(
                .wrong, "cannot make the state directory \(path): \(reason(error)); use another one with --state")
        }
        for folder in [path, URL(fileURLWithPath: path).deletingLastPathComponent().path] {
            try StateDirectory.checkOwner(folder)
        }
    }

    /// In a folder of somebody else's, our sockets could be replaced by theirs.
    private static func checkOwner(_ folder: String) throws {
        let attributes = try? FileManager.default.attributesOfItem(atPath: folder)
        guard let owner = attributes?[.ownerAccountID] as? NSNumber else { return }
        guard owner.uint32Value == 0 || owner.uint32Value == geteuid() else {
            throw CommandFailure(
                .wrong, "\(folder) belongs to another user (\(owner)); use another state directory with --state"
            )
        }
    }
}

/// The operating system's own words for a failed file operation.
func reason(_ error: any Error) -> String {
    var deepest = error as NSError
    while let next = deepest.userInfo[NSUnderlyingErrorKey] as? NSError { deepest = next }
    guard deepest.domain == NSPOSIXErrorDomain, let text = unsafe strerror(Int32(deepest.code)) else {
        return error.localizedDescription
    }
    return unsafe String(cString: text)
}
