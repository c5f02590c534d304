// SPDX-License-Identifier: GPL-2.0-or-later
package import CallControl

/// A stretch of the call records, in the order the calls ended.
package struct CallRecordPage: Sendable, Codable, Hashable {
    package var records: [CallRecord]
    /// Ask with this for what comes next; nil at the end.
    package var next: Int64?

    package init(records: [CallRecord], next: Int64?) {
        self.records = records
        self.next = next
    }
}
