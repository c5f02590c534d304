// SPDX-License-Identifier: GPL-2.0-or-later

/// Collects the octets of one value.
package struct LineEncoder {
    package internal(set) var octets: [UInt8] = []

    package init() {}

    package mutating func encode<Value: LineCodable>(_ value: Value) {
        value.encode(to: &self)
    }

    mutating func append(_ octet: UInt8) {
        octets.append(octet)
    }

    mutating func append(contentsOf more: some Sequence<UInt8>) {
        octets.append(contentsOf: more)
    }
}
