// SPDX-License-Identifier: GPL-2.0-or-later

/// A span and its three layers.
package struct SpanView: Sendable, Codable, Hashable {
    package var name: String
    /// `pseudowire`, `loop`.
    package var driver: String
    /// `te` or `nt`.
    package var role: String
    /// `up`, or which alarm: `loss-of-signal`, `ais`, `remote-alarm`.
    package var layer1: String
    /// `up` or `down`.
    package var layer2: String
    package var layer3: String
    /// A sentence: what is down and what that means; "in service" when nothing is.
    package var summary: String
    package var channelsIdle: Int
    package var channelsBusy: Int

    package init(
        name: String, driver: String, role: String, layer1: String, layer2: String, layer3: String, summary: String,
        channelsIdle: Int, channelsBusy: Int
    ) {
        self.name = name
        self.driver = driver
        self.role = role
        self.layer1 = layer1
        self.layer2 = layer2
        self.layer3 = layer3
        self.summary = summary
        self.channelsIdle = channelsIdle
        self.channelsBusy = channelsBusy
    }

    /// Whether calls can be placed.
    package var inService: Bool { layer1 == "up" && layer2 == "up" && layer3 == "up" }
}
