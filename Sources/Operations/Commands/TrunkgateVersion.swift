// SPDX-License-Identifier: GPL-2.0-or-later

package enum TrunkgateVersion {
    package static let text = "0.1.0"
}
