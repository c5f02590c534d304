// SPDX-License-Identifier: GPL-2.0-or-later

extension String {
    /// The text with everything taken out that could drive a terminal: control characters, escape sequences' first
    /// character, marks that turn the direction of writing. Labels and numbers come from whoever calls.
    package var printable: String {
        var result = ""
        result.reserveCapacity(utf8.count)
        for scalar in unicodeScalars {
            switch scalar.value {
            case 0x20...0x7E: result.unicodeScalars.append(scalar)
            case 0...0x1F, 0x7F...0x9F, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF: result.append("?")
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// At most `width` characters; what was cut off is shown by three dots.
    package func clipped(to width: Int) -> String {
        guard count > width else { return self }
        guard width > 3 else { return String(prefix(max(0, width))) }
        return prefix(width - 3) + "..."
    }

    package func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }

    package func paddedLeft(to width: Int) -> String {
        String(repeating: " ", count: max(0, width - count)) + self
    }
}
