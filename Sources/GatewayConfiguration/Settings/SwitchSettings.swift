// SPDX-License-Identifier: GPL-2.0-or-later

/// The configuration of `trunkgate switch`: the spans of the far side, and nothing of SIP or routes.
package struct SwitchSettings: Hashable, Sendable {
    package var spans: [SpanSettings]
    package var process: ProcessSettings
}
