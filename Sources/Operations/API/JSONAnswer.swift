// SPDX-License-Identifier: GPL-2.0-or-later
import Foundation
import HTTPTypes
package import Hummingbird
import NIOCore

/// Answers of the API: JSON with keys in order, errors as `{"error": "a sentence"}`.
package enum JSONAnswer {
    package static func of(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var body = ByteBuffer(bytes: try encoder.encode(value))
        body.writeString("\n")
        return Response(
            status: status, headers: [.contentType: "application/json"], body: ResponseBody(byteBuffer: body))
    }

    package static func error(_ status: HTTPResponse.Status, _ sentence: String) throws -> Response {
        try of(APIError(error: sentence), status: status)
    }
}

package struct APIError: Sendable, Codable, Hashable {
    package var error: String

    package init(error: String) {
        self.error = error
    }
}
