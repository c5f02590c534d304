// SPDX-License-Identifier: GPL-2.0-or-later

/// Conversion between the laws without going through linear samples: tables 3 and 4 of ITU-T G.711.
///
/// The tables number the decoder's output values of one polarity: 0 to 127 for µ-law, 1 to 128 for A-law. They are not in
/// every place the nearest value: with them A-law → µ-law → A-law keeps bits 1 to 7 wherever that is possible (note 3).
package enum G711Conversion {
    package static func aLaw(fromMuLaw octet: UInt8) -> UInt8 {
        let number = Int(~octet & 0x7F)
        return (octet & 0x80 | (aLawNumbers[number] - 1)) ^ 0x55
    }

    package static func muLaw(fromALaw octet: UInt8) -> UInt8 {
        let number = Int((octet ^ 0x55) & 0x7F)
        return octet & 0x80 | (0x7F - muLawNumbers[number])
    }

    /// Table 3: the A-law number for each µ-law number.
    private static let aLawNumbers: [UInt8] = [
        1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8,
        9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24,
        25, 27, 29, 31, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44,
        46, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62,
        64, 65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 77, 78, 79,
        81, 82, 83, 84, 85, 86, 87, 88, 89, 90, 91, 92, 93, 94, 95, 96,
        97, 98, 99, 100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111, 112,
        113, 114, 115, 116, 117, 118, 119, 120, 121, 122, 123, 124, 125, 126, 127, 128,
    ]

    /// Table 4: the µ-law number for each A-law number, from A-law number 1.
    private static let muLawNumbers: [UInt8] = [
        1, 3, 5, 7, 9, 11, 13, 15, 16, 17, 18, 19, 20, 21, 22, 23,
        24, 25, 26, 27, 28, 29, 30, 31, 32, 32, 33, 33, 34, 34, 35, 35,
        36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 48, 49, 49,
        50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63, 64, 64,
        65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 77, 78, 79, 79,
        80, 81, 82, 83, 84, 85, 86, 87, 88, 89, 90, 91, 92, 93, 94, 95,
        96, 97, 98, 99, 100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111,
        112, 113, 114, 115, 116, 117, 118, 119, 120, 121, 122, 123, 124, 125, 126, 127,
    ]
}
