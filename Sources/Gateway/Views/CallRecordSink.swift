// SPDX-License-Identifier: GPL-2.0-or-later
package import CallControl

/// Where the gateway leaves the record of a call that ended.
package protocol CallRecordSink: Sendable {
    /// Returns at once and never fails: the sink queues, stores and reports trouble on its own.
    /// A record with the same call number and start time replaces the one before.
    /// `stored` is called, on any thread, once the record would survive us.
    func record(_ record: CallRecord, stored: @escaping @Sendable () -> Void)
}
