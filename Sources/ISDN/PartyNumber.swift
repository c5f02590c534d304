// SPDX-License-Identifier: GPL-2.0-or-later

/// A number as the called, calling, connected and redirecting number elements carry it (Q.931 sections 4.5.8 and 4.5.10).
package struct PartyNumber: Hashable, Sendable {
    /// Digits as dialled: 0–9, * and #; no separators.
    package var digits: String
    package var type: TypeOfNumber
    package var plan: NumberingPlan
    package var presentation: Presentation
    package var screening: Screening

    package init(
        digits: String,
        type: TypeOfNumber = .unknown,
        plan: NumberingPlan = .isdn,
        presentation: Presentation = .allowed,
        screening: Screening = .userProvidedNotScreened
    ) {
        self.digits = digits
        self.type = type
        self.plan = plan
        self.presentation = presentation
        self.screening = screening
    }
}

package enum TypeOfNumber: UInt8, Hashable, Sendable, CaseIterable {
    case unknown = 0
    case international = 1
    case national = 2
    case networkSpecific = 3
    case subscriber = 4
    case abbreviated = 6
}

package enum NumberingPlan: UInt8, Hashable, Sendable, CaseIterable {
    case unknown = 0
    /// ITU-T E.164.
    case isdn = 1
    case data = 3
    case telex = 4
    case national = 8
    case privatePlan = 9
}

package enum Presentation: UInt8, Hashable, Sendable, CaseIterable {
    case allowed = 0
    case restricted = 1
    case notAvailable = 2
}

package enum Screening: UInt8, Hashable, Sendable, CaseIterable {
    case userProvidedNotScreened = 0
    case userProvidedPassed = 1
    case userProvidedFailed = 2
    case networkProvided = 3
}
